using System.Collections.Frozen;

namespace Keel.App.Access;

/// A job in the house and what it may do. Permissions are names of operations' permissions; `sales.*` is all of a module's.
internal sealed record Role(string Name, string Title, params string[] Permissions)
{
    private static readonly string[] ReadAll =
    [
        "catalog.read", "partners.read", "stock.read", "pricing.read", "sales.read", "warehouse.read", "ledger.read", "accounting.read", "kernel.read",
    ];

    public static readonly IReadOnlyList<Role> All =
    [
        new("administrator", "Administrator", "*"),
        new("operations", "Operations",
            "sales.*", "stock.*", "warehouse.*", "catalog.*", "partners.*", "pricing.*", "kernel.read", "kernel.approvals.*", "kernel.cases", "kernel.share-filters", "kernel.network", "kernel.masters", "kernel.jobs",
            "kernel.log.read", "kernel.proof", "kernel.import", "kernel.see-cost", "kernel.see-personal"),
        new("warehouse", "Warehouse",
            "warehouse.*", "stock.*", "catalog.read", "sales.read", "kernel.read", "kernel.cases", "kernel.see-personal"),
        new("buyer", "Buyer",
            "stock.read", "stock.receive", "catalog.*", "partners.read", "partners.suppliers.*", "pricing.read", "sales.read", "kernel.read", "kernel.cases",
            "kernel.import", "kernel.see-cost"),
        new("finance", "Finance",
            "ledger.*", "accounting.*", "sales.read", "sales.payments.*", "sales.invoices.*", "stock.read", "catalog.read", "partners.read", "pricing.*",
            "kernel.read", "kernel.approvals.*", "kernel.cases", "kernel.proof", "kernel.log.read", "kernel.log.evidence", "kernel.import", "kernel.share-filters", "kernel.see-cost", "kernel.see-personal"),
        new("service", "Customer service",
            "sales.*", "partners.*", "stock.read", "catalog.read", "pricing.read", "warehouse.read", "kernel.read", "kernel.cases", "kernel.see-personal"),
        new("channel-manager", "Channel manager",
            "sales.*", "pricing.*", "catalog.*", "stock.read", "partners.read", "kernel.read", "kernel.cases", "kernel.network", "kernel.import",
            "kernel.share-filters", "kernel.see-personal"),
        new("merchandiser", "Merchandiser",
            "catalog.*", "pricing.*", "stock.read", "sales.read", "kernel.read", "kernel.cases", "kernel.import", "kernel.see-cost"),
        new("store", "Store",
            "sales.read", "sales.orders.capture", "sales.orders.cancel", "sales.payments.record", "stock.read", "stock.hold", "stock.adjust", "catalog.read",
            "partners.read", "pricing.read", "kernel.read", "kernel.cases", "kernel.see-personal"),
        new("executive", "Executive", [.. ReadAll, "kernel.proof", "kernel.see-cost"]),
        new("auditor", "Auditor", [.. ReadAll, "kernel.proof", "kernel.log.read", "kernel.log.evidence", "kernel.see-cost", "kernel.see-personal", "access.users.read", "access.keys.read"]),
    ];

    /// The teams of somebody with these roles. Administrators stand in wherever nobody else does: they belong to every team.
    public static FrozenSet<string> TeamsOf(IReadOnlyCollection<string> roles) =>
        (roles.Contains("administrator") ? All.Select(r => r.Name) : roles).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Role> ByName = All.ToFrozenDictionary(r => r.Name);

    public static bool Exists(string name) => ByName.ContainsKey(name);

    /// Everything that somebody with these roles may do.
    public static FrozenSet<string> PermissionsOf(IEnumerable<string> roles) =>
        roles.SelectMany(r => ByName.TryGetValue(r, out var role) ? role.Permissions : []).ToFrozenSet(StringComparer.Ordinal);
}
