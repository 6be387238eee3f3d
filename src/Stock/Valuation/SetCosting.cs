using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// By which method the cost of a category's goods is found; an empty category is for everything that has no rule of its own.
[Rows("stock.costing_rule", "company_id", "category")]
internal sealed record CostingRule(Id<Company> CompanyId, string Category, CostingMethod Method, DateTimeOffset ChangedAt, string ChangedBy, int Version);

/// Says by which method the cost of goods is found, for a category or for all others, and brings what is there under it in the same step. What is there
/// keeps its value; only where a standard says otherwise, the difference is a revaluation.
[Operation("stock.set-costing", StockPermissions.Value, ChangesSettings = true, Said = "changed how goods are valued", Icon = "books")]
internal sealed class SetCosting(KeelDb db, Revaluing revaluing) : IOperation<SetCosting.Request, DocumentRef>, IAssess<SetCosting.Request, DocumentRef>
{
    /// Without a category it is for everything that has no rule of its own.
    public sealed record Request(CostingMethod Method, [MaxLength(80)] string? Category, [Required, MaxLength(200)] string Reason);

    private sealed record Held(Sku Sku, string Lot, Quantity Quantity);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var category = request.Category?.Trim() ?? "";
        var paper = await revaluing.Begin("RV", "revaluation", "costing", ct);
        var rules = await db.Table<CostingRule>().Where($"company_id = {db.Company} order by category for update", ct);
        var old = rules.Find(r => r.Category == category);
        var rule = new CostingRule(db.Company, category, request.Method, db.Now, db.Work.Actor.Name, (old?.Version ?? 0) + 1);
        if (old is null) db.Table<CostingRule>().Insert([rule]);
        else db.Table<CostingRule>().Update([rule]);
        db.Work.Changed("costing", category.Length > 0 ? category : "everything", "Method", old?.Method.ToString(), request.Method.ToString());

        var others = rules.Select(r => r.Category).Where(c => c.Length > 0).ToArray();
        FormattableString whose = category.Length > 0 ? $"g.category = {category}" : (FormattableString)$"(g.category is null or g.category <> all({others}))";
        var skus = await db.Query<Sku>($"select p.sku from stock.cost_pool p left join catalog.pub_product_category g on g.sku = p.sku where p.company_id = {db.Company} and p.method <> {request.Method.ToString()} and {whose} order by p.sku", ct);
        Later<List<Held>>? lots = null;
        var shelf = await Shelf.ToValue(db, revaluing.Currency, skus, create: false, ct, () => lots = request.Method is not CostingMethod.Lot ? null : db.Ask<Held>(
            $"""
            select sku, lot, sum(case when ends & 32 > 0 then quantity else -quantity end)::bigint as quantity from stock.move
            where company_id = {db.Company} and sku = any({skus}) and owner = {PositionKey.Own} and (ends & 4 > 0) <> (ends & 32 > 0) and quantity > 0 group by sku, lot having sum(case when ends & 32 > 0 then quantity else -quantity end) > 0 order by sku, lot
            """));
        var lotsOf = lots?.Value.ToLookup(l => l.Sku, l => (l.Lot, l.Quantity));
        var lines = new List<ValuedLine>();
        foreach (var sku in skus)
        {
            var worth = shelf.WorthOf(sku);
            var at = lines.Count + 1;
            var change = worth.Become(request.Method, lotsOf is null ? [] : [.. lotsOf[sku]], (lot, quantity, value) => shelf.LayerOf(sku, lot, quantity, value, paper, at));
            shelf.Tell(sku, change, paper, at, "costing by " + ViewInfo.Spoken(request.Method.ToString()).ToLowerInvariant());
            lines.Add(new ValuedLine(sku, worth.Pool.Quantity, change));
        }

        shelf.Write();
        revaluing.End(shelf, paper, StockDocumentKind.Revaluation, RevaluationCause.Standard, default, lines, []);
        return paper.Document;
    }

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, $"Values {(request.Category is { Length: > 0 } category ? category : "everything else")} by {request.Method}", [], ct);
}

/// Sets what units cost by the standard. Goods that are kept at standard cost are worth that at once; the difference is a revaluation.
[Operation("stock.set-standards", StockPermissions.Value, Said = "set the standard cost", Icon = "edit")]
internal sealed class SetStandards(KeelDb db, Revaluing revaluing, ProductGuard products) : IOperation<SetStandards.Request, DocumentRef>, IAssess<SetStandards.Request, DocumentRef>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<Line> Lines, [Required, MaxLength(200)] string Reason);

    public sealed record Line(Sku Sku, [NotNegative] [property: Cost] UnitPrice UnitCost);

    private readonly record struct Known(Sku Sku, decimal? Standard);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (request.Lines.GroupBy(l => l.Sku).Any(g => g.Count() > 1)) return Revaluing.Twice;
        if (await products.Check(request.Lines.Select(l => (l.Sku, (Quantity)1)), ct, "lines") is { } wrong) return wrong;
        var paper = await revaluing.Begin("RV", "revaluation", "standard-cost", ct);
        if (request.Lines.Any(l => l.UnitCost.Currency != revaluing.Currency)) return ReceiveGoods.WrongCurrency;
        var known = await db.Query<Known>($"select sku, standard from stock.cost_pool where company_id = {db.Company} and sku = any({request.Lines.Select(l => l.Sku)}) and standard is not null", ct);
        var scale = (decimal)revaluing.Currency.Scale;
        var before = known.ToDictionary(k => k.Sku, k => new UnitPrice((long)(k.Standard!.Value / scale * 1_000_000m), revaluing.Currency).ToString());
        foreach (var line in request.Lines) db.Work.Changed("product", line.Sku.Text, "Standard cost", before.GetValueOrDefault(line.Sku), line.UnitCost.ToString());
        var shelf = await Shelf.ToValue(db, revaluing.Currency, request.Lines.Select(l => l.Sku), create: true, ct);
        var lines = request.Lines.Select((line, i) =>
        {
            var worth = shelf.WorthOf(line.Sku);
            var change = worth.SetStandard(line.UnitCost.Price * scale);
            shelf.Tell(line.Sku, change, paper, i + 1, "standard cost");
            return new ValuedLine(line.Sku, worth.Pool.Quantity, change);
        }).ToArray();
        shelf.Write();
        revaluing.End(shelf, paper, StockDocumentKind.Revaluation, RevaluationCause.Standard, default, lines, []);
        return paper.Document;
    }

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, $"Sets the standard cost of {request.Lines.Count} products", [.. request.Lines.Select(l => l.Sku)], ct);
}
