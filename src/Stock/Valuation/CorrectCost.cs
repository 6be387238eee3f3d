using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// The bill says another price than the receipt did: what is there is worth more or less by it, and what is gone had cost more or less. In another currency
/// the goods keep the rate of the day on which they came: another price is a difference of price, another rate is an exchange difference.
[Operation("stock.correct-cost", StockPermissions.Value, Said = "put the cost of a receipt right", Icon = "edit")]
internal sealed class CorrectCost(KeelDb db, Revaluing revaluing, LateCosts late, Exchanging exchanging, Settings settings) : IOperation<CorrectCost.Request, DocumentRef>, IAssess<CorrectCost.Request, DocumentRef>
{
    /// `Rate` is what one unit of the bill's currency is worth in company currency; left out, it is the rate that is noted for today.
    public sealed record Request([Required, MaxLength(40)] string Receipt, [Required, MinLength(1), MaxLength(500)] IReadOnlyList<Line> Lines, [Required, MaxLength(200)] string Reason, [Rate, Display(Name = "Exchange rate")] decimal? Rate = null);

    public sealed record Line(Sku Sku, [NotNegative, Display(Name = "Billed for one")] [property: Cost] UnitPrice UnitCost);

    public static readonly Error Same = new("stock.correct-cost-same", "The bill says what the receipt said: nothing changes.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (request.Lines.GroupBy(l => l.Sku).Any(g => g.Count() > 1)) return Revaluing.Twice;
        var paper = await revaluing.Begin("RV", "revaluation", request.Reason, ct);
        var rates = await exchanging.Rates(request.Lines.Select(l => l.UnitCost.Currency), request.Rate, paper.Day, ct);
        if (!rates.Ok) return rates.Error!;
        var found = await late.Find([request.Receipt], ct);
        if (!found.Ok) return found.Error!;
        if (request.Lines.FirstOrDefault(l => found.Value.All(f => f.Sku != l.Sku)) is { } other) return LateCosts.NoReceipt.With($"{request.Receipt} brought none of {other.Sku}. Look at its lines.");
        var price = request.Lines.ToDictionary(l => l.Sku, l => l.UnitCost);
        db.Work.Concerns(request.Receipt);
        LateCosts.Line[] lines = [.. found.Value.Where(f => price.ContainsKey(f.Sku))];
        var atReceipt = await RatesAtReceipt(lines[0], rates.Value, ct);
        Later<List<LateCosts.After>>? after = null;
        Later<List<Corrected>>? before = null;
        Later<List<ForeignCost>>? came = null;
        var shelf = await Shelf.ToValue(db, revaluing.Currency, lines.Select(l => l.Sku), create: false, ct, () =>
        {
            after = late.AskAfter(lines);
            before = AskCorrected(lines[0].Receipt);
            came = exchanging.Ask([lines[0].Receipt]);
        });
        var afterOf = after!.Value.ToDictionary(a => (a.Receipt, a.Nr));
        List<ValuedLine> stock = [], sold = [];
        var rows = new List<CostCorrection>();
        var said = new List<(int Line, ForeignMoney Money)>();
        foreach (var line in lines)
        {
            var billed = price[line.Sku].Times(line.Quantity);
            var currency = billed.Currency;
            var bill = Differing.Of(line.Value, came!.Value.Find(c => c.Line == line.Nr), [.. before!.Value.Where(b => b.ReceiptLine == line.Nr)], billed, rates.Value[currency], atReceipt[currency]);
            if (bill.Price.IsZero && bill.Exchange.IsZero) continue;
            var (borne, _) = LateCosts.Bear(shelf.WorthOf(line.Sku), line, afterOf.GetValueOrDefault((line.Receipt, line.Nr)), bill.Price);
            shelf.Tell(line.Sku, borne, paper, line.Nr, $"billed price of {line.Number}");
            var toStock = Revaluing.Sum(borne, revaluing.Currency);
            stock.Add(new ValuedLine(line.Sku, line.Quantity, toStock));
            sold.Add(new ValuedLine(line.Sku, 0, bill.Price - toStock));
            rows.Add(new CostCorrection(paper.Document.Id, line.Receipt, line.Nr, db.Company, line.Sku, bill.Price, revaluing.Currency));
            if (bill.Said is { } money) said.Add((line.Nr, money));
        }

        if (rows.Count == 0) return Same;
        shelf.Write();
        revaluing.End(shelf, paper, StockDocumentKind.Revaluation, RevaluationCause.BilledPrice, lines[0].Node, stock, sold, [.. said.Select(s => s.Money)]);
        db.Table<CostCorrection>().Insert(rows);
        db.Table<ForeignCost>().Insert([.. said.Select(s => ForeignCost.Of(paper.Document.Id, s.Line, db.Company, s.Money))]);
        return paper.Document;
    }

