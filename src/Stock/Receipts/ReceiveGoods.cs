using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Books goods that were bought into a node; the bill is still to come.
[Operation("stock.receive", StockPermissions.Receive, Said = "received {receipts|the goods}", Icon = "stock")]
internal sealed class ReceiveGoods(KeelDb db, StockDesk stock, ProductGuard products, Exchanging exchanging, Settings settings) : IOperation<ReceiveGoods.Request, IReadOnlyList<DocumentRef>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Receipt> Receipts);

    /// Costs in another currency count at its rate: what one unit is worth in company currency. Left out, it is the rate that is noted for the day.
    public sealed record Receipt(
        NodeCode Node, [Required, MinLength(1)] IReadOnlyList<Line> Lines, Guid? Supplier = null, [MaxLength(60)] string? Reference = null,
        LocationCode? Location = null, DateTimeOffset? HappenedAt = null, [Rate, Display(Name = "Exchange rate")] decimal? Rate = null);

    /// `Lots` names the lot or the serial numbers, separated by commas or lines, of goods that are told apart; `A001..A012` counts up.
    /// `Supply` is the number of what was announced and comes with it. With a `Unit` so many of it came, such as cases; the cost is that of one stock unit.
    public sealed record Line(
        Sku Sku, [Positive] Quantity Quantity, [NotNegative] [property: Cost] [Display(Name = "Cost of one stock unit")] UnitPrice UnitCost, [MaxLength(40_000), Display(Name = "Lot or serials")] string? Lots = null, DateOnly? ExpiresOn = null,
        DateOnly? MadeOn = null, [MaxLength(40), Display(Name = "Announced as")] string? Supply = null, [MaxLength(12)] string? Unit = null);

    public static readonly Error WrongCurrency = Error.Invalid("stock.cost-currency", "The cost is not in the company's currency. Convert it, or book it through a purchase order.");
    public static readonly Error Twice = new("stock.reference-received", "A receipt with this reference is already booked. Nothing was changed.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var counted = await products.InStockUnits([.. request.Receipts.SelectMany(r => r.Lines)], l => (l.Sku, l.Quantity, l.Unit), (l, q) => l with { Quantity = q, Unit = null }, ct);
        if (!counted.Ok) return counted.Error!;
        var lines = counted.Value;
        var entered = new Queue<Line>(lines);
        request = new Request([.. request.Receipts.Select(r => r with { Lines = [.. r.Lines.Select(_ => entered.Dequeue())] })]);
        if (await products.Check(lines.Select(l => (l.Sku, l.Quantity)), ct) is { } wrong) return wrong;

        var references = request.Receipts.Where(r => r.Reference is not null).Select(r => r.Reference!).ToArray();
        if (references.Length > 0)
        {
            var known = await db.Query<string>($"select reference from stock.document where company_id = {db.Company} and kind = 'Receipt' and reference = any({references})", ct);
            if (known.Count > 0 || references.Distinct().Count() < references.Length) return Twice.With($"A receipt with the reference {known.FirstOrDefault() ?? references[0]} is already booked. Nothing was changed.");
        }

        if (request.Receipts.Select(r => r.HappenedAt).Distinct().ToArray() is [var at]) db.Work.HappenedAt = at;
        var announced = request.Receipts.SelectMany(r => r.Lines.Where(l => l.Supply is { Length: > 0 }).Select(l => (l.Supply!, r.Node, l.Sku, l.Quantity))).ToArray();
        if (await stock.Came(announced, ct) is { Ok: false } other) return other.Error!;
        var came = new List<ReceiptRequest>();
        foreach (var receipt in request.Receipts)
        {
            var rates = await exchanging.Rates(receipt.Lines.Select(l => l.UnitCost.Currency), receipt.Rate, network.DayAt(receipt.Node, db.Work.HappenedAt ?? db.Now), ct);
            if (!rates.Ok) return rates.Error!;
            came.Add(new ReceiptRequest(receipt.Node, [.. receipt.Lines.Select(l => Costing(l, rates.Value, network.Company.Currency))], receipt.Supplier, receipt.Reference, receipt.Location));
        }

        return await stock.Receive(came, ct);
    }

    private static ReceiptLine Costing(Line line, IReadOnlyDictionary<Currency, decimal> rates, Currency company)
    {
        var cost = line.UnitCost.Times(line.Quantity);
        var said = Exchanging.Said(cost, rates[cost.Currency], company);
        return new ReceiptLine(line.Sku, line.Quantity, said?.Value ?? cost) { Lots = line.Lots, ExpiresOn = line.ExpiresOn, MadeOn = line.MadeOn, Said = said };
    }
}
