using Keel.Stock.Contract;

namespace Keel.Stock;

/// Papers that change what goods are worth and move none of them.
internal sealed class Revaluing(KeelDb db, Settings settings)
{
    public static readonly Error Unknown = Error.NotFound("stock.value-nothing-there", "There is none of it in stock, so there is nothing to value.");
    public static readonly Error Twice = Error.Invalid("stock.value-twice", "The list names a product twice. Name it once, or once for each site.");

    public Currency Currency { get; private set; }

    public static readonly Error OneForAll = new("stock.value-one-for-all", "These goods are valued as one at all sites. Leave the site out, or have their category valued apart at each site.");

    /// Whether a list names a product twice, at the same site or at one and at all.
    public static bool NamesTwice(IEnumerable<(Sku Sku, NodeCode? Node)> lines) => lines.GroupBy(l => l.Sku).Any(g => g.Count() > 1 && (g.Any(l => l.Node is null) || g.DistinctBy(l => l.Node).Count() < g.Count()));

    /// What changes of pools come to.
    public static Money Sum(IEnumerable<(PoolKey Pool, Money Change)> changes, Currency currency) => changes.Aggregate(Money.Zero(currency), (sum, c) => sum + c.Change);

    /// The pools that hold something, of all sites or of one, where goods are valued apart there.
    public static Result<(PoolKey Key, Worth Worth)[]> Pools(SkuWorth worth, NodeCode? site)
    {
        if (site is not null && !worth.IsApart && worth.Pool.Quantity.IsPositive) return OneForAll.With($"{worth.Pool.Sku} is valued as one at all sites. Leave the site out, or have its category valued apart at each site.");
        (PoolKey Key, Worth Worth)[] filled = [.. worth.Filled.Where(p => p.Worth.Pool.Quantity.IsPositive && (site is not { } node || p.Key == PoolKey.At(node)))];
        return filled.Length > 0 ? filled : Unknown.With($"There is none of {worth.Pool.Sku} {(site is null ? "in stock" : $"at {site}")}, so there is nothing to value.");
    }

    /// The next number of a paper: asked for before anything is locked.
    public async Task<Paper> Begin(string series, string kind, string reason, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        Currency = network.Company.Currency;
        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var number = (await db.Numbers.Take(db.Company, series, happenedAt.Year, 1, ct))[0];
        db.Work.Concerns(number);
        return new Paper(new DocumentRef(kind, db.NewId<StockDocument>().Value, number), reason, happenedAt, network.Day(happenedAt));
    }

    /// Writes the paper with what it changed, and tells the books. What falls on goods that are gone was a variance where they are kept at standard cost.
    public void End(Shelf shelf, Paper paper, StockDocumentKind kind, RevaluationCause cause, NodeCode node, IReadOnlyList<ValuedLine> lines, IReadOnlyList<ValuedLine> sold, IReadOnlyList<ForeignMoney>? said = null)
    {
        var value = lines.Aggregate(Money.Zero(Currency), (sum, l) => sum + l.Value);
        db.StockDocuments.Insert(new StockDocument(
            paper.Document.Id, db.Company, kind, paper.Document.Number, node, null, null, paper.Reason, lines.Count + sold.Count, value, Currency, paper.HappenedAt, db.Now, paper.Day, db.Work.Operation,
            ApprovedBy: db.Work.ApprovedBy));
        ValuedLine[] changed = [.. lines.Where(l => !l.Value.IsZero)], gone = [.. sold.Where(l => !l.Value.IsZero)];
        if (changed.Length + gone.Length == 0 && said is not { Count: > 0 }) return;
        var standard = gone.ToLookup(l => shelf.WorthOf(l.Sku).Pool.Method is CostingMethod.Standard);
        db.Raise(new StockRevalued(paper.Document, node, paper.Day, paper.HappenedAt, cause, changed, [.. standard[false]]) { Variance = [.. standard[true]], Said = said ?? [] });
    }

    /// What a paper comes to, for whoever has to say yes: the value that changes hands, of what is there and of what is gone.
    public async Task<Effect> Effect(DocumentRef paper, string what, IReadOnlyCollection<Sku> skus, CancellationToken ct)
    {
        var came = await db.First<Came>(
            $"""
            select abs(coalesce((select total from stock.landed_cost where id = d.id), (select sum(value)::bigint from stock.cost_correction where document_id = d.id), d.value)) as value, d.currency from stock.document d
            where d.company_id = {db.Company} and d.id = {paper.Id}
            """, ct);
        if (came is null) return Keel.Kernel.Effect.Nothing;
        var categories = await db.Query<string>($"select distinct category from catalog.pub_product_category where sku = any({skus}) order by category", ct);
        return new Effect(came.Value, [], $"{what}, worth {came.Value}.") { Categories = categories };
    }

    private sealed record Came(Money Value, Currency Currency);
}
