using Keel.Stock.Contract;

namespace Keel.Stock;

/// What the goods of one transaction are worth: the locked pools of its SKUs and what becomes of them, decided here in memory and written once as sets.
internal sealed class PoolBook
{
    private readonly KeelDb db;
    private readonly Currency currency;
    private readonly Dictionary<Sku, SkuWorth> pools;
    private readonly HashSet<Sku> changed = [];
    private readonly List<(Paper Paper, NodeCode Node, ValuedLine Line)> variances = [];

    private PoolBook(KeelDb db, Currency currency, IReadOnlyList<CostPool> pools, IReadOnlyList<SitePool> sites, IReadOnlyList<CostLayer> layers)
    {
        (this.db, this.currency) = (db, currency);
        var (sitesOf, layersOf) = (sites.ToLookup(s => s.Sku), layers.ToLookup(l => l.Sku));
        this.pools = pools.ToDictionary(p => p.Sku, p => new SkuWorth(p, sitesOf[p.Sku], layersOf[p.Sku]));
    }

    public static PoolBook None(KeelDb db) => new(db, default, [], [], []);

    /// The pools of sites are asked for only where a SKU is valued apart; the lock of its company's pool guards them.
    public static async Task<PoolBook> Of(KeelDb db, Currency currency, List<CostPool> locked, List<CostLayer> layers, CancellationToken ct)
    {
        var apart = locked.Where(p => p.BySiteSince is not null).Select(p => p.Sku).ToArray();
        return new PoolBook(db, currency, locked, apart.Length == 0 ? [] : await db.Table<SitePool>().Where($"company_id = {db.Company} and sku = any({apart}) order by sku, node, transfer", ct), layers);
    }

    public SkuWorth this[Sku sku] => pools.TryGetValue(sku, out var worth) ? worth : pools[sku] = new SkuWorth(CostPool.Empty(db.Company, sku, currency), [], []);

    /// It is written with the others.
    public SkuWorth Change(Sku sku)
    {
        changed.Add(sku);
        return this[sku];
    }

    /// What was paid beyond a standard cost, or below it.
    public void Vary(Paper paper, NodeCode node, ValuedLine line) => variances.Add((paper, node, line));

    /// A layer of goods that come in on a line of a paper.
    public CostLayer LayerOf(Sku sku, PoolKey pool, string lot, Quantity quantity, Money value, Paper paper, int line) =>
        new(db.NewId<CostLayer>(), db.Company, sku, lot, paper.Document, line, quantity, quantity, value, currency, paper.HappenedAt, db.Work.Operation) { Node = pool.Node, Transfer = pool.Transfer };

    /// A pool that follows a method of its own writes more than what it holds.
    public void Write()
    {
        if (changed.Count == 0) return;
        var rows = changed.Select(s => pools[s]).ToArray();
        var plain = rows.ToLookup(w => w.Pool.Method is CostingMethod.Average && !w.HasChangedMethod, w => w.Pool);
        db.CostPools.Update([.. plain[true]], nameof(CostPool.Quantity), nameof(CostPool.Value), nameof(CostPool.WrittenDown));
        db.CostPools.Update([.. plain[false]]);
        var worths = rows.SelectMany(r => r.All).ToArray();
        db.Table<CostLayer>().Insert([.. worths.SelectMany(w => w.Fresh)]);
        db.Table<CostLayer>().Update([.. worths.Where(w => !w.HasAdopted).SelectMany(w => w.Changed)], nameof(CostLayer.Open), nameof(CostLayer.Value), nameof(CostLayer.Spent));
        db.Table<CostLayer>().Update([.. worths.Where(w => w.HasAdopted).SelectMany(w => w.Changed)]);
        db.Table<LayerTake>().Insert([.. worths.SelectMany(w => w.Takes)]);
        var sites = rows.Select(r => r.Sites()).ToArray();
        db.Table<SitePool>().Insert([.. sites.SelectMany(s => s.New)]);
        db.Table<SitePool>().Update([.. sites.SelectMany(s => s.Changed)]);
        db.Table<SitePool>().Delete([.. sites.SelectMany(s => s.Over)]);
        foreach (var paper in variances.GroupBy(v => (v.Paper.Document, v.Node)))
        {
            var first = paper.First().Paper;
            db.Raise(new StockRevalued(first.Document, paper.Key.Node, first.Day, first.HappenedAt, RevaluationCause.PurchasePrice, [.. paper.Select(v => v.Line)], []));
        }
    }
}
