using Keel.Stock.Contract;

namespace Keel.Stock;

/// What a channel may take now, of our own goods and of consignors' that orders are promised: decided by the same function that decides when goods are reserved.
internal sealed class ChannelOffers(KeelDb db, Settings settings)
{
    public async Task<IReadOnlyList<ChannelOffer>> Of(ChannelCode channel, IReadOnlyCollection<Sku> skus, IReadOnlyCollection<NodeCode> nodes, CancellationToken ct)
    {
        var rings = await Rings.Of(settings, ct);
        var owners = await Owners.Of(settings, ct);
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var held = new Held(rings);
        held.Ask(db, [.. skus.SelectMany(s => nodes.Select(n => new PositionKey(db.Company, s, n, PositionKey.Own)))]);
        var positions = await db.Query<Position>(
            $"select company_id, sku, node, owner, on_hand, sellable, reserved from stock.position where company_id = {db.Company} and owner = any({owners.Codes}) and sku = any({skus}) and node = any({nodes})", ct);
        var offers = owners.IsEmpty ? positions.Select(OnOffer.Of) : owners.ForOrders(positions, p => (p.Key.Sku, p.Key.Owner), today)
            .GroupBy(p => (p.Key.Sku, p.Key.Node), (at, some) => OnOffer.Of(some));
        return [.. offers.Select(o =>
        {
            var (quantity, kept) = held.Allows(o, channel.Text, DemandKind.Order);
            return new ChannelOffer(o.Sku, o.Node, o.Available, quantity, kept);
        })];
    }
}
