using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// By which method the cost of a category's goods is found, in one pool of the company or in one of each site; an empty category is for everything that has no rule of its own.
[Rows("stock.costing_rule", "company_id", "category")]
internal sealed record CostingRule(Id<Company> CompanyId, string Category, CostingMethod Method, bool BySite, DateTimeOffset ChangedAt, string ChangedBy, int Version);

/// Says by which method the cost of goods is found, for a category or for all others, and brings what is there under it in the same step. What is there
/// keeps its value; only where a standard says otherwise, the difference is a revaluation. Where each site gets a pool of its own, layers go
/// where they came in; without layers each begins with its share of what all are worth.
[Operation("stock.set-costing", StockPermissions.Value, ChangesSettings = true, Said = "changed how goods are valued", Icon = "books")]
internal sealed class SetCosting(KeelDb db, Revaluing revaluing) : IOperation<SetCosting.Request, DocumentRef>, IAssess<SetCosting.Request, DocumentRef>
{
    /// Without a category it is for everything that has no rule of its own.
    public sealed record Request(
        CostingMethod Method, [MaxLength(80)] string? Category, [Required, MaxLength(200)] string Reason, [property: Display(Name = "Each site has a cost of its own")] bool BySite = false);

    /// Where goods are now: at a site, or on their way with a transfer.
    private sealed record There(Sku Sku, string Node, string Transfer, string Lot, Quantity Quantity);

    private sealed record Home(Id<CostLayer> Id, string Node);

    /// What the moves say came to a site in money, by whatever way.
    private sealed record Said(Sku Sku, string Node, Money Value, Currency Currency);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var category = request.Category?.Trim() ?? "";
        var paper = await revaluing.Begin("RV", "revaluation", "costing", ct);
        var rules = await db.Table<CostingRule>().Where($"company_id = {db.Company} order by category for update", ct);
        var old = rules.Find(r => r.Category == category);
        var rule = new CostingRule(db.Company, category, request.Method, request.BySite, db.Now, db.Work.Actor.Name, (old?.Version ?? 0) + 1);
        if (old is null) db.Table<CostingRule>().Insert([rule]);
        else db.Table<CostingRule>().Update([rule]);
        var whose = category.Length > 0 ? category : "everything";
        db.Work.Changed("costing", whose, "Method", old?.Method.ToString(), request.Method.ToString());
        if ((old?.BySite ?? false) != request.BySite) db.Work.Changed("costing", whose, "Each site has a cost of its own", old?.BySite is true ? "yes" : "no", request.BySite ? "yes" : "no");

        var skus = await Skus(request, category, [.. rules.Select(r => r.Category).Where(c => c.Length > 0)], ct);
        Later<List<There>>? there = null;
        Later<List<Home>>? homes = null;
        var shelf = await Shelf.ToValue(db, revaluing.Currency, skus, create: false, ct, () =>
        {
            if (request.BySite || request.Method is CostingMethod.Lot) there = AskThere(skus);
            if (request.BySite) homes = AskHomes(skus);
        });
        var thereOf = there?.Value.GroupBy(t => (t.Sku, t.Node, t.Transfer, Lot: request.Method is CostingMethod.Lot ? t.Lot : ""))
            .ToLookup(g => g.Key.Sku, g => (new PoolKey(g.Key.Node, g.Key.Transfer), g.Key.Lot, g.Sum(t => t.Quantity)));
        var homeOf = homes?.Value.ToDictionary(h => h.Id, h => h.Node);
        var begin = request.BySite ? skus.Where(s => !shelf.WorthOf(s).IsApart).ToArray() : [];
        var saidOf = begin.Length == 0 ? null : (await Told(begin, ct)).ToLookup(t => t.Sku);
        var lines = new List<ValuedLine>();
        foreach (var sku in skus)
        {
            var worth = shelf.WorthOf(sku);
            var (at, begins) = (lines.Count + 1, request.BySite && !worth.IsApart);
            var changes = worth.Become(request.Method, request.BySite ? paper.HappenedAt : null, thereOf is null ? [] : [.. thereOf[sku]], l => homeOf?.GetValueOrDefault(l.Id) ?? "",
                (pool, lot, quantity, value) => shelf.LayerOf(sku, pool, lot, quantity, value, paper, at));
            shelf.Tell(sku, changes, paper, at, "costing by " + ViewInfo.Spoken(request.Method.ToString()).ToLowerInvariant());
            if (begins) Begin(shelf, worth, sku, [.. saidOf![sku]], changes, paper, at);
            lines.Add(new ValuedLine(sku, worth.Pool.Quantity, Revaluing.Sum(changes, revaluing.Currency)));
        }

