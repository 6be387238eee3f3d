namespace Keel.Stock.Contract;

/// Money that a paper says in another currency than the company's. Goods take `Value`, at the rate of the day on which they were charged; what the rate of the
/// bill makes of the same money beyond that is `Exchange`, and never touches stock.
public sealed record ForeignMoney(Money Amount, decimal Rate, Money Value, Money Exchange)
{
    /// The same money taken back.
    public static ForeignMoney operator -(ForeignMoney said) => new(-said.Amount, said.Rate, -said.Value, -said.Exchange);
}

/// Who knows what one unit of a currency is worth in company currency on a day.
public interface IRates
{
    /// The rate of a day, or nothing where none is known.
    Task<decimal?> RateOf(Currency currency, DateOnly day, CancellationToken ct = default);
}
