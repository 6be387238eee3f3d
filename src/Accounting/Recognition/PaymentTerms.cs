using System.ComponentModel.DataAnnotations;

namespace Keel.Accounting;

/// How many days after its invoice something falls due, where the customer has no terms of their own. Nothing is late before that day.
internal sealed record PaymentTerms([Range(0, 365)] int CustomerDays, [Range(0, 365)] int MarketplaceDays) : IPolicy<PaymentTerms>
{
    public static string Kind => "payment-terms";
    public static PaymentTerms AsDelivered => new(14, 14);
    public static string Says => "When an invoice falls due: so many days after it for customers who have no days to pay of their own, and so many for what marketplaces pay out. Customers' own days stand with the customer.";
    public static IReadOnlyList<string> UsedBy => ["warehouse.ship", "warehouse.ship-orders"];

    internal DateOnly DueDay(DateOnly invoiced, int? ownDays, bool isMarketplace) =>
        invoiced.AddDays(isMarketplace ? MarketplaceDays : ownDays is > 0 and var own ? own : CustomerDays);
}
