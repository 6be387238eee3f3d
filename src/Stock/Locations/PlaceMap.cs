namespace Keel.Stock;

/// The bins of a site as they stand in their aisles, and how full each is.
internal sealed class PlaceMap(KeelDb db, Settings settings)
{
    /// So many bins make one picture; a larger site is shown zone by zone.
    private const int Most = 3000;

    public sealed record Bin(LocationCode Code, PlaceKind Kind, bool IsClosed, Quantity Units, long Skus, int? MaxUnits)
    {
        [NotAColumn]
        public string Level { get; init; } = "";

        [NotAColumn]
        public bool IsFrozen { get; init; }

        /// Of a hundred, where the place says how many it takes.
        [NotAColumn]
        public int? Full => MaxUnits is { } most ? (int)Math.Min(100, Units.Units * 100 / most) : null;
    }

    /// One aisle: what stands at each rack, from the floor upwards.
    public sealed record Aisle(string Name, IReadOnlyDictionary<string, IReadOnlyList<Bin>> Racks);

    public IReadOnlyList<Aisle> Aisles { get; private set; } = [];

    /// The racks of all aisles, the first one first.
    public IReadOnlyList<string> Racks { get; private set; } = [];
    public IReadOnlyList<string> Zones { get; private set; } = [];
    public string? Zone { get; private set; }
    public int Bins { get; private set; }
    public int Filled { get; private set; }
    public bool IsCut { get; private set; }

    public async Task Load(NodeCode node, string? zone, CancellationToken ct = default)
    {
        var places = await Places.Of(settings, ct);
        var all = await db.Query<Bin>(
            $"""
            select l.code, l.kind, l.closed_at is not null as is_closed, l.max_units, coalesce(v.units, 0)::bigint as units, coalesce(v.skus, 0)::bigint as skus
            from stock.location l
            left join (select location, sum(on_hand) as units, count(*) as skus from stock.level where company_id = {db.Company} and node = {node} and on_hand > 0 group by location) v on v.location = l.code
            where l.company_id = {db.Company} and l.node = {node} and l.tier = 'Bin' order by l.code
            """, ct);
        var placed = all.Select(b => (Bin: b with { IsFrozen = places.IsFrozen(b.Code) }, At: Split(node, b.Code))).ToArray();
        Zones = [.. placed.Select(b => b.At.Zone).Distinct()];
        Zone = zone is not null && Zones.Contains(zone) ? zone : placed.Length > Most ? Zones[0] : null;
        var shown = placed.Where(b => Zone is null || b.At.Zone == Zone).ToArray();
        IsCut = shown.Length > Most;
        shown = [.. shown.Take(Most)];
        (Bins, Filled) = (shown.Length, shown.Count(b => b.Bin.Units.IsPositive));
        Aisles = [.. shown.GroupBy(b => b.At.Aisle).Select(a => new Aisle(a.Key,
            a.GroupBy(b => b.At.Rack).ToDictionary(r => r.Key, r => (IReadOnlyList<Bin>)[.. r.Select(b => b.Bin with { Level = b.At.Level }).Reverse()])))];
        Racks = [.. shown.Select(b => b.At.Rack).Distinct().OrderBy(r => r.Length).ThenBy(r => r, StringComparer.Ordinal)];
    }

    /// A code says where a bin stands: `MAIN/A-01-02-1` is level 1 of rack 02 in aisle A-01 of zone A; `MAIN/A-01` is rack 01 in aisle A.
    private static (string Zone, string Aisle, string Rack, string Level) Split(NodeCode node, LocationCode code)
    {
        var name = code.Text.StartsWith(node.Text + "/", StringComparison.Ordinal) ? code.Text[(node.Text.Length + 1)..] : code.Text;
        return name.Split('-') switch
        {
            [var only] => ("", "", only, ""),
            [var aisle, var rack] => (aisle, aisle, rack, ""),
            [.. var before, var rack, var level] => (before[0], string.Join('-', before), rack, level),
            _ => ("", "", name, ""),
        };
    }
}
