using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Puts the book right by what somebody counted, with a reason. Promises that no longer hold give way, visibly.
[Operation("stock.adjust", StockPermissions.Adjust, Said = "counted {places|the place}")]
internal sealed class AdjustStock(KeelDb db, StockDesk stock, Settings settings, ProductGuard products, PackageSteps packages)
    : IOperation<AdjustStock.Request, IReadOnlyList<DocumentRef>>, IAssess<AdjustStock.Request, IReadOnlyList<DocumentRef>>, IMayNeedYes<AdjustStock.Request>
{
    /// `HappenedAt` is when it was counted, where that was earlier: what came and went since is no difference.
    public sealed record Request([Required, MinLength(1)] IReadOnlyList<Line> Lines, DateTimeOffset? HappenedAt = null);

    public sealed record Line(LocationCode Location, Sku Sku, [NotNegative] Quantity Counted, ReasonCode Reason, string? Note = null, LotCode? Lot = null, DateOnly? ExpiresOn = null,
        GoodsCondition Condition = GoodsCondition.Good, [MaxLength(40)] string? Owner = null, [MaxLength(30)] string? Package = null, [MaxLength(12)] string? Unit = null);

    /// How approvals name a difference that is larger than its reason lets pass.
    public const string AboveTolerance = "above-tolerance";

    /// So many counts are told one by one to whoever decides.
    private const int MostTold = 100;

    public static readonly Error Twice = Error.Invalid("stock.counted-twice", "The same SKU is counted twice in one place. Send it once.");

    public static readonly Error InFuture = Error.Invalid("stock.counted-in-the-future", "Nobody counts later than now. Leave the instant out, or give the one of the count.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        if (request.Lines.GroupBy(l => (l.Location, l.Sku, l.Lot, l.Condition, l.Owner, l.Package)).Any(g => g.Count() > 1)) return Twice;
        if (request.HappenedAt > db.Now) return InFuture;
        var counted = await InStockUnits(request, ct);
        if (!counted.Ok) return counted.Error!;
        request = counted.Value;
        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Counted)), ct, "lines", "counted") is { } wrong) return wrong;
        var owners = await Owners.Of(settings, ct);
        if (owners.Wrong(request.Lines.Select(l => l.Owner)) is { } unknown) return unknown;
        var held = await packages.Lock([.. request.Lines.Where(l => l.Package is { Length: > 0 }).Select(l => l.Package!)], ct);
        if (!held.Ok) return held.Error!;
        foreach (var line in request.Lines.Where(l => l.Package is { Length: > 0 }))
            if (held.Value[Package.Plain(line.Package!)].Location != line.Location) return Package.Elsewhere.With($"{line.Package} is in {held.Value[Package.Plain(line.Package!)].Location}. Count it there, or move it first.");
        db.Work.HappenedAt = request.HappenedAt;
        var papers = await stock.Adjust([.. request.Lines.Select(l => new Count(l.Location, l.Sku, l.Counted, l.Reason, l.Note)
        {
            Lot = l.Lot, ExpiresOn = l.ExpiresOn, Condition = l.Condition, Owner = owners.Resolve(l.Owner).Value, Package = l.Package is { Length: > 0 } code ? Package.Plain(code) : "",
        })], ct);
        if (!papers.Ok) return papers;
        foreach (var (line, at) in request.Lines.Select((l, i) => (l, i))) db.Work.Leaves(at, new UndoCounts.Trace(line.Location, line.Sku, line.Reason, [.. papers.Value.Select(p => p.Id)], line.Lot));
        return papers;
    }

    /// Only a reason that asks for a second yes can hold it by itself.
    public async Task<bool> MayNeedYes(Request request, CancellationToken ct)
    {
        var reasons = await Reasons.Of(settings, ct);
        return request.Lines.Any(l => reasons.ByCode.TryGetValue(l.Reason, out var reason) && reason.NeedsYes);
    }

    /// Out of the ordinary is what the reasons say, such as `damaged`, and `above-tolerance` where a difference is larger than its reason lets pass.
    public async Task<Effect> Assess(Request request, IReadOnlyList<DocumentRef> answer, CancellationToken ct)
    {
        request = (await InStockUnits(request, ct)).Value;
        var ids = answer.Select(d => d.Id).ToArray();
        var papers = await db.Table<StockDocument>().Where($"company_id = {db.Company} and id = any({ids}) order by node", ct);
        var beyond = await Beyond(request, ids, ct);
        var total = papers.Count == 0 ? (Money?)null : papers.Aggregate(Money.Zero(papers[0].Currency), (sum, d) => sum + d.Value);
        var places = request.Lines.Count == 1 ? $"{request.Lines[0].Sku} at {request.Lines[0].Location} to {request.Lines[0].Counted}" : $"{request.Lines.Count} counts";
        var categories = await db.Query<string>($"select distinct category from catalog.pub_product_category where sku = any({request.Lines.Select(l => l.Sku)}) order by category", ct);
        var limits = string.Join("; ", beyond.Select(r => $"{r.Name} {(r.HasTolerance ? r.Tolerance : "nothing")}"));
        return new Effect(total, [], beyond.Count == 0 ? $"Adjusts {places}, worth {total}." : $"Adjusts {places}, worth {total}: more than passes by itself ({limits}).")
        {
            Lines = await LinesOf(request, ids, ct), Nodes = [.. papers.Select(p => p.Node).Distinct()], Categories = categories,
            Exceptions = [.. request.Lines.Select(l => l.Reason.Text).Concat(beyond.Count > 0 ? [AboveTolerance] : []).Distinct().Order(StringComparer.Ordinal)],
            Needs = beyond.Any(r => r.NeedsYes) ? new ApprovalLevel(StockPermissions.ApproveCounts) : null,
        };
    }

    private async Task<Result<Request>> InStockUnits(Request request, CancellationToken ct)
    {
        var counted = await products.InStockUnits(request.Lines, l => (l.Sku, l.Counted, l.Unit), (l, q) => l with { Counted = q, Unit = null }, ct, "lines", "counted");
        return counted.Ok ? request with { Lines = counted.Value } : counted.Error!;
    }

    /// The reasons of which some difference is larger than they let pass.
    private async Task<IReadOnlyList<Reason>> Beyond(Request request, Guid[] papers, CancellationToken ct)
    {
        var reasons = await Reasons.Of(settings, ct);
        var moved = await db.Query<Difference>(
            $"""
            select sku, case when from_location = {Place.Loss} then to_location else from_location end as location, sum(case when from_location = {Place.Loss} then quantity else -quantity end)::bigint as quantity,
              coalesce(sum(value), 0)::bigint as value, min(currency) as currency
            from stock.move where company_id = {db.Company} and document_id = any({papers}) group by 1, 2
            """, ct);
        var byPlace = moved.ToDictionary(m => (m.Location, m.Sku));
        return
        [
            .. request.Lines.GroupBy(l => (l.Location, l.Sku, l.Reason), l => l.Counted)
                .Where(g => byPlace.TryGetValue((g.Key.Location, g.Key.Sku), out var d) && !reasons.ByCode[g.Key.Reason].Allows(d.Quantity, g.Sum() - d.Quantity, d.Value))
                .Select(g => reasons.ByCode[g.Key.Reason]).Distinct().OrderBy(r => r.Code),
        ];
    }

    /// What the book said before, found by what was moved: the count itself is what it says afterwards.
    private async Task<IReadOnlyList<EffectLine>> LinesOf(Request request, Guid[] papers, CancellationToken ct)
    {
        var told = request.Lines.Take(MostTold).ToArray();
        var moved = await db.Query<Moved>(
            $"""
            select sku, from_location, to_location, sum(quantity) as quantity from stock.move
            where company_id = {db.Company} and document_id = any({papers}) and sku = any({told.Select(l => l.Sku)}) group by sku, from_location, to_location
            """, ct);
        var names = (await db.Query<Named>($"select sku, name from catalog.pub_product where sku = any({told.Select(l => l.Sku).Distinct()})", ct)).ToDictionary(n => n.Sku, n => n.Name);
        return [.. told.Select(l =>
        {
            var there = moved.Where(m => m.Sku == l.Sku).ToArray();
            var came = there.Where(m => m.ToLocation == l.Location).Aggregate(Quantity.Zero, (sum, m) => sum + m.Quantity);
            var went = there.Where(m => m.FromLocation == l.Location).Aggregate(Quantity.Zero, (sum, m) => sum + m.Quantity);
            return new EffectLine(l.Sku, names.GetValueOrDefault(l.Sku, l.Sku.Text), l.Location, l.Counted - came + went, l.Counted, l.Reason.Text, l.Note);
        })];
    }

    private sealed record Difference(Sku Sku, LocationCode Location, Quantity Quantity, Money Value, Currency Currency);

    private sealed record Moved(Sku Sku, LocationCode FromLocation, LocationCode ToLocation, Quantity Quantity);

    private sealed record Named(Sku Sku, string Name);
}
