using System.Collections.Concurrent;

namespace Keel.Pricing.Taxes;

/// The rate, in per cent, of a category of goods in a jurisdiction from a day on.
[Rows("pricing.tax_rate", "company_id", "jurisdiction", "category", "valid_from")]
internal sealed record TaxRate(Id<Company> CompanyId, string Jurisdiction, string Category, decimal Rate, DateOnly ValidFrom);

/// All rates of a company, kept in memory.
internal sealed class TaxRates(IReadOnlyList<TaxRate> rates)
{
    private static readonly IReadOnlyDictionary<string, decimal> None = new Dictionary<string, decimal>();
    private readonly ILookup<string, TaxRate> byJurisdiction = rates.ToLookup(r => r.Jurisdiction);
    private readonly ConcurrentDictionary<(string, DateOnly), IReadOnlyDictionary<string, decimal>> byDay = new();

    public static async Task<TaxRates> Load(KeelDb db, CancellationToken ct) =>
        new(await db.TaxRates.Where($"company_id = {db.Company} order by jurisdiction, category, valid_from", ct));

    public bool Knows(string jurisdiction) => byJurisdiction.Contains(jurisdiction);

    /// The rate of each category that has one in the jurisdiction on the day.
    public IReadOnlyDictionary<string, decimal> On(string jurisdiction, DateOnly day) => byJurisdiction.Contains(jurisdiction)
        ? byDay.GetOrAdd((jurisdiction, day), key => byJurisdiction[key.Item1]
            .Where(r => r.ValidFrom <= key.Item2)
            .GroupBy(r => r.Category)
            .ToDictionary(g => g.Key, g => g.MaxBy(r => r.ValidFrom)!.Rate))
        : None;
}
