namespace Keel.Stock;

/// The places of a company and what is frozen in them, kept in memory as settings are. Who moves goods says on which version of a site's places
/// it stands, and begins again where somebody changed them meanwhile.
internal sealed class Places
{
    public static readonly Places None = new([], [], []);
    public static readonly Error Closed = new("stock.place-closed", "This place is closed: nothing is put or counted there. Open it again, or name another place.");
    public static readonly Error InDoubt = new("stock.in-doubt", "What stands here is missing somewhere else. The count that missed it decides about it.");
    public static readonly Error Frozen = new("stock.frozen", "This is frozen: it stays where it is until somebody thaws it.");

    private readonly ILookup<LocationCode, Location> children;
    private readonly Dictionary<NodeCode, long> versions;

    /// Frozen places with everything under them; for each whether all in it is frozen, or which SKUs.
    private readonly Dictionary<LocationCode, HashSet<Sku>?> frozenPlaces = [];
    private readonly HashSet<(NodeCode, Sku)> frozenSkus = [];
    private readonly HashSet<(NodeCode, Sku, string)> frozenLots = [];

    public Places(IReadOnlyList<Location> all, IReadOnlyList<Freeze> freezes, IReadOnlyList<SiteVersion> versions)
    {
        ByCode = all.ToDictionary(l => l.Code);
        Freezes = freezes;
        this.versions = versions.ToDictionary(v => v.Node, v => v.Version);
        ByBarcode = all.ToDictionary(l => l.Barcode, l => l.Code);
        children = all.Where(l => l.Parent is not null).ToLookup(l => l.Parent!.Value);
        foreach (var freeze in freezes) Freeze(freeze);
    }

    public IReadOnlyDictionary<LocationCode, Location> ByCode { get; }

    public IReadOnlyDictionary<string, LocationCode> ByBarcode { get; }

    /// What is frozen and not thawed.
    public IReadOnlyList<Freeze> Freezes { get; }

    public static Task<Places> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    /// The places directly in a place.
    public IEnumerable<Location> In(LocationCode place) => children[place];

    /// A place and everything under it.
    public IEnumerable<Location> Under(LocationCode place)
    {
        var left = new Stack<Location>();
        if (ByCode.TryGetValue(place, out var top)) left.Push(top);
        while (left.TryPop(out var one))
        {
            yield return one;
            foreach (var child in children[one.Code]) left.Push(child);
        }
    }

    /// The places that a place lies in, the nearest first.
    public IEnumerable<Location> Above(LocationCode place)
    {
        var at = ByCode.GetValueOrDefault(place)?.Parent;
        while (at is { } code && ByCode.TryGetValue(code, out var above))
        {
            yield return above;
            at = above.Parent;
        }
    }

    public bool IsFrozen(NodeCode node, LocationCode place, Sku sku, string lot = "") =>
        Freezes.Count > 0 && (frozenSkus.Contains((node, sku)) || (lot.Length > 0 && frozenLots.Contains((node, sku, lot))) || (frozenPlaces.TryGetValue(place, out var skus) && skus?.Contains(sku) != false));

    /// Since when goods are frozen where they lie, by whatever froze them first.
    public DateTimeOffset? FrozenSince(Location place, Sku sku, string lot) => !IsFrozen(place.Node, place.Code, sku, lot) ? null
        : Freezes.Where(f => f.Node == place.Node && (f.Sku ?? sku) == sku && (f.Lot is not { } one || one.Text == lot) && (f.Location is not { } at || at == place.Code || Above(place.Code).Any(a => a.Code == at))).Min(f => f.FrozenAt);

    /// Everything in it is frozen, by itself or with a place that it lies in.
    public bool IsFrozen(LocationCode place) => frozenPlaces.TryGetValue(place, out var skus) && skus is null;

    /// Stock of this SKU and lot in this place and condition may be promised.
    public bool IsSellable(Location place, Sku sku, string lot, GoodsCondition condition) =>
        condition is GoodsCondition.Good && place.Rule.Promisable && !IsFrozen(place.Node, place.Code, sku, lot);

    /// Why nothing can be put into a place or counted there, or nothing.
    public Error? ClosedAt(LocationCode code) => !ByCode.TryGetValue(code, out var place) ? null
        : place.Kind is PlaceKind.Doubt ? InDoubt.With($"What stands in {code} is missing somewhere else. The count that missed it decides about it.")
        : place.IsClosed ? Closed.With($"{code} is closed: nothing is put or counted there. Open it again, or name another place.") : null;

    /// The same places with other freezes, as they stand once a change at a site is written.
    public Places With(IReadOnlyList<Freeze> freezes, IReadOnlyList<NodeCode> changed) => new(
        [.. ByCode.Values], freezes,
        [.. versions.Where(v => !changed.Contains(v.Key)).Select(v => new SiteVersion(v.Key, v.Value)), .. changed.Select(n => new SiteVersion(n, VersionOf(n) + 1))]);

    /// Stands on the places of these sites as they are known here, beside others who move goods there.
    public void StandOn(KeelDb db, IEnumerable<NodeCode> nodes) => Queue(db, "stand_on_places", nodes);

    /// Waits for everybody who moves goods at these sites: what is read behind it is what they wrote.
    public static void Await(KeelDb db, IEnumerable<NodeCode> nodes) =>
        db.QueueQuery<int>($"select 1 from (select stock.await_places({db.Company}, {nodes.Distinct().Order().ToArray()})) s", _ => { });

    /// Waits for everybody who moves goods at these sites, and is alone there until the commit.
    public void Change(KeelDb db, IEnumerable<NodeCode> nodes) => Queue(db, "change_places", nodes);

    private void Queue(KeelDb db, string function, IEnumerable<NodeCode> nodes)
    {
        var some = nodes.Distinct().Order().ToArray();
        var known = some.Select(VersionOf).ToArray();
        db.QueueQuery<int>($"select 1 from (select {new SqlText.Verbatim("stock." + function)}({db.Company}, {some}, {known})) s", _ => { });
    }

    private long VersionOf(NodeCode node) => versions.GetValueOrDefault(node);

    private void Freeze(Freeze freeze)
    {
        if (freeze.Location is not { } place)
        {
            if (freeze.Lot is { } lot) frozenLots.Add((freeze.Node, freeze.Sku!.Value, lot.Text));
            else frozenSkus.Add((freeze.Node, freeze.Sku!.Value));
            return;
        }

        foreach (var under in Under(place))
        {
            if (freeze.Sku is not { } sku) frozenPlaces[under.Code] = null;
            else if (!frozenPlaces.TryGetValue(under.Code, out var skus)) frozenPlaces[under.Code] = [sku];
            else skus?.Add(sku);
        }
    }

    /// The versions are read first: what is read after them is as new as they say or newer, and newer is found out by who stands on it.
    private static async Task<Places> Load(KeelDb db, CancellationToken ct)
    {
        var versions = db.Ask<SiteVersion>($"select node, version from stock.site_places where company_id = {db.Company}");
        var freezes = db.Ask<Freeze>($"{Stock.Freeze.Columns} where company_id = {db.Company} and thawed_at is null order by id");
        var all = await db.Table<Location>().Where($"company_id = {db.Company} order by code", ct);
        return new Places(all, freezes.Value, versions.Value);
    }

    /// How often the places of a site were changed.
    public readonly record struct SiteVersion(NodeCode Node, long Version);
}
