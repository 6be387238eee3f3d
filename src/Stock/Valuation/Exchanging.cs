using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// What a line of a paper says in another currency, at the rate that its goods took.
[Rows("stock.foreign_cost", "document_id", "line")]
internal sealed record ForeignCost(Guid DocumentId, int Line, Id<Company> CompanyId, Money Amount, Currency AmountCurrency, decimal Rate, Money Value, Money Exchange, Currency Currency)
{
    public static ForeignCost Of(Guid document, int line, Id<Company> company, ForeignMoney said) =>
        new(document, line, company, said.Amount, said.Amount.Currency, said.Rate, said.Value, said.Exchange, said.Value.Currency);

    [NotAColumn]
    public ForeignMoney Said => new(Amount, Rate, Value, Exchange);
}

/// What one unit of another currency is worth in company currency.
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class RateAttribute() : RangeAttribute(typeof(decimal), "0.0000000001", "1000000000");

/// Turns money of other currencies into the company's, at the rate that a paper says or the one that is noted for its day.
internal sealed class Exchanging(KeelDb db, Settings settings, IRates rates)
{
    public static readonly Error NoRate = Error.Invalid("stock.no-rate", "No rate is known for this currency on this day. Say the rate of the bill, or note the rate of the day.");

    /// The rates of some currencies; the company's own is one.
    public async Task<Result<IReadOnlyDictionary<Currency, decimal>>> Rates(IEnumerable<Currency> currencies, decimal? said, DateOnly day, CancellationToken ct)
    {
        var found = new Dictionary<Currency, decimal> { [(await Network.Of(settings, ct)).Company.Currency] = 1 };
        foreach (var currency in currencies.Distinct().Where(c => !found.ContainsKey(c)).ToArray())
        {
            if ((said ?? await rates.RateOf(currency, day, ct)) is not { } rate) return NoRate.With($"No rate is known for {currency} on {day:yyyy-MM-dd}. Say the rate of the bill, or note the rate of the day.");
            found[currency] = rate;
        }

        return found;
    }

    /// The noted rate of a day, or nothing.
    public Task<decimal?> Noted(Currency currency, DateOnly day, CancellationToken ct) => rates.RateOf(currency, day, ct);

    /// What papers said in other currencies, line by line.
    public Later<List<ForeignCost>> Ask(IReadOnlyList<Guid> documents) =>
        db.Ask<ForeignCost>($"{new SqlText.Verbatim($"select {RowMap<ForeignCost>.Instance.Names} from stock.foreign_cost")} where document_id = any({documents}) order by document_id, line");

    /// Money at a rate, or nothing of the kind where it is the company's own.
    public static ForeignMoney? Said(Money amount, decimal rate, Currency into) =>
        amount.Currency == into ? null : new ForeignMoney(amount, rate, Convert(amount, rate, into), Money.Zero(into));

    /// An amount in another currency, rounded once to the smallest unit of the company's.
    public static Money Convert(Money amount, decimal rate, Currency into) =>
        amount.Currency == into ? amount : new((long)Math.Round(amount.Amount * rate * into.Scale, MidpointRounding.AwayFromZero), into);

    /// A bill takes the place of what was counted on in its currency: its goods keep the rate at which they were charged, and what the rate of the bill
    /// makes of it is an exchange difference.
    public static ForeignMoney AtRateOf(IEnumerable<ForeignCost> before, ForeignMoney billed)
    {
        var same = before.Where(b => b.AmountCurrency == billed.Amount.Currency).ToArray();
        var whole = same.Sum(b => b.Amount.Amount);
        if (whole == 0) return billed;
        var value = Convert(billed.Amount, same.Sum(b => b.Value.Amount) / whole, billed.Value.Currency);
        return billed with { Value = value, Exchange = billed.Value - value };
    }
}
