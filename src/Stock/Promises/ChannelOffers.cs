using Keel.Stock.Contract;

namespace Keel.Stock;

/// What channels may take now, of our own goods and of consignors' that orders are promised: decided by the same function that decides when goods are reserved.
internal sealed class ChannelOffers(KeelDb db, Settings settings)
{
    /// Asks with the next round trip. `adopts` are cart holds whose goods are free for whoever takes them over.
    public async Task<Offering> Ask(IReadOnlyCollection<Sku> skus, IReadOnlyCollection<NodeCode> nodes, IReadOnlyList<Guid> adopts, CancellationToken ct)
    {
        var rings = await Rings.Of(settings, ct);
        var owners = await Owners.Of(settings, ct);
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var held = new Held(rings);
        held.Ask(db, [.. skus.SelectMany(s => nodes.Select(n => new PositionKey(db.Company, s, n, PositionKey.Own)))]);
        var positions = db.Ask<Position>(
            $"select company_id, sku, node, owner, on_hand, sellable, reserved from stock.position where company_id = {db.Company} and owner = any({owners.Codes}) and sku = any({skus}) and node = any({nodes})");
        return new Offering(held, owners, today, positions, adopts.Count == 0 ? null : db.OpenReservations(adopts));
    }

    public async Task<IReadOnlyList<ChannelOffer>> Of(ChannelCode channel, IReadOnlyCollection<Sku> skus, IReadOnlyCollection<NodeCode> nodes, CancellationToken ct)
    {
        var offering = await Ask(skus, nodes, [], ct);
        await db.Flush(ct);
        return offering.All(channel);
    }
}
