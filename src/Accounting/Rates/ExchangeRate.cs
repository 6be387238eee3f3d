namespace Keel.Accounting;

/// What one unit of a currency is worth in company currency, from a day on.
[Rows("accounting.exchange_rate", "company_id", "currency", "day", "changed_at")]
internal sealed record ExchangeRate(Id<Company> CompanyId, Currency Currency, DateOnly Day, decimal Rate, string ChangedBy, DateTimeOffset ChangedAt);

/// The rates of a company, as one operation sees them.
internal sealed class RateTable(IReadOnlyList<ExchangeRate> rates)
{
    private readonly ILookup<Currency, ExchangeRate> byCurrency = rates.OrderBy(r => r.Day).ThenBy(r => r.ChangedAt).ToLookup(r => r.Currency);

    public static Task<RateTable> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    /// The rate of a day, or nothing where none is known.
    public decimal? RateOf(Currency currency, DateOnly day) => byCurrency[currency].LastOrDefault(r => r.Day <= day)?.Rate;

    /// An amount in another currency, rounded once to its smallest unit.
    public static Money Convert(Money amount, decimal rate, Currency into) =>
        new((long)Math.Round(amount.Amount * rate * into.Scale, MidpointRounding.AwayFromZero), into);

    private static async Task<RateTable> Load(KeelDb db, CancellationToken ct) =>
        new(await db.Table<ExchangeRate>().Where($"company_id = {db.Company}", ct));
}
