using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Takes goods out that are no good any more, with a reason: they go to the scrap heap and their cost to the books, as the reason says. Promises that no longer
/// hold give way.
[Operation("stock.scrap", StockPermissions.Adjust, Said = "scrapped {goods|goods}", Icon = "x")]
internal sealed class ScrapStock(KeelDb db, StockDesk stock, Settings settings, ProductGuard products)
    : IOperation<ScrapStock.Request, IReadOnlyList<DocumentRef>>, IAssess<ScrapStock.Request, IReadOnlyList<DocumentRef>>, IMayNeedYes<ScrapStock.Request>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Line> Lines);

    /// The lot may be left out where only one lies there.
    public sealed record Line(LocationCode Location, Sku Sku, [Positive] Quantity Quantity, ReasonCode Reason, [MaxLength(400)] string? Note = null, LotCode? Lot = null, [MaxLength(12)] string? Unit = null);

    public static readonly Error Counts = Error.Invalid("stock.scrap-reason", "A count is no reason to scrap goods. Choose why they are no good.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        if (request.Lines.GroupBy(l => (l.Location, l.Sku, l.Lot)).Any(g => g.Count() > 1)) return AdjustStock.Twice;
        if (request.Lines.Any(l => l.Reason == Reason.Counted || l.Reason == "found" || l.Reason == "opening")) return Counts;
        var counted = await products.InStockUnits(request.Lines, l => (l.Sku, l.Quantity, l.Unit), (l, q) => l with { Quantity = q, Unit = null }, ct, "lines");
        if (!counted.Ok) return counted.Error!;
        if (await products.Check(counted.Value.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } wrong) return wrong;
        return await stock.Adjust([.. counted.Value.Select(l => new Count(l.Location, l.Sku, 0, l.Reason, l.Note) { Lot = l.Lot, Scrapped = l.Quantity })], ct);
    }

    /// Only a reason that asks for a second yes can hold it by itself.
    public async Task<bool> MayNeedYes(Request request, CancellationToken ct)
    {
        var reasons = await Reasons.Of(settings, ct);
        return request.Lines.Any(l => reasons.ByCode.TryGetValue(l.Reason, out var reason) && reason.NeedsYes);
    }

    /// Out of the ordinary is what the reasons say, and `above-tolerance` where more is scrapped than its reason lets pass.
    public async Task<Effect> Assess(Request request, IReadOnlyList<DocumentRef> answer, CancellationToken ct)
    {
        var ids = answer.Select(d => d.Id).ToArray();
        var reasons = await Reasons.Of(settings, ct);
        var papers = await db.Table<StockDocument>().Where($"company_id = {db.Company} and id = any({ids}) order by node", ct);
        var gone = await db.Query<Gone>(
            $"""
            select m.sku, m.from_location as location, m.reason, sum(m.quantity)::bigint as quantity, sum(m.value)::bigint as value, min(m.currency) as currency,
              coalesce((select sum(v.on_hand) from stock.level v where v.company_id = m.company_id and v.node = m.from_node and v.sku = m.sku and v.location = m.from_location), 0)::bigint as still
            from stock.move m where m.company_id = {db.Company} and m.document_id = any({ids}) group by m.company_id, m.from_node, m.sku, m.from_location, m.reason
            """, ct);
        var beyond = gone.Select(g => (Gone: g, Reason: reasons.ByCode[g.Reason])).Where(g => !g.Reason.Allows(g.Gone.Quantity, g.Gone.Still + g.Gone.Quantity, g.Gone.Value)).Select(g => g.Reason).Distinct().OrderBy(r => r.Code).ToArray();
        var total = papers.Count == 0 ? (Money?)null : papers.Aggregate(Money.Zero(papers[0].Currency), (sum, d) => sum + d.Value);
        var what = request.Lines.Count == 1 ? $"{request.Lines[0].Quantity} × {request.Lines[0].Sku} from {request.Lines[0].Location}" : $"{request.Lines.Count} lines";
        return new Effect(total, [], $"Scraps {what}, worth {total}.")
        {
            Nodes = [.. papers.Select(p => p.Node).Distinct()],
            Exceptions = [.. request.Lines.Select(l => l.Reason.Text).Concat(beyond.Length > 0 ? [AdjustStock.AboveTolerance] : []).Distinct().Order(StringComparer.Ordinal)],
            Needs = beyond.Any(r => r.NeedsYes) ? new ApprovalLevel(StockPermissions.ApproveCounts) : null,
        };
    }

    private sealed record Gone(Sku Sku, LocationCode Location, ReasonCode Reason, Quantity Quantity, Money Value, Currency Currency, Quantity Still);
}
