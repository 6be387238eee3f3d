namespace Keel.Sales;

/// Why an order is stopped until a person decides: each kind is a queue of its own with its owner and target.
internal static class Holds
{
    public const string UnknownSku = "unknown-sku";
    public const string NoPrice = "no-price";
    public const string NotSold = "product-not-sold";
    public const string TotalMismatch = "total-mismatch";
    public const string Address = "address";
    public const string Manual = "manual";

    /// The hold that a marketplace's order gets for what would be refused elsewhere; null where even a marketplace is refused.
    public static string? Of(Error refusal) => refusal.Code switch
    {
        "order.sku-unknown" => UnknownSku,
        "order.price-missing" => NoPrice,
        "order.product-not-sold" => NotSold,
        _ => null,
    };

    /// The kinds of case that holds open, one for each hold.
    public static readonly IReadOnlyList<CaseKind> Cases =
    [
        Kind(UnknownSku, "channel manager", 4, Severity.High), Kind(NoPrice, "operations", 8), Kind(NotSold, "operations", 8), Kind(TotalMismatch, "operations", 8),
        Kind(Address, "service", 8), Kind(Manual, "operations", 8),
    ];

    public static CaseKind CaseOf(string hold) => Cases.FirstOrDefault(c => c.Name == "order-" + hold) ?? throw new InvariantBroken($"There is no hold {hold}.");

    private static CaseKind Kind(string hold, string owner, int hours, Severity severity = Severity.Normal) => new("order-" + hold, owner, TimeSpan.FromHours(hours), severity)
    {
        Resolutions = ["confirmed", "cancelled", "put-right"],
        Ways = [new("Confirm the order", "sales.confirm-orders", "orders")],
    };

    public static string Sentence(string number, string hold) => hold switch
    {
        UnknownSku => $"{number} names a product that the catalogue does not know. Map it or create it, then confirm the order.",
        NoPrice => $"{number} has a line without a price. Add the price, then confirm the order.",
        NotSold => $"{number} asks for a product that is not for sale. Confirm it or cancel the order.",
        TotalMismatch => $"The total that the channel states for {number} is not the sum of its lines. Compare them, then confirm or cancel.",
        Address => $"{number} has no address to ship to. Ask the customer, then confirm the order.",
        _ => $"{number} was stopped by hand.",
    };
}
