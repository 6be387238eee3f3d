using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// What orders cost beside their goods, until the bills of channels, payment houses and carriers say it.
public sealed record OrderCosts([MaxLength(100)] IReadOnlyList<ChannelCost> Channels) : IPolicy<OrderCosts>
{
    public static string Kind => "order-costs";
    public static OrderCosts AsDelivered => new([]);
    public static string Says => "What orders cost beside their goods, channel by channel: the channel's fee, the payment's, a parcel where no way says what it costs, and what comes back. What an order brings is reckoned with it.";
    public static IReadOnlyList<string> UsedBy => [];
}
