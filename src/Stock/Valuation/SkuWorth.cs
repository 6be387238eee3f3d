namespace Keel.Stock;

/// Which pool of a SKU: a site's, or what a transfer has on its way, where it is valued apart; else the one of the company.
internal readonly record struct PoolKey(string Node, string Transfer)
{
    public static readonly PoolKey Whole = new("", "");

    public static PoolKey At(NodeCode node) => new(node.Text, "");
}

/// What goods of a SKU are worth at one site, or what a transfer has of them on its way.
[Rows("stock.site_pool", "company_id", "sku", "node", "transfer")]
internal sealed record SitePool(Id<Company> CompanyId, Sku Sku, string Node, string Transfer, Quantity Quantity, Money Value, Currency Currency, decimal? Standard, Money WrittenDown)
{
    [NotAColumn]
    public PoolKey Key => new(Node, Transfer);
}

/// The value of one SKU in one transaction, behind the lock of its company's pool: that pool, or, where the SKU is valued apart at each site, the pools
/// of the sites and of what is on its way, which add up to it.
internal sealed class SkuWorth
{
    private readonly Dictionary<PoolKey, SitePool> read = [];
    private readonly Dictionary<PoolKey, Worth> apart = [];
    private readonly Worth whole;

    public SkuWorth(CostPool pool, IEnumerable<SitePool> sites, IEnumerable<CostLayer> open)
    {
        if (pool.BySiteSince is null)
        {
            whole = new Worth(pool, open);
            return;
        }

        whole = new Worth(pool, []);
        var layers = open.ToLookup(l => l.Pool);
        foreach (var site in sites)
        {
            read[site.Key] = site;
            apart[site.Key] = new Worth(pool with { Quantity = site.Quantity, Value = site.Value, Standard = site.Standard, WrittenDown = site.WrittenDown }, layers[site.Key]);
        }
    }

    /// What the company owns of it in all.
    public CostPool Pool => IsApart
        ? whole.Pool with { Quantity = apart.Values.Sum(w => w.Pool.Quantity), Value = Sum(w => w.Pool.Value), WrittenDown = Sum(w => w.Pool.WrittenDown) }
        : whole.Pool;

    /// Each site has a pool of its own.
    public bool IsApart => whole.Pool.BySiteSince is not null;

    /// Whether more than what is there has changed: the method, or what it goes by.
    public bool HasChangedMethod => whole.HasChangedMethod;

    /// The pools that hold something, in the order of their keys; the company's, where it has one.
    public IReadOnlyList<(PoolKey Key, Worth Worth)> Filled => IsApart
        ? [.. apart.Where(a => a.Value.Pool.Quantity.IsPositive).OrderBy(a => a.Key.Node, StringComparer.Ordinal).ThenBy(a => a.Key.Transfer, StringComparer.Ordinal).Select(a => (a.Key, a.Value))]
        : [(PoolKey.Whole, whole)];

    /// The pool that goods at this key are in.
    public Worth At(PoolKey key) => !IsApart ? whole : apart.TryGetValue(key, out var one) ? one
        : apart[key] = new Worth(CostPool.Empty(whole.Pool.CompanyId, whole.Pool.Sku, whole.Pool.Currency) with { Method = whole.Pool.Method, Standard = whole.Pool.Standard, BySiteSince = whole.Pool.BySiteSince }, []);

    /// Goods come in at a value; without one they are worth what others of their kind are where they come, or, where none are, what they are elsewhere.
    public (Money Value, Money Variance) Add(PoolKey key, Quantity quantity, string lot, Money? value, Func<Quantity, Money, CostLayer> layer)
    {
        var one = At(key);
        return one.Add(quantity, lot, value ?? (IsApart && !one.Knows(lot) ? Elsewhere(quantity, lot) : null), layer);
    }

