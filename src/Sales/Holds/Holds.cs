using System.Collections.Frozen;

namespace Keel.Sales;

/// Why an order is stopped until a person decides: each kind is a queue of its own with its owner and target.
internal static class Holds
{
    public const string UnknownSku = "unknown-sku";
    public const string NoPrice = "no-price";
    public const string NotSold = "product-not-sold";
    public const string TotalMismatch = "total-mismatch";
    public const string Address = "address";
    public const string HighValue = "high-value";
    public const string BelowList = "below-list";
    public const string LowMargin = "low-margin";
    public const string ManyUnits = "many-units";
    /// Its risk stops it: it waits for whoever may clear it, and reserves nothing until then.
    public const string Fraud = "fraud";
    public const string Repeated = "repeated";
    public const string BlockedCustomer = "blocked-customer";
    public const string Restricted = "restricted";
    public const string PurchaseOrder = "purchase-order";
    public const string BelowMinimum = "below-minimum";
    public const string Manual = "manual";

    /// Its payment failed, and nothing else pays it.
    public const string Payment = "payment";

    /// What its channel says of it is a word that nobody gave a meaning.
    public const string UnknownStatus = "unknown-status";

    /// Its channel says that it is not final yet: its payment is under way, or the buyer may still change it.
    public const string Pending = "pending";

    /// Its channel says that it has left already, from elsewhere.
    public const string ShippedElsewhere = "shipped-elsewhere";

    /// Its customer would owe more than they may, or owes for too long.
    public const string Credit = "credit";

    /// The code of cases that ended because the order goes on.
    public const string Confirmed = "confirmed";
    private const string Prefix = "order-";

    /// The hold that a marketplace's order gets for what would be refused elsewhere; null where even a marketplace is refused.
    public static string? Of(Error refusal) => refusal.Code switch
    {
        "order.sku-unknown" => UnknownSku,
        "order.price-missing" => NoPrice,
        "order.product-not-sold" => NotSold,
        _ => null,
    };

    /// A queue per hold.
    public static readonly CaseKind[] Kinds =
    [
        Kind(UnknownSku, "channel-manager", 4, Severity.High, "Map or create the SKU, then confirm"),
        Kind(NoPrice, "operations", 8, Severity.Normal, "Add the price, then confirm"),
        Kind(NotSold, "operations", 8, Severity.Normal, "Confirm all the same, or cancel"),
        Kind(TotalMismatch, "operations", 8, Severity.Normal, "Compare the totals, then confirm"),
        Kind(Address, "service", 8, Severity.Normal, "Ask for the address, then confirm") with
        {
            Ways = [CaseWay.Go("Correct the address", "/orders/{id}/address", SalesPermissions.Capture), AskCustomers.WayOut, CaseWay.On<ConfirmOrders>("Confirm order", "orders"), CancelOrders.WayOut],
        },
        Kind(Fraud, "operations", 4, Severity.High, "Verify it, then clear or refuse it") with { Resolutions = [Confirmed, Fraud, CaseKind.CalledOff, "duplicate"], Ways = [ClearRisk.WayOut, AskCustomers.Verify, RefuseRisk.WayOut] },
        Kind(Repeated, "service", 4, Severity.Normal, "Ask whether it is meant twice, then confirm or cancel") with { Ways = [AskCustomers.WayOut, CaseWay.On<ConfirmOrders>("Confirm order", "orders"), CancelOrders.WayOut] },
        Kind(PurchaseOrder, "service", 8, Severity.Normal, "Ask for the purchase order, then confirm or cancel") with
        {
            Ways = [CaseWay.Go("Note the number", "/orders/{id}/notes", SalesPermissions.Capture), AskCustomers.WayOut, CaseWay.On<ConfirmOrders>("Confirm order", "orders"), CancelOrders.WayOut],
        },
        Kind(BlockedCustomer, "finance", 8, Severity.High, "Ask who blocked the customer, then confirm or cancel"),
        Kind(Restricted, "operations", 8, Severity.High, "See that the goods may go there, then confirm or cancel"),
        Kind(HighValue, "operations", 4, Severity.Normal, "Look at it, then confirm or cancel"),
        Kind(BelowList, "operations", 8, Severity.Normal, "Compare the price, then confirm or cancel"),
        Kind(LowMargin, "operations", 8, Severity.Normal, "Weigh the margin, then confirm or cancel"),
        Kind(ManyUnits, "operations", 4, Severity.Normal, "Ask whether so many are meant, then confirm"),
        Kind(BelowMinimum, "service", 8, Severity.Normal, "Ask for more, or take it as it is") with { Ways = [AskCustomers.WayOut, CaseWay.Go("Change order", "/orders/{id}/change", SalesPermissions.Capture), CaseWay.On<ConfirmOrders>("Confirm order", "orders"), CancelOrders.WayOut] },
        Kind(Manual, "operations", 8, Severity.Normal, "Settle it, then confirm or cancel"),
        Kind(UnknownStatus, "channel-manager", 4, Severity.High, "Say what its word means, then confirm"),
        Kind(Pending, "channel-manager", 48, Severity.Low, "Wait until the channel says that it is final"),
        Kind(ShippedElsewhere, "channel-manager", 8, Severity.High, "Cancel it where it has left from elsewhere, or confirm"),
        Kind(Payment, "service", 8, Severity.High, "Ask for the payment again, or cancel") with { Ways = [RetryPayments.WayOut, SendPaymentLinks.WayOut, CaseWay.On<ConfirmOrders>("Confirm order", "orders"), CancelOrders.WayOut] },
        Kind(Credit, "finance", 4, Severity.Normal, "Check again, or release it above the limit") with
        {
            Ways = [CaseWay.On<CheckCredit>("Check again", "orders"), ReleaseOverLimit.WayOut, CaseWay.Go("Record payment", "/orders/{id}/payment", SalesPermissions.Payments), CancelOrders.WayOut],
        },
    ];

