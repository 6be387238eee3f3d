namespace Keel.Ledger;

/// The chart of accounts that a company begins with. It may add its own.
internal static class ChartTemplate
{
    private static readonly Line[] Lines =
    [
        new("bank", "Bank", AccountKind.Asset),
        new("cash", "Cash in tills", AccountKind.Asset),
        new("gateway-clearing", "Payment gateways, to be paid out", AccountKind.Asset, Clearing: true),
        new("marketplace-receivable", "Marketplaces, to be paid out", AccountKind.Asset, Clearing: true, Control: Control.OpenItems),
        new("customer-receivable", "Receivable from customers", AccountKind.Asset, Control: Control.OpenItems),
        new("vat-receivable", "Input tax", AccountKind.Asset),
        new("inventory", "Inventory", AccountKind.Asset, Control: Control.CostPools),
        new("goods-in-transit", "Goods shipped, not yet delivered", AccountKind.Asset, Control: Control.Deferrals),
        new("suspense", "Suspense: to be explained", AccountKind.Asset, Clearing: true),
        new("supplier-payable", "Payable to suppliers", AccountKind.Liability, Control: Control.OpenItems),
        new("goods-received-not-invoiced", "Goods received, not invoiced", AccountKind.Liability, Clearing: true),
        new("landed-cost-clearing", "Landed cost, to be billed", AccountKind.Liability, Clearing: true),
        new("customer-deposits", "Deposits of customers", AccountKind.Liability, Clearing: true, Control: Control.OpenItems),
        new("gift-cards", "Gift cards", AccountKind.Liability, Clearing: true),
        new("store-credit", "Store credit", AccountKind.Liability, Clearing: true),
        new("vat-payable", "Tax on sales", AccountKind.Liability),
        new("deferred-revenue", "Revenue that waits for delivery", AccountKind.Liability, Control: Control.Deferrals),
        new("equity", "Equity", AccountKind.Equity),
        new("opening-balance", "Opening balances", AccountKind.Equity),
        new("revenue", "Revenue from goods", AccountKind.Income),
        new("shipping-revenue", "Revenue from shipping", AccountKind.Income),
        new("discounts", "Discounts given", AccountKind.Income, Side.Debit),
        new("returns-and-allowances", "Returns and allowances", AccountKind.Income, Side.Debit),
        new("breakage", "Income from gift cards not spent", AccountKind.Income),
        new("purchases", "Purchases of goods", AccountKind.Expense),
        new("cost-of-goods-sold", "Cost of goods sold", AccountKind.Expense),
        new("inventory-adjustment", "Inventory adjustments", AccountKind.Expense),
        new("shrinkage", "Shrinkage", AccountKind.Expense),
        new("write-off", "Goods written off", AccountKind.Expense),
        new("inventory-revaluation", "Inventory revaluation", AccountKind.Expense),
        new("inventory-write-down", "Inventory written down", AccountKind.Expense),
        new("purchase-price-variance", "Purchase price variance", AccountKind.Expense),
        new("fees", "Fees of gateways and marketplaces", AccountKind.Expense),
        new("exchange-difference", "Exchange gains and losses", AccountKind.Expense),
        new("rounding", "Rounding differences", AccountKind.Expense),
    ];

    public static IReadOnlyList<Account> For(Id<Company> company) =>
        [.. Lines.Select(l => new Account(company, l.Code, l.Name, l.Kind, l.Normal ?? NormalOf(l.Kind), l.Clearing, l.Control))];

    /// Where an account of a kind usually stands.
    public static Side NormalOf(AccountKind kind) => kind is AccountKind.Asset or AccountKind.Expense ? Side.Debit : Side.Credit;

    private sealed record Line(
        AccountCode Code, string Name, AccountKind Kind, Side? Normal = null, bool Clearing = false, Control Control = Control.None);
}
