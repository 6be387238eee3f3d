namespace Keel.App.Access;

/// A job in the house and what it may do. Permissions are names of operations' permissions; `sales.*` is all of a module's.
internal sealed record Role(string Name, string Title, params string[] Permissions)
{
    private static readonly string[] ReadAll =
    [
        "catalog.read", "partners.read", "stock.read", "stock-value.read", "pricing.read", "sales.read", "warehouse.read", "printing.read", "ledger.read", "accounting.read", "kernel.read",
    ];

    /// Whether holders set up a second factor before they do anything else.
    public bool NeedsSecondFactor { get; init; }

    /// The roles that Keel comes with; a house changes them and adds its own.
    public static readonly IReadOnlyList<Role> Delivered =
    [
        new("administrator", "Administrator", "*"),
        new("operations", "Operations",
            "sales.*", "order-risk.*", "stock.*", "stock-value.read", "warehouse.*", "printing.*", "catalog.*", "partners.*", "pricing.*", "kernel.read", "kernel.approvals.*", "kernel.cases", "kernel.share-filters", "kernel.network", "kernel.masters", "kernel.jobs",
            "kernel.log.read", "kernel.proof", "kernel.import", "kernel.rules.*", "kernel.rules", "kernel.see-cost", "kernel.see-personal", "kernel.see-credit", "kernel.measures"),
        new("warehouse", "Warehouse lead",
            "warehouse.*", "stock.*", "printing.*", "catalog.read", "sales.read", "kernel.read", "kernel.cases", "kernel.see-personal"),
        new("picker", "Picker",
            "warehouse.read", "warehouse.pick", "warehouse.pack", "printing.read", "printing.print", "stock.read", "stock.move", "stock.count", "catalog.read", "sales.read", "kernel.read"),
        new("buyer", "Buyer",
            "stock.read", "stock-value.read", "stock.receive", "stock.supply", "catalog.*", "partners.read", "partners.suppliers.*", "pricing.read", "sales.read", "warehouse.read", "warehouse.suppliers", "kernel.read", "kernel.cases",
            "kernel.import", "kernel.see-cost"),
        new("finance", "Finance",
            "ledger.*", "accounting.*", "stock-value.*", "printing.read", "printing.print", "sales.read", "sales.payments.*", "sales.invoices.*", "customer-credit.*", "stock.read", "catalog.read", "partners.read", "pricing.*",
            "kernel.read", "kernel.approvals.*", "kernel.cases", "kernel.proof", "kernel.log.read", "kernel.log.evidence", "kernel.import", "kernel.rules.*", "kernel.rules", "kernel.share-filters", "kernel.see-cost", "kernel.see-personal",
            "kernel.see-credit", "kernel.measures"),
        new("service", "Customer service",
            "sales.*", "partners.*", "printing.read", "printing.print", "stock.read", "catalog.read", "pricing.read", "warehouse.read", "kernel.read", "kernel.cases", "kernel.see-personal", "kernel.see-credit"),
        new("channel-manager", "Channel manager",
            "sales.*", "pricing.*", "catalog.*", "stock.read", "stock.rings", "partners.read", "kernel.read", "kernel.cases", "kernel.network", "kernel.import", "kernel.rules.*", "kernel.rules",
            "kernel.share-filters", "kernel.see-personal"),
        new("merchandiser", "Merchandiser",
            "catalog.*", "pricing.*", "stock.read", "sales.read", "kernel.read", "kernel.cases", "kernel.import", "kernel.see-cost"),
        new("store", "Store",
            "sales.read", "sales.orders.capture", "sales.orders.change", "sales.orders.cancel", "sales.payments.record", "stock.read", "stock.hold", "stock.adjust", "stock.count", "catalog.read",
            "partners.read", "pricing.read", "printing.read", "printing.print", "kernel.read", "kernel.cases", "kernel.see-personal"),
        new("executive", "Executive", [.. ReadAll, "kernel.proof", "kernel.see-cost", "kernel.see-credit"]),
        new("auditor", "Auditor", [.. ReadAll, "kernel.proof", "kernel.log.read", "kernel.log.evidence", "kernel.rules.read", "kernel.see-cost", "kernel.see-personal", "kernel.see-credit", "access.users.read", "access.keys.read", "access.review"]),
    ];

    /// Whether who has these permissions has the whole house in hand.
    public static bool IsEverything(IEnumerable<string> permissions) => permissions.Contains("*");
}
