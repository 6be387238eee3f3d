using Keel.Stock.Contract;

namespace Keel.Stock;

/// What a channel may take now: decided by the same function that decides when goods are reserved.
internal sealed class ChannelOffers(KeelDb db, Settings settings)
{
    public async Task<IReadOnlyList<ChannelOffer>> Of(ChannelCode channel, IReadOnlyCollection<Sku> skus, IReadOnlyCollection<NodeCode> nodes, CancellationToken ct)
    {
        var rings = await Rings.Of(settings, ct);
        var held = new Held(rings);
        held.Ask(db, [.. skus.SelectMany(s => nodes.Select(n => new PositionKey(db.Company, s, n, PositionKey.Own)))]);
        var positions = await db.Query<Position>(
            $"select company_id, sku, node, owner, on_hand, sellable, reserved from stock.position where company_id = {db.Company} and owner = {PositionKey.Own} and sku = any({skus}) and node = any({nodes})", ct);
        return [.. positions.Select(p =>
        {
            var (quantity, kept) = held.Allows(p, channel.Text, DemandKind.Order);
            return new ChannelOffer(p.Key.Sku, p.Key.Node, p.Available, quantity, kept);
        })];
    }
}