    /// Goods go from one pool to another with what they cost. Answers that, and what of it the method does not value them at where they come to.
    public (Money Carried, Money Variance) Carry(PoolKey from, PoolKey to, Quantity quantity, string lot, Id<StockMove> move, Func<Id<CostLayer>> newLayer, Guid operation)
    {
        var source = At(from);
        // What is on its way is worth what it was where it left.
        if (to.Transfer.Length > 0) At(to).Follow(source.Pool.Standard);
        var (cost, down, of) = source.Give(quantity, lot, move);
        var came = of.Select(o => o.Layer with
        {
            Id = newLayer(), Received = o.Take.Quantity, Open = o.Take.Quantity, Value = o.Take.Value, Spent = false, Node = to.Node, Transfer = to.Transfer, Operation = operation,
        });
        return (cost, At(to).Get(quantity, cost, down, [.. came]));
    }

    /// Sets what one unit costs by the standard, at one site or wherever it lies; answers by how much that changes the value of each pool.
    public IReadOnlyList<(PoolKey Key, Money Change)> SetStandard(decimal cost, PoolKey? only)
    {
        if (only is { } key) return [(key, At(key).SetStandard(cost))];
        var whole = this.whole.SetStandard(cost);
        return IsApart ? [.. apart.Select(a => (a.Key, a.Value.SetStandard(cost)))] : [(PoolKey.Whole, whole)];
    }

    /// Comes under a method, in one pool or in one for each site. What is there keeps its value, and a site that had a pool its own; only what a standard says
    /// changes it: by how much, pool by pool, is the answer. `there` is where the goods are, `homeOf` where a layer came in, `layer` opens one.
    public IReadOnlyList<(PoolKey Key, Money Change)> Become(
        CostingMethod method, DateTimeOffset? bySiteSince, IReadOnlyList<(PoolKey Key, string Lot, Quantity Quantity)> there, Func<CostLayer, string> homeOf, Func<PoolKey, string, Quantity, Money, CostLayer> layer)
    {
        if (IsApart && bySiteSince is not null)
        {
            whole.Follow(method);
            return [.. apart.Select(a => (a.Key, a.Value.Become(method, [.. there.Where(t => t.Key == a.Key).Select(t => (t.Lot, t.Quantity))], (lot, quantity, value) => layer(a.Key, lot, quantity, value))))];
        }

        var change = Join(method);
        change += whole.Become(method, [.. there.GroupBy(t => t.Lot).Select(g => (g.Key, g.Sum(t => t.Quantity)))], (lot, quantity, value) => layer(PoolKey.Whole, lot, quantity, value));
        if (bySiteSince is { } now) change += Part(now, there, homeOf, layer);
        return [(PoolKey.Whole, change)];
    }

    /// One pool for the company again: what the sites have is together what it was. Only standards of their own end, which changes the value.
    private Money Join(CostingMethod method)
    {
        if (!IsApart) return Money.Zero(Pool.Currency);
        var filled = Filled;
        whole.Become(null);
        foreach (var (_, one) in filled) whole.Adopt(one);
        apart.Clear();
        var pool = whole.Pool;
        return (pool.Method, method) is (CostingMethod.Standard, CostingMethod.Standard) && !pool.Quantity.IsZero ? whole.SetStandard(pool.Standard ?? Worth.UnitCost(pool.Quantity, pool.Value + pool.WrittenDown))
            : Money.Zero(pool.Currency);
    }

