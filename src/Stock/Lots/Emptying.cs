namespace Keel.Stock;

/// From which bins goods are taken in one transaction: in the order that the policy says for their category and site, of the lot that was asked for,
/// and never what is promised of a lot to somebody else.
internal sealed class Emptying
{
    private readonly RemovalRules rules;
    private Later<List<Sorted>>? categories;
    private Dictionary<Sku, string>? categoryOf;
    private Dictionary<(PositionKey, string Lot), Quantity> promised = [];

    private Emptying(RemovalRules rules) => this.rules = rules;

    /// Asked behind the lock of the positions, in the same round trip: nobody else changes their promises.
    public static Emptying Ask(KeelDb db, RemovalRules rules, IEnumerable<Sku> skus)
    {
        var emptying = new Emptying(rules);
        var all = skus.Distinct().Order().ToArray();
        var named = (rules.Apart ?? []).Select(o => o.Category).Where(c => c is { Length: > 0 }).Distinct().ToArray();
        if (named.Length > 0) emptying.categories = db.Ask<Sorted>($"select sku, category from catalog.pub_product_category where sku = any({all}) and category = any({named})");
        db.QueueQuery<Promised>(
            $"""
            select r.sku, r.node, r.owner, r.lot, sum(greatest(0, r.open - coalesce((select sum(a.open) from stock.allocation a where a.document_id = r.document_id and a.line = r.line and a.lot = r.lot), 0)))::bigint as quantity
            from (select document_id, line, sku, node, owner, lot, sum(open) as open from stock.reservation where company_id = {db.Company} and sku = any({all}) and lot <> '' and open > 0 group by 1, 2, 3, 4, 5, 6) r
            group by r.sku, r.node, r.owner, r.lot
            """, rows => emptying.promised = rows.ToDictionary(r => (new PositionKey(db.Company, r.Sku, r.Node, r.Owner), r.Lot), r => r.Quantity));
        return emptying;
    }

    /// The levels that may be picked from, in the order in which they are emptied, with how many may be taken from each for a demand of this lot; an
    /// empty lot is any. `mine` is how many of what is promised of the lot are promised to whoever takes them.
    public IReadOnlyList<(Level Level, Quantity May)> From(Shelf shelf, PositionKey key, Quantity goal, string lot, Quantity mine = default)
    {
        categoryOf ??= categories?.Value.ToDictionary(c => c.Sku, c => c.Category);
        var levels = shelf.PickableLevels(key, rules, goal, categoryOf?.GetValueOrDefault(key.Sku)).Where(l => lot.Length == 0 || l.Key.Lot == lot).ToArray();
        if (promised.Count == 0) return [.. levels.Select(l => (l, l.Free))];
        var left = levels.Select(l => l.Key.Lot).Distinct().ToDictionary(l => l, l => Left(shelf, key, l) + mine);
        return [.. levels.Select(l => (l, Take(l)))];

        Quantity Take(Level level)
        {
            if (left[level.Key.Lot] is not { } most) return level.Free;
            var some = Quantity.Max(0, Quantity.Min(most, level.Free));
            left[level.Key.Lot] = most - some;
            return some;
        }
    }

    /// How many can be taken in all.
    public Quantity Free(Shelf shelf, PositionKey key, string lot, Quantity mine = default) => From(shelf, key, 0, lot, mine).Sum(l => l.May);

    /// A promise of a lot was set aside or left: it keeps so many less from others.
    public void Took(PositionKey key, string lot, Quantity quantity)
    {
        if (lot.Length > 0 && promised.TryGetValue((key, lot), out var before)) promised[(key, lot)] = Quantity.Max(0, before - quantity);
    }

    /// What others may take of a lot, wherever it lies; null where nobody was promised any of it.
    private Quantity? Left(Shelf shelf, PositionKey key, string lot) => lot.Length == 0 || !promised.TryGetValue((key, lot), out var kept) || kept.IsZero ? null
        : shelf.All(key).Where(l => l.Key.Lot == lot && l.Key.Condition is GoodsCondition.Good).Sum(l => l.Free) - kept;

    private sealed record Sorted(Sku Sku, string Category);

    private sealed record Promised(Sku Sku, NodeCode Node, string Owner, string Lot, Quantity Quantity);
}
