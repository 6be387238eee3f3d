namespace Keel.Accounting;

/// What facts call the sides of their entries. A rule may name a longer role, such as `stock-adjusted.damaged`.
internal static class Roles
{
    public const string IssuedCost = "goods-issued.cost";
    public const string IssuedInventory = "goods-issued.inventory";
    public const string ReceivedInventory = "goods-received.inventory";
    public const string ReceivedAccrual = "goods-received.accrual";
    public const string ReturnedInventory = "goods-returned.inventory";
    public const string ReturnedCost = "goods-returned.cost";
    public const string AdjustedInventory = "adjusted.inventory";
    public const string Adjusted = "stock-adjusted";
    public const string RevaluedInventory = "revalued.inventory";
    public const string RevaluedSold = "revalued.sold";
    public const string Revalued = "stock-revalued";
    public const string Revenue = "invoice.revenue";
    public const string Tax = "invoice.tax";
    public const string Rounding = "invoice.rounding";
    public const string CreditedRevenue = "credit-note.revenue";
    public const string CreditedTax = "credit-note.tax";
    public const string Receivable = "item.receivable";
    public const string MarketplaceReceivable = "item.marketplace-receivable";
    public const string Deposit = "item.deposit";
    public const string MoneyIn = "payment.received";
    public const string MoneyOut = "payment.refunded";
    public const string ExpiredVoucher = "voucher.expired";
    public const string GivenVoucher = "voucher.given";
    public const string DeferredRevenue = "deferred.revenue";
    public const string DeferredCost = "deferred.cost";
    public const string ExchangeDifference = "exchange-difference";

    /// The roles that no rule is delivered for: what goes there goes to suspense, with a case.
    public const string UnexplainedInvoice = "unexplained.invoice";
    public const string UnexplainedRefund = "unexplained.refund";

    /// Whether a role follows open items, the stock book or what waits for delivery, so that its account is not a choice.
    public static bool IsFixed(string role) =>
        role.StartsWith("item.", StringComparison.Ordinal) || role.StartsWith("deferred.", StringComparison.Ordinal) || role.EndsWith(".inventory", StringComparison.Ordinal);

    /// Whether a role stands for goods or for the cost of goods sold: what a company that states its inventory at the end of a period posts to purchases until then.
    public static bool IsGoods(string role) => role.EndsWith(".inventory", StringComparison.Ordinal) || role is IssuedCost or ReturnedCost or RevaluedSold;

    /// A word of a document, such as a payment method, as the last part of a role.
    public static string Of(string role, string word)
    {
        var name = string.Concat(word.ToLowerInvariant().Select(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') ? c : '-')).Trim('-');
        return name.Length == 0 ? role : role + "." + name;
    }
}
