namespace Keel.Partners.Contract;

/// What a role may do with customers and suppliers.
public static class PartnersPermissions
{
    public const string Read = "partners.read";
    public const string EditCustomers = "partners.customers.edit";
    /// To make one of two partners, and to take that back.
    public const string Merge = "partners.merge";
    /// To have new orders of a customer wait, and to take that back.
    public const string BlockCustomers = "partners.customers.block";
    public const string EditSuppliers = "partners.suppliers.edit";

    /// To look after persons' requests about their own data, and to take copies of it out.
    public const string Privacy = "partners.privacy";
    public const string Erase = "partners.erase";
}
