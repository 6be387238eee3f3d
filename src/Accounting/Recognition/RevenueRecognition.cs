using System.ComponentModel.DataAnnotations;

namespace Keel.Accounting;

/// When a sale counts: revenue and cost together, when control of the goods passes to the customer (IFRS 15, paragraph 38; ASC 606-10-25-30).
/// The first rule that speaks of the channel and the delivery term decides; where none does, the sale counts when the goods leave.
internal sealed record RevenueRecognition([MaxLength(100)] IReadOnlyList<RecognitionRule> Rules) : IPolicy<RevenueRecognition>
{
    public static string Kind => "revenue-recognition";
    public static RevenueRecognition AsDelivered => new([]);
    public static string Says => "When revenue and cost of a sale count: as the goods leave, or as they arrive. The first rule that speaks of the channel and the delivery term decides; where none does, the sale counts when the goods leave.";
    public static IReadOnlyList<string> UsedBy => ["warehouse.ship", "warehouse.ship-orders", "warehouse.deliver"];

    internal RecognisedAt For(ChannelCode? channel, DeliveryTerm? term) =>
        Rules.FirstOrDefault(r => r.Speaks(channel, term))?.At ?? RecognisedAt.Shipment;
}

/// A rule for these channels and delivery terms; for all, where none is named. An order without a term matches no list of terms.
internal sealed record RecognitionRule(
    RecognisedAt At, [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null, [MaxLength(11)] IReadOnlyList<DeliveryTerm>? Terms = null)
{
    internal bool Speaks(ChannelCode? channel, DeliveryTerm? term) =>
        (Channels is not { Count: > 0 } || channel is { } c && Channels.Contains(c)) && (Terms is not { Count: > 0 } || term is { } t && Terms.Contains(t));
}

/// What makes a sale count.
internal enum RecognisedAt
{
    /// The goods left.
    Shipment,

    /// The goods arrived; until then they are an asset of ours, and their revenue waits.
    Delivery,
}