    /// The holds that wait for the word of a channel.
    public static readonly string[] OfWords = [UnknownStatus, Pending, ShippedElsewhere];

    /// The names of all holds.
    public static readonly string[] Names = [.. Kinds.Select(k => k.Name[Prefix.Length..])];

    private static readonly FrozenDictionary<string, CaseKind> ByName = Kinds.ToFrozenDictionary(k => k.Name);

    /// The hold of a case's kind; null where it is of no hold.
    public static string? OfCase(string kind) => kind.StartsWith(Prefix, StringComparison.Ordinal) && ByName.ContainsKey(kind) ? kind[Prefix.Length..] : null;

    public static CaseKind CaseOf(string hold) => ByName[Prefix + hold];

    private static CaseKind Kind(string hold, string owner, int hours, Severity severity, string next) => new(Prefix + hold, owner, TimeSpan.FromHours(hours), severity)
    {
        Next = next,
        Supervisor = owner == "operations" ? "administrator" : "operations",
        Resolutions = [Confirmed, CaseKind.CalledOff, "not-needed", "duplicate"],
        Ways = [CaseWay.On<ConfirmOrders>("Confirm order", "orders"), CancelOrders.WayOut],
    };

    public static string Sentence(string number, string hold) => hold switch
    {
        UnknownSku => $"{number} names a product that the catalogue does not know. Map it or create it, then confirm the order.",
        NoPrice => $"{number} has a line without a price. Add the price, then confirm the order.",
        NotSold => $"{number} asks for a product that is not for sale. Confirm it or cancel the order.",
        TotalMismatch => $"The total that the channel states for {number} is not the sum of its lines. Compare them, then confirm or cancel.",
        UnknownStatus => $"The channel says a word of {number} that nobody gave a meaning. Say what it means, then confirm or cancel the order.",
        Pending => $"{number} is not final yet, its channel says. It goes on by itself when the channel says so.",
        ShippedElsewhere => $"{number} has left already, its channel says. Cancel it where that was from elsewhere; confirm it where it is ours to send.",
        Payment => $"The payment of {number} failed. Ask for it again, or cancel the order.",
        Credit => $"The customer of {number} would owe more than they may, or owes for too long. Check again when something was paid, release it above the limit, or cancel the order.",
        Address => $"{number} has no address to ship to. Ask the customer, then confirm the order.",
        HighValue => $"{number} is over a value from which on somebody looks. Look at it, then confirm or cancel.",
        BelowList => $"{number} has a price below the list's. Compare it, then confirm or cancel.",
        LowMargin => $"{number} has a line that brings too little. Weigh the margin, then confirm or cancel.",
        ManyUnits => $"{number} asks for very many units. Ask whether so many are meant, then confirm or cancel.",
        BelowMinimum => $"{number} is less than the least that is sold. Ask for more, or confirm it as it is.",
        Fraud => $"{number} looks risky. Verify it, then clear or refuse it.",
        Repeated => $"{number} repeats an order of a moment ago. Ask whether it is meant twice, then confirm or cancel.",
        PurchaseOrder => $"{number} has no purchase order of its customer, or one that came before. Ask for it, then confirm or cancel.",
        BlockedCustomer => $"{number} is of a customer who is blocked. Ask who blocked it, then confirm or cancel.",
        Restricted => $"{number} has goods that are restricted where it goes. See that they may go there, then confirm or cancel.",
        _ => $"{number} was stopped by hand.",
    };
}
