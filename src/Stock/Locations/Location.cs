using System.Collections.Frozen;

namespace Keel.Stock;

/// The kinds of place. What stock there counts as stands in one table, `Place.Rules`, and again in `stock.place_kind`.
public enum PlaceKind
{
    Storage,
    PickFace,
    Receiving,
    Packing,
    Staging,
    Quality,
    Quarantine,
    Damaged,
    Returns,
    Transit,
    Supplier,
    Customer,
    Production,
    Loss,
    Scrap,
}

/// Whether stock in a place is on hand, may be promised, may be picked, and is valued.
internal readonly record struct PlaceRule(bool Counted, bool Promisable, bool Pickable, bool Valued);

/// The one table that says what stock in a place counts as.
internal static class Place
{
    public static readonly FrozenDictionary<PlaceKind, PlaceRule> Rules = new Dictionary<PlaceKind, PlaceRule>
    {
        [PlaceKind.Storage] = new(true, true, true, true),
        [PlaceKind.PickFace] = new(true, true, true, true),
        [PlaceKind.Receiving] = new(true, true, false, true),
        [PlaceKind.Packing] = new(true, false, false, true),
        [PlaceKind.Staging] = new(true, false, false, true),
        [PlaceKind.Quality] = new(true, false, false, true),
        [PlaceKind.Quarantine] = new(true, false, false, true),
        [PlaceKind.Damaged] = new(true, false, false, true),
        [PlaceKind.Returns] = new(true, false, false, true),
        [PlaceKind.Transit] = new(false, false, false, true),
        [PlaceKind.Supplier] = new(false, false, false, false),
        [PlaceKind.Customer] = new(false, false, false, false),
        [PlaceKind.Production] = new(false, false, false, false),
        [PlaceKind.Loss] = new(false, false, false, false),
        [PlaceKind.Scrap] = new(false, false, false, false),
    }.ToFrozenDictionary();

    public static readonly LocationCode Supplier = "SUPPLIER";
    public static readonly LocationCode Customer = "CUSTOMER";
    public static readonly LocationCode Transit = "TRANSIT";
    public static readonly LocationCode Loss = "LOSS";
    public static readonly LocationCode Scrap = "SCRAP";

    public static LocationCode In(NodeCode node, string place) => $"{node}/{place}";
}

/// A place: a warehouse, a zone in it, a bin; or one of the places outside, where goods come from and go to.
[Rows("stock.location", "company_id", "code")]
internal sealed record Location(Id<Company> CompanyId, LocationCode Code, NodeCode Node, LocationCode? Parent, PlaceKind Kind, string Name, int PickOrder)
{
    [NotAColumn]
    public PlaceRule Rule => Place.Rules[Kind];
}

/// The places of a company, kept in memory as settings are.
internal sealed record Places(IReadOnlyDictionary<LocationCode, Location> ByCode)
{
    public static Task<Places> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    private static async Task<Places> Load(KeelDb db, CancellationToken ct)
    {
        var all = await db.Table<Location>().Where($"company_id = {db.Company} order by code", ct);
        return new Places(all.ToDictionary(l => l.Code));
    }
}