    /// The rates of the day on which the goods came; where none is noted, that of the bill.
    private async Task<IReadOnlyDictionary<Currency, decimal>> RatesAtReceipt(LateCosts.Line line, IReadOnlyDictionary<Currency, decimal> billed, CancellationToken ct)
    {
        var day = (await Network.Of(settings, ct)).DayAt(line.Node, line.HappenedAt);
        var rates = new Dictionary<Currency, decimal>();
        foreach (var (currency, rate) in billed) rates[currency] = currency == revaluing.Currency ? 1 : await exchanging.Noted(currency, day, ct) ?? rate;
        return rates;
    }

    private Later<List<Corrected>> AskCorrected(Guid receipt) => db.Ask<Corrected>(
        $"""
        select c.receipt_line, c.value, c.currency, coalesce(f.exchange, 0) as exchange, coalesce(f.amount, 0) as amount, coalesce(f.amount_currency, c.currency) as amount_currency
        from stock.cost_correction c left join stock.foreign_cost f on f.document_id = c.document_id and f.line = c.receipt_line where c.receipt_id = {receipt}
        """);

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, $"Puts the cost of {request.Receipt} right", [.. request.Lines.Select(l => l.Sku)], ct);
}

/// What an earlier bill made of a line of a receipt.
internal sealed record Corrected(int ReceiptLine, Money Value, Currency Currency, Money Exchange, Money Amount, Currency AmountCurrency);

/// By how much a bill differs from what its goods stand at: by its price, at the rate that they took, and by its rate.
internal readonly record struct Differing(Money Price, Money Exchange, ForeignMoney? Said)
{
    /// `worth` is what the line came in at, `came` what its receipt said in another currency, `before` what earlier bills made of it.
    public static Differing Of(Money worth, ForeignCost? came, IReadOnlyList<Corrected> before, Money billed, decimal rate, decimal rateAtReceipt)
    {
        var company = worth.Currency;
        var own = came?.AmountCurrency == billed.Currency ? came : null;
        var atBill = Exchanging.Said(billed, rate, company) ?? new ForeignMoney(billed, 1, billed, Money.Zero(company));
        var said = own is not null ? Exchanging.AtRateOf([own], atBill) : atBill with { Value = Exchanging.Convert(billed, rateAtReceipt, company) };
        var price = before.Aggregate(said.Value - worth, (left, b) => left - b.Value);
        var exchange = before.Aggregate(Exchanging.Convert(billed, rate, company) - said.Value, (left, b) => left - b.Exchange);
        if (own is not null)
        {
            var more = before.Where(b => b.AmountCurrency == billed.Currency).Aggregate(billed - own.Amount, (left, b) => left - b.Amount);
            return new Differing(price, exchange, new ForeignMoney(more, rate, price, exchange));
        }

        // What the receipt said in company currency stays owed in it.
        return new Differing(price, exchange, exchange.IsZero ? null : new ForeignMoney(price + exchange, 1, price, exchange));
    }
}

/// By how much the price of a receipt's line was put right.
[Rows("stock.cost_correction", "document_id", "receipt_id", "receipt_line")]
internal sealed record CostCorrection(Guid DocumentId, Guid ReceiptId, int ReceiptLine, Id<Company> CompanyId, Sku Sku, Money Value, Currency Currency);
