using Keel.Stock.Contract;

namespace Keel.Stock;

/// What can still be promised of the lots that demands ask for: what is for sale and not set aside, less what is promised of the lot already. Asked behind
/// the lock of the positions.
internal sealed class LotsLeft
{
    private Dictionary<(Sku, NodeCode, string Lot, string Owner), Quantity> left = [];

    public void Ask(KeelDb db, IReadOnlyList<Demand> demands)
    {
        var named = demands.SelectMany(d => d.Lines.Where(l => l.Lot is not null).SelectMany(l => d.Nodes.Select(n => (l.Sku, Node: n, Lot: l.Lot!.Value.Text, Owner: l.Owner ?? PositionKey.Own)))).Distinct().ToArray();
        if (named.Length == 0) return;
        db.QueueQuery<Row>(
            $"""
            select k.sku, k.node, k.lot, k.owner,
              (coalesce((select sum(v.on_hand - v.allocated) from stock.level v join stock.location l on l.company_id = v.company_id and l.code = v.location
                 join stock.counts_as c on c.kind = l.kind and c.condition = v.condition and c.own = (k.owner = {PositionKey.Own})
                 where v.company_id = {db.Company} and v.sku = k.sku and v.node = k.node and v.lot = k.lot and v.owner = k.owner and c.promisable and not exists (
                   select from stock.frozen f where f.company_id = v.company_id and f.node = v.node and coalesce(f.location, v.location) = v.location and coalesce(f.sku, v.sku) = v.sku and coalesce(f.lot, v.lot) = v.lot)), 0)
               - coalesce((select sum(greatest(0, r.open - coalesce((select sum(a.open) from stock.allocation a where a.document_id = r.document_id and a.line = r.line and a.lot = k.lot), 0)))
                 from (select document_id, line, sum(open) as open from stock.reservation where company_id = {db.Company} and sku = k.sku and node = k.node and lot = k.lot and open > 0
                   and case when k.owner = {PositionKey.Own} then owner = {PositionKey.Own} or kind <> {nameof(DemandKind.Transfer)} else owner = k.owner end group by 1, 2) r), 0))::bigint as quantity
            from unnest({named.Select(n => n.Sku).ToArray()}, {named.Select(n => n.Node).ToArray()}, {named.Select(n => n.Lot).ToArray()}, {named.Select(n => n.Owner).ToArray()}) as k (sku, node, lot, owner)
            """, rows => left = rows.ToDictionary(r => (r.Sku, r.Node, r.Lot, r.Owner), r => Quantity.Max(0, r.Quantity)));
    }

    /// What a line may have at a node, where so many are free of the product.
    public Quantity Least(DemandLine line, NodeCode node, Quantity free) => line.Lot is { } lot ? Quantity.Min(free, left.GetValueOrDefault((line.Sku, node, lot.Text, line.Owner ?? PositionKey.Own))) : free;

    public void Took(DemandLine line, NodeCode node, Quantity quantity)
    {
        if (line.Lot is { } lot) left[(line.Sku, node, lot.Text, line.Owner ?? PositionKey.Own)] = left.GetValueOrDefault((line.Sku, node, lot.Text, line.Owner ?? PositionKey.Own)) - quantity;
    }

    private readonly record struct Row(Sku Sku, NodeCode Node, string Lot, string Owner, Quantity Quantity);
}
