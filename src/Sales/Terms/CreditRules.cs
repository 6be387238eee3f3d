using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// How strictly credit is kept: on which channels, how far over the limit a customer may go, from when on unpaid invoices stop new orders, and whether stopped orders go on by themselves.
/// Without channels it is kept on all but marketplaces, who pay for their customers.
public sealed record CreditRules(
    [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null,
    [Range(typeof(decimal), "0", "100", ParseLimitsInInvariantCulture = true, ErrorMessage = "is between 0 and 100.")] decimal TolerancePercent = 0,
    [Range(0, 3650)] int? OverdueDays = 30,
    bool ReleasesByItself = true) : IPolicy<CreditRules>
{
    public static string Kind => "credit";
    public static CreditRules AsDelivered => new();
    public static string Says => "Where credit limits of customers are kept, how many per cent over the limit are let through, from how many days after its due day on an unpaid invoice stops new orders (empty: never), and whether stopped orders go on by themselves once there is room.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order", "sales.check-credit"];

    internal bool IsFor(Channel channel) => !channel.IsMarketplace && (Channels is not { Count: > 0 } some || some.Contains(channel.Code));
}