        shelf.Write();
        revaluing.End(shelf, paper, StockDocumentKind.Revaluation, RevaluationCause.Standard, default, lines, []);
        return paper.Document;
    }

    /// The book says of each site from now on what its pool is worth.
    private static void Begin(Shelf shelf, SkuWorth worth, Sku sku, IReadOnlyList<Said> said, IReadOnlyList<(PoolKey Pool, Money Change)> changes, Paper paper, int line)
    {
        var none = Money.Zero(worth.Pool.Currency);
        var before = said.ToDictionary(s => s.Node, s => s.Value);
        before[""] = before.GetValueOrDefault("", none) + Revaluing.Sum(changes, none.Currency);
        var after = worth.Filled.GroupBy(p => p.Key.Node).ToDictionary(g => g.Key, g => g.Aggregate(none, (sum, p) => sum + p.Worth.Pool.Value));
        var nodes = before.Keys.Union(after.Keys).Order(StringComparer.Ordinal);
        shelf.Tell(sku, nodes.Select(n => (new PoolKey(n, ""), after.GetValueOrDefault(n, none) - before.GetValueOrDefault(n, none))), paper, line, "each site has a cost of its own");
    }

    /// The products that the rule is for and that are not kept by it yet.
    private Task<List<Sku>> Skus(Request request, string category, string[] others, CancellationToken ct)
    {
        FormattableString whose = category.Length > 0 ? $"g.category = {category}" : (FormattableString)$"(g.category is null or g.category <> all({others}))";
        return db.Query<Sku>(
            $"""
            select p.sku from stock.cost_pool p left join catalog.pub_product_category g on g.sku = p.sku
            where p.company_id = {db.Company} and (p.method <> {request.Method.ToString()} or (p.by_site_since is not null) <> {request.BySite}) and {whose} order by p.sku
            """, ct);
    }

    private Later<List<There>> AskThere(List<Sku> skus) => db.Ask<There>(
        $"""
        select sku, node, '' as transfer, lot, sum(on_hand)::bigint as quantity from stock.level where company_id = {db.Company} and sku = any({skus}) and owner = {PositionKey.Own} and on_hand > 0 group by sku, node, lot
        union all
        select m.sku, '', t.number, m.lot, sum(case when m.to_location = {Place.Transit} then m.quantity else -m.quantity end)::bigint
        from stock.pub_transit w join stock.transfer t on t.id = w.transfer_id
        join stock.move m on m.document_id = any(array(select t.id union all select d.id from stock.document d where d.company_id = t.company_id and d.order_id = t.id)) and m.line = w.line and {Place.Transit} in (m.to_location, m.from_location)
        where w.company_id = {db.Company} and w.sku = any({skus}) group by m.sku, t.number, m.lot having sum(case when m.to_location = {Place.Transit} then m.quantity else -m.quantity end) > 0
        order by sku, node, transfer, lot
        """);

    /// Where layers came in.
    private Later<List<Home>> AskHomes(List<Sku> skus) => db.Ask<Home>(
        $"select l.id, d.node from stock.cost_layer l join stock.document d on d.id = l.document_id where l.company_id = {db.Company} and l.sku = any({skus}) and not l.spent and l.node = '' and l.transfer = ''");

    /// What the book says by now, also of what another's clock dates a little later than ours: the pools have it.
    private Task<List<Said>> Told(Sku[] skus, CancellationToken ct) => db.Query<Said>(
        $"""
        select f.sku, f.node, sum(f.value)::bigint as value, {revaluing.Currency.Code} as currency from ({AsOf.Parts(db, db.Now.AddDays(1), null)}) f
        where f.sku = any({skus}) and f.owner = {PositionKey.Own} group by f.sku, f.node having sum(f.value) <> 0
        """, ct);

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, $"Values {(request.Category is { Length: > 0 } category ? category : "everything else")} by {request.Method}{(request.BySite ? ", each site for itself" : "")}", [], ct);
}

