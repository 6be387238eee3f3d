using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// What a customer can be told about an order.
public enum Milestone
{
    Confirmed,
    Shipped,
    Delayed,
    Cancelled,

    /// Goods came back to us.
    Returned,

    /// A credit note was written.
    Credited,

    /// Money went back.
    Refunded,
}

/// Which customers are written to, and when: channel by channel. As delivered, nobody is written to.
public sealed record CustomerMessages([MaxLength(200)] IReadOnlyList<CustomerMessages.OfChannel> Channels) : IPolicy<CustomerMessages>
{
    /// The milestones at which customers of a channel get a mail. A marketplace writes to its customers itself.
    public sealed record OfChannel(
        ChannelCode Channel, bool Confirmed = true, bool Shipped = true, bool Delayed = true, bool Cancelled = true, bool Returned = true,
        bool Credited = true, bool Refunded = true)
    {
        internal bool Says(Milestone what) => what switch
        {
            Milestone.Confirmed => Confirmed,
            Milestone.Shipped => Shipped,
            Milestone.Delayed => Delayed,
            Milestone.Cancelled => Cancelled,
            Milestone.Returned => Returned,
            Milestone.Credited => Credited,
            _ => Refunded,
        };
    }

    public static string Kind => "customer-messages";
    public static CustomerMessages AsDelivered => new([]);
    public static string Says => "At which steps of an order its customer gets a mail, channel by channel. Nobody is written to in a channel that is not named.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.confirm-orders", "sales.cancel-orders", "sales.credit-orders",
        "sales.record-payments", "warehouse.ship"];

    internal bool Wants(ChannelCode channel, Milestone what) => Channels.Any(c => c.Channel == channel && c.Says(what));
}
