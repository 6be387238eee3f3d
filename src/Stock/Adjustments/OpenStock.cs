using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Takes over what lay in the places when Keel began, at what it cost: inventory against the account of opening balances. A place that holds goods already is counted instead.
[Operation("stock.open", StockPermissions.Value, Said = "took over opening stock", Icon = "stock")]
internal sealed class OpenStock(KeelDb db, StockDesk stock, Settings settings, ProductGuard products) : IOperation<OpenStock.Request, IReadOnlyList<DocumentRef>>, IAssess<OpenStock.Request, IReadOnlyList<DocumentRef>>
{
    /// `HappenedAt` is the instant for which the balances hold, where that was earlier.
    public sealed record Request([Required, MinLength(1), MaxLength(5_000)] IReadOnlyList<Line> Lines, DateTimeOffset? HappenedAt = null);

    /// `UnitCost` is what one of `Unit` cost, in company currency; without a unit, one of the stock unit.
    public sealed record Line(
        LocationCode Location, Sku Sku, [Positive] Quantity Quantity, [Range(typeof(decimal), "0", "1000000000"), Display(Name = "Unit cost")] decimal UnitCost, LotCode? Lot = null, DateOnly? ExpiresOn = null,
        GoodsCondition Condition = GoodsCondition.Good, [MaxLength(12)] string? Unit = null, [MaxLength(200)] string? Note = null);

    public static readonly ReasonCode Reason = "opening";
    public static readonly Error Twice = Error.Invalid("stock.opened-twice", "The same goods stand on two lines for one place. Put them on one.");
    public static readonly Error NotEmpty = new("stock.opening-not-empty", "This place holds these goods already. Count it instead.");
    public static readonly Error InFuture = Error.Invalid("stock.opened-in-the-future", "Opening balances hold for an instant that is over. Leave the instant out, or give an earlier one.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        if (request.HappenedAt > db.Now) return InFuture;
        var (seen, twice) = (new HashSet<(LocationCode, Sku, LotCode?, GoodsCondition)>(), new LineRefusals("lines"));
        foreach (var (line, at) in request.Lines.Select((l, i) => (l, i)))
            if (!seen.Add((line.Location, line.Sku, line.Lot, line.Condition))) twice.Add(at, "sku", Twice.With($"{line.Sku} stands on two lines for {line.Location}. Put it on one."));
        if (twice.All is { } doubled) return doubled;
        var currency = (await Network.Of(settings, ct)).Company.Currency;
        var worth = request.Lines.Select(l => UnitPrice.Of(l.UnitCost, currency).Times(l.Quantity)).ToArray();
        var opened = await products.InStockUnits(request.Lines, l => (l.Sku, l.Quantity, l.Unit), (l, q) => l with { Quantity = q, Unit = null }, ct, "lines");
        if (!opened.Ok) return opened.Error!;
        if (await products.Check(opened.Value.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } wrong) return wrong;

        db.Work.HappenedAt = request.HappenedAt;
        db.Work.IsWorth(worth.Aggregate(Money.Zero(currency), (sum, w) => sum + w));
        var papers = await stock.Adjust([.. opened.Value.Select((l, i) => new Count(l.Location, l.Sku, l.Quantity, Reason, l.Note) { Lot = l.Lot, ExpiresOn = l.ExpiresOn, Condition = l.Condition, Opening = worth[i] })], ct);
        if (!papers.Ok) return papers;
        foreach (var (line, at) in request.Lines.Select((l, i) => (l, i))) db.Work.Leaves(at, new UndoCounts.Trace(line.Location, line.Sku, Reason, [.. papers.Value.Select(p => p.Id)], line.Lot));
        return papers;
    }

    public async Task<Effect> Assess(Request request, IReadOnlyList<DocumentRef> answer, CancellationToken ct)
    {
        var ids = answer.Select(d => d.Id).ToArray();
        var papers = await db.Table<StockDocument>().Where($"company_id = {db.Company} and id = any({ids}) order by node", ct);
        var total = papers.Aggregate(Money.Zero(papers[0].Currency), (sum, d) => sum + d.Value);
        return new Effect(total, [], $"Takes over opening stock of {request.Lines.Count} lines, worth {total}.") { Nodes = [.. papers.Select(p => p.Node).Distinct()] };
    }
}