/// Sets what units cost by the standard. Goods that are kept at standard cost are worth that at once; the difference is a revaluation.
[Operation("stock.set-standards", StockPermissions.Value, Said = "set the standard cost", Icon = "edit")]
internal sealed class SetStandards(KeelDb db, Revaluing revaluing, ProductGuard products, Settings settings) : IOperation<SetStandards.Request, DocumentRef>, IAssess<SetStandards.Request, DocumentRef>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<Line> Lines, [Required, MaxLength(200)] string Reason);

    /// The site may be said where goods are valued apart at each; without it all sites are meant.
    public sealed record Line(Sku Sku, [NotNegative] [property: Cost] UnitPrice UnitCost, [property: Display(Name = "Site")] NodeCode? Node = null);

    public static readonly Error NoSite = Error.NotFound("stock.standards-no-site", "There is no such site. Choose one of the list.");

    private readonly record struct Known(Sku Sku, decimal? Standard);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (Revaluing.NamesTwice(request.Lines.Select(l => (l.Sku, l.Node)))) return Revaluing.Twice;
        if (await products.Check(request.Lines.Select(l => (l.Sku, (Quantity)1)), ct, "lines") is { } wrong) return wrong;
        var network = await Network.Of(settings, ct);
        var paper = await revaluing.Begin("RV", "revaluation", "standard-cost", ct);
        if (request.Lines.Any(l => l.UnitCost.Currency != revaluing.Currency)) return ReceiveGoods.WrongCurrency;
        var known = await db.Query<Known>($"select sku, standard from stock.cost_pool where company_id = {db.Company} and sku = any({request.Lines.Select(l => l.Sku)}) and standard is not null", ct);
        var scale = (decimal)revaluing.Currency.Scale;
        var before = known.ToDictionary(k => k.Sku, k => new UnitPrice((long)(k.Standard!.Value / scale * 1_000_000m), revaluing.Currency).ToString());
        foreach (var line in request.Lines) db.Work.Changed("product", line.Sku.Text, line.Node is { } at ? $"Standard cost at {at}" : "Standard cost", line.Node is null ? before.GetValueOrDefault(line.Sku) : null, line.UnitCost.ToString());
        var shelf = await Shelf.ToValue(db, revaluing.Currency, request.Lines.Select(l => l.Sku), create: true, ct);
        var lines = new List<ValuedLine>();
        foreach (var line in request.Lines)
        {
            var worth = shelf.WorthOf(line.Sku);
            if (line.Node is not null && !worth.IsApart) return Revaluing.OneForAll.With($"{line.Sku} is valued as one at all sites. Leave the site out, or have its category valued apart at each site.");
            if (line.Node is { } site && !network.Sites.ContainsKey(site)) return NoSite.With($"There is no site {site}. Choose one of the list.");
            var changes = worth.SetStandard(line.UnitCost.Price * scale, line.Node is { } node ? PoolKey.At(node) : null);
            shelf.Tell(line.Sku, changes, paper, lines.Count + 1, "standard cost");
            lines.Add(new ValuedLine(line.Sku, worth.Pool.Quantity, Revaluing.Sum(changes, revaluing.Currency)));
        }

        shelf.Write();
        revaluing.End(shelf, paper, StockDocumentKind.Revaluation, RevaluationCause.Standard, default, lines, []);
        return paper.Document;
    }

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, $"Sets the standard cost of {request.Lines.Count} products", [.. request.Lines.Select(l => l.Sku)], ct);
}
