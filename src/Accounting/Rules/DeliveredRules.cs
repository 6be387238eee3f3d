namespace Keel.Accounting;

/// The posting rules that a company begins with.
internal static class DeliveredRules
{
    private static readonly (string Role, AccountCode Account)[] Rules =
    [
        (Roles.IssuedCost, "cost-of-goods-sold"),
        (Roles.IssuedInventory, "inventory"),
        (Roles.ReceivedInventory, "inventory"),
        (Roles.ReceivedAccrual, "goods-received-not-invoiced"),
        (Roles.ReturnedInventory, "inventory"),
        (Roles.ReturnedCost, "cost-of-goods-sold"),
        (Roles.AdjustedInventory, "inventory"),
        (Roles.Adjusted, "inventory-adjustment"),
        ("stock-adjusted.opening", "opening-balance"),
        ("stock-adjusted.damaged", "write-off"),
        ("stock-adjusted.scrapped", "write-off"),
        ("stock-adjusted.scrap", "write-off"),
        ("stock-adjusted.expired", "write-off"),
        ("stock-adjusted.sample", "write-off"),
        ("stock-adjusted.lost", "shrinkage"),
        ("stock-adjusted.stolen", "shrinkage"),
        ("stock-adjusted.theft", "shrinkage"),
        ("stock-adjusted.missing", "shrinkage"),
        (Roles.RevaluedInventory, "inventory"),
        (Roles.RevaluedSold, "cost-of-goods-sold"),
        (Roles.Revalued, "inventory-revaluation"),
        ("stock-revalued.purchase-price", "purchase-price-variance"),
        ("stock-revalued.write-down", "inventory-write-down"),
        ("stock-revalued.landed-cost", "landed-cost-clearing"),
        ("stock-revalued.billed-price", "goods-received-not-invoiced"),
        (Roles.DeferredRevenue, "deferred-revenue"),
        (Roles.DeferredCost, "goods-in-transit"),
        (Roles.Revenue, "revenue"),
        ("invoice.revenue.shipping", "shipping-revenue"),
        ("invoice.revenue.discount", "discounts"),
        (Roles.Tax, "vat-payable"),
        (Roles.Rounding, "rounding"),
        (Roles.CreditedRevenue, "returns-and-allowances"),
        ("credit-note.revenue.shipping", "shipping-revenue"),
        ("credit-note.revenue.discount", "discounts"),
        (Roles.CreditedTax, "vat-payable"),
        (Roles.Receivable, "customer-receivable"),
        (Roles.MarketplaceReceivable, "marketplace-receivable"),
        (Roles.Deposit, "customer-deposits"),
        (Roles.MoneyIn, "gateway-clearing"),
        ("payment.received.cash", "cash"),
        ("payment.received.bank", "bank"),
        ("payment.received.bank-transfer", "bank"),
        ("payment.received.gift-card", "gift-cards"),
        ("payment.received.store-credit", "store-credit"),
        (Roles.MoneyOut, "gateway-clearing"),
        ("payment.refunded.cash", "cash"),
        ("payment.refunded.bank", "bank"),
        ("payment.refunded.bank-transfer", "bank"),
        ("payment.refunded.gift-card", "gift-cards"),
        ("payment.refunded.store-credit", "store-credit"),
        (Roles.ExchangeDifference, "exchange-difference"),
    ];

    public static IReadOnlyList<PostingRule> For(Id<Company> company, DateTimeOffset now) =>
        [.. Rules.Select(r => new PostingRule(company, r.Role, null, null, 1, r.Account, new DateOnly(2000, 1, 1), "Keel", now))];
}
