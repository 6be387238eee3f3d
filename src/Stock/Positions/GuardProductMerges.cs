using Keel.Catalog.Contract;

namespace Keel.Stock;

/// A product that lies on a shelf, or is promised, is not given away to another one; and what moved since stays what it was.
internal sealed class GuardProductMerges(KeelDb db) : IProductMergeGuard
{
    public async Task<string?> Open(Sku sku, CancellationToken ct)
    {
        var held = await db.Query<Held>(
            $"select node, sum(on_hand)::bigint as on_hand, sum(reserved)::bigint as reserved from kernel.company c join stock.position p on p.company_id = c.id where p.sku = {sku} and (on_hand <> 0 or reserved <> 0) group by node order by node limit 3", ct);
        var coming = await db.Query<string>($"select s.number from kernel.company c join stock.supply s on s.company_id = c.id and s.open > 0 and s.sku = {sku} order by s.number limit 3", ct);
        var frozen = await db.Query<string>($"select distinct f.node from kernel.company c join stock.freeze f on f.company_id = c.id and f.thawed_at is null and not f.expired and f.sku = {sku} order by f.node limit 3", ct);
        if (held.Count == 0 && frozen.Count > 0) return "a freeze at " + string.Join(", ", frozen);
        if (held.Count == 0 && coming.Count > 0) return "more is to come of it: " + string.Join(", ", coming);
        return held.Count == 0 ? null : string.Join(", ", held.Select(h => $"{h.OnHand.Units:0.###} on hand at {h.Node}"));
    }

    public async Task<string?> Since(Sku sku, DateTimeOffset at, CancellationToken ct)
    {
        var moves = await db.Query<bool>($"select true from kernel.company c cross join lateral (select from stock.move m where m.company_id = c.id and m.sku = {sku} and m.recorded_at >= {at} limit 1) m limit 1", ct);
        return moves.Count == 0 ? null : "moves of stock";
    }

    private sealed record Held(string Node, Quantity OnHand, Quantity Reserved);
}
