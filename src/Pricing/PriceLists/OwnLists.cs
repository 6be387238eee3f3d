namespace Keel.Pricing.PriceLists;

/// The customers that have price lists of their own, by their numbers, kept in memory as settings are.
internal sealed class OwnLists(IEnumerable<string> customers)
{
    private readonly HashSet<string> customers = [.. customers];

    public static Task<OwnLists> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    public bool Any => customers.Count > 0;

    public bool Has(string customer) => customers.Contains(customer);

    private static async Task<OwnLists> Load(KeelDb db, CancellationToken ct) =>
        new((await db.PriceLists.Where($"company_id = {db.Company} and customer is not null", ct)).Select(l => l.Customer!));
}
