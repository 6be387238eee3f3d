namespace Keel.Ui;

/// On a page that is in no menu: the permission without which nobody sees it. `@attribute [Needs(SalesPermissions.Read)]`
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(string permission) : Attribute
{
    public string Permission => permission;
}
