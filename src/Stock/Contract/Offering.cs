namespace Keel.Stock.Contract;

/// What nodes could promise of SKUs at the moment when it was read, with nothing locked: enough to choose nodes by, and decided again when goods are reserved.
/// It is there after the next round trip.
public sealed class Offering
{
    private readonly Held held;
    private readonly Owners owners;
    private readonly DateOnly today;
    private readonly Later<List<Position>> positions;
    private readonly Later<List<Reservation>>? adopted;
    private Dictionary<(Sku, NodeCode), OnOffer>? offers;

    internal Offering(Held held, Owners owners, DateOnly today, Later<List<Position>> positions, Later<List<Reservation>>? adopted) =>
        (this.held, this.owners, this.today, this.positions, this.adopted) = (held, owners, today, positions, adopted);

    private Dictionary<(Sku, NodeCode), OnOffer> Offers => offers ??= (owners.IsEmpty ? positions.Value.Select(OnOffer.Of) : owners.ForOrders(positions.Value, p => (p.Key.Sku, p.Key.Owner), today)
        .GroupBy(p => (p.Key.Sku, p.Key.Node), (_, some) => OnOffer.Of(some))).ToDictionary(o => (o.Sku, o.Node));

    /// How many a channel may take of a SKU at a node, and what keeps the rest from it; never less than nothing.
    public (Quantity Quantity, string? Kept) Of(ChannelCode channel, Sku sku, NodeCode node)
    {
        if (!Offers.TryGetValue((sku, node), out var offer)) return (0, null);
        var (quantity, kept) = held.Allows(offer, channel.Text, DemandKind.Order);
        return (Quantity.Max(0, quantity), kept);
    }

    /// What cart holds that are taken over have at a node, which is free for whoever takes them over.
    public Quantity Adopted(Guid hold, Sku sku, NodeCode node) => adopted is null ? 0 : adopted.Value.Where(r => r.DocumentId == hold && r.Sku == sku && r.Node == node).Sum(r => r.Open);

    internal IReadOnlyList<ChannelOffer> All(ChannelCode channel) => [.. Offers.Values.Select(o =>
    {
        var (quantity, kept) = held.Allows(o, channel.Text, DemandKind.Order);
        return new ChannelOffer(o.Sku, o.Node, o.Available, quantity, kept);
    })];
}
