using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Puts the book right by what somebody counted, with a reason. Promises that no longer hold give way, visibly.
[Operation("stock.adjust", StockPermissions.Adjust)]
internal sealed class AdjustStock(KeelDb db, StockDesk stock, ProductGuard products) : IOperation<AdjustStock.Request, IReadOnlyList<DocumentRef>>, IAssess<AdjustStock.Request>
{
    public sealed record Request([Required, MinLength(1)] IReadOnlyList<Line> Lines, DateTimeOffset? HappenedAt = null);

    public sealed record Line(LocationCode Location, Sku Sku, [NotNegative] Quantity Counted, ReasonCode Reason, string? Note = null);

    public static readonly Error Twice = Error.Invalid("stock.counted-twice", "The same SKU is counted twice in one place. Send it once.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        if (request.Lines.GroupBy(l => (l.Location, l.Sku)).Any(g => g.Count() > 1)) return Twice;
        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Counted)), ct) is { } wrong) return wrong;
        db.Work.HappenedAt = request.HappenedAt;
        return await stock.Adjust([.. request.Lines.Select(l => new Count(l.Location, l.Sku, l.Counted, l.Reason, l.Note))], ct);
    }

    public async Task<Result<Effect>> Assess(Request request, CancellationToken ct)
    {
        var done = await Run(request, ct);
        if (!done.Ok) return done.Error;
        var ids = done.Value.Select(d => d.Id).ToArray();
        var value = await db.Query<StockDocument>($"{new SqlText.Verbatim($"select {RowMap<StockDocument>.Instance.Names} from stock.document")} where id = any({ids})", ct);
        var total = value.Aggregate(Money.Zero(value[0].Currency), (sum, d) => sum + d.Value);
        return new Effect(total, [], $"Adjusts {request.Lines.Count} places, worth {total}.");
    }
}
