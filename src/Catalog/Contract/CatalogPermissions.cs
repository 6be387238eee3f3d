namespace Keel.Catalog.Contract;

/// What a role may do with the catalogue.
public static class CatalogPermissions
{
    public const string Read = "catalog.read";
    public const string Edit = "catalog.edit";
}
