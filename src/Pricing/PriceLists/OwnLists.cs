using Keel.Pricing.Contract;

namespace Keel.Pricing.PriceLists;

/// The customers, by their numbers, and the classes of customers that have price lists of their own, kept in memory as settings are.
internal sealed class OwnLists(IReadOnlyList<PriceList> lists)
{
    private readonly HashSet<string> customers = [.. lists.Select(l => l.Customer).OfType<string>()];
    private readonly HashSet<string> classes = [.. lists.Select(l => l.CustomerClass).OfType<string>()];

    public static Task<OwnLists> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    public bool Any => lists.Count > 0;

    public bool Has(Buyer buyer) => customers.Contains(buyer.Number) || (buyer.Class is { } own && classes.Contains(own));

    private static async Task<OwnLists> Load(KeelDb db, CancellationToken ct) =>
        new(await db.PriceLists.Where($"company_id = {db.Company} and (customer is not null or customer_class is not null)", ct));
}