    /// A pool for each site from now on. Layers go where they came in, as far as that many are there, and the others where room is left; without layers each site
    /// begins with its share of what all are worth. Answers what a standard makes of the cents.
    private Money Part(DateTimeOffset now, IReadOnlyList<(PoolKey Key, string Lot, Quantity Quantity)> there, Func<CostLayer, string> homeOf, Func<PoolKey, string, Quantity, Money, CostLayer> layer)
    {
        var pool = whole.Pool;
        var open = whole.Layers.Where(l => l.Open.IsPositive).ToArray();
        whole.Close();
        whole.Become(now);
        var sites = there.GroupBy(t => t.Key).Select(g => (g.Key, Quantity: g.Sum(t => t.Quantity))).ToArray();
        if (sites.Sum(s => s.Quantity) != pool.Quantity) throw new InvariantBroken($"{pool.Sku} has {sites.Sum(s => s.Quantity)} at its sites, and {pool.Quantity} in its pool.");
        var none = Money.Zero(pool.Currency);
        // What is sold out everywhere is worth nothing anywhere: the first site that gets some begins.
        if (sites.Length == 0) return none;
        long[] weights = [.. sites.Select(s => s.Quantity.Thousandths)];
        foreach (var ((key, quantity), value, down) in sites.Zip(pool.Value.Split(weights), pool.WrittenDown.Split(weights)))
        {
            var one = apart[key] = new Worth(pool with { BySiteSince = now, Quantity = 0, Value = none, WrittenDown = none }, []);
            one.Begin(pool.KeepsLayers ? 0 : quantity, pool.KeepsLayers ? none : pool.Method is CostingMethod.Standard ? pool.AtStandard(quantity, down) : value, down);
        }

        if (!pool.KeepsLayers) return Sum(w => w.Pool.Value) - pool.Value;
        var byLot = pool.Method is CostingMethod.Lot;
        var room = there.ToDictionary(t => (t.Key, Lot: byLot ? t.Lot : ""), t => t.Quantity);
        var left = open.ToDictionary(l => l.Id);
        foreach (var one in open.Reverse()) Put(one, room.Keys.Where(r => r.Key.Node.Length > 0 && r.Key.Node == homeOf(one)));
        foreach (var one in open) Put(one, room.Keys);
        return none;

        void Put(CostLayer one, IEnumerable<(PoolKey Key, string Lot)> where)
        {
            foreach (var at in where.Where(r => !byLot || r.Lot == one.Lot).ToArray())
            {
                var rest = left[one.Id];
                var quantity = Quantity.Min(rest.Open, room[at]);
                if (!quantity.IsPositive) continue;
                var value = rest.Value.Share(quantity, rest.Open);
                room[at] -= quantity;
                left[one.Id] = rest with { Open = rest.Open - quantity, Value = rest.Value - value };
                var piece = layer(at.Key, one.Lot, quantity, value);
                apart[at.Key].Get(quantity, value, none, [piece with { Document = one.Document, Line = one.Line, HappenedAt = one.HappenedAt }]);
            }
        }
    }

    /// What they are worth at other sites: those of the same lot, where lots are told apart, else all.
    private Money Elsewhere(Quantity quantity, string lot)
    {
        var pool = Pool;
        var same = apart.Values.SelectMany(w => w.Layers).Where(l => l.Open.IsPositive && l.Lot == lot).ToArray();
        return pool.Method is CostingMethod.Lot && same.Length > 0
            ? same.Aggregate(Money.Zero(pool.Currency), (sum, l) => sum + l.Value).Times(quantity.Units / same.Sum(l => l.Open).Units, Rounding.HalfEven)
            : pool.AverageOf(quantity);
    }

    /// The pools of sites that are new, that changed, and that are over.
    public (IEnumerable<SitePool> New, IEnumerable<SitePool> Changed, IEnumerable<SitePool> Over) Sites()
    {
        var now = apart.Where(a => a.Key.Transfer.Length == 0 || a.Value.Pool.Quantity.IsPositive).Select(a => Row(a.Key, a.Value.Pool)).ToDictionary(r => r.Key);
        return (now.Values.Where(r => !read.ContainsKey(r.Key)), now.Values.Where(r => read.TryGetValue(r.Key, out var old) && old != r), read.Values.Where(r => !now.ContainsKey(r.Key)));
    }

    /// Every pool whose layers this transaction may have touched.
    public IEnumerable<Worth> All => [whole, .. apart.Values];

    private static SitePool Row(PoolKey key, CostPool pool) =>
        new(pool.CompanyId, pool.Sku, key.Node, key.Transfer, pool.Quantity, pool.Value, pool.Currency, pool.Standard, pool.WrittenDown);

    private Money Sum(Func<Worth, Money> part) => apart.Values.Aggregate(Money.Zero(whole.Pool.Currency), (sum, w) => sum + part(w));
}
