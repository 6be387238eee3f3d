namespace Keel.Stock;

/// A warehouse as a pattern lays it out: the bins in walking order and the places above them, each under its own.
internal sealed class Layout(
    Id<Company> company, GenerateLocations.Request request, PlacePattern pattern, IReadOnlyList<string>[] ranges, HashSet<string> pickFaces, LocationCode under, Places places)
{
    private readonly HashSet<LocationCode> codes = [];
    private readonly List<LocationCode> clashes = [];

    /// The part that counts along the aisle, and the one that counts upwards, where there is one.
    private readonly int rackAt = pattern.Parts is [_, .., "level"] ? pattern.Parts.Count - 2 : pattern.Parts.Count - 1;
    private int aisles;
    private int order = places.ByCode.Values.Where(l => l.Node == request.Node && l.PickOrder < 1_000_000).Select(l => l.PickOrder).DefaultIfEmpty().Max();

    /// Everything that is added, what lies above before what lies below.
    public List<Location> Made { get; } = [];

    public List<Location> Bins { get; } = [];

    /// Why it cannot be laid out so, or nothing.
    public Error? Make()
    {
        if (pattern.CodeOf([.. ranges.Select(r => r.MaxBy(v => v.Length)!)]).Length + request.Node.Text.Length + 1 > LocationCode.MaxLength)
            return GenerateLocations.TooLong;
        Aisles([], under);
        if (clashes.Count > 0)
            return GenerateLocations.Clash.With($"{clashes.Count} of these places are there already, {clashes[0]} among them. Change the ranges.");
        return codes.Count < Made.Count ? GenerateLocations.Ambiguous : null;
    }

    private void Aisles(IReadOnlyList<string> before, LocationCode parent)
    {
        if (before.Count == rackAt)
        {
            Walk(before, parent);
            aisles++;
            return;
        }

        foreach (var value in ranges[before.Count])
        {
            string[] values = [.. before, value];
            Aisles(values, Above(values, parent));
        }
    }

    /// One aisle, forth or back.
    private void Walk(IReadOnlyList<string> aisle, LocationCode parent)
    {
        var racks = ranges[rackAt];
        for (var i = 0; i < racks.Count; i++)
        {
            var at = aisles % 2 == 0 ? i : racks.Count - 1 - i;
            string[] rack = [.. aisle, racks[at]];
            if (rackAt == ranges.Length - 1)
            {
                Bin(rack, parent, at, 0);
                continue;
            }

            var above = Above(rack, parent);
            for (var level = 0; level < ranges[^1].Count; level++) Bin([.. rack, ranges[^1][level]], above, at, level);
        }
    }

    private void Bin(IReadOnlyList<string> values, LocationCode parent, int rack, int level)
    {
        var code = Coded(values);
        if (places.ByCode.ContainsKey(code) || places.ByBarcode.ContainsKey(code.Text)) clashes.Add(code);
        var bin = new Location(company, code, request.Node, parent, pickFaces.Contains(values[^1]) ? PlaceKind.PickFace : request.Kind, code.Text, ++order)
        {
            Tier = PlaceTier.Bin, AlongCm = rack * request.RackCm, AcrossCm = aisles * request.AisleCm, HeightCm = level * request.LevelCm,
        };
        codes.Add(code);
        Made.Add(bin);
        Bins.Add(bin);
    }

    /// The place above that the values lead to: the one that is there, or a new one.
    private LocationCode Above(IReadOnlyList<string> values, LocationCode parent)
    {
        var code = Coded(values);
        if (places.ByCode.TryGetValue(code, out var there))
        {
            if (there.Node != request.Node || there.Tier is PlaceTier.Bin || there.IsClosed) clashes.Add(code);
            return code;
        }

        codes.Add(code);
        Made.Add(new Location(company, code, request.Node, parent, request.Kind, code.Text, order + 1) { Tier = TierOf(values.Count - 1) });
        return code;
    }

    private LocationCode Coded(IReadOnlyList<string> values) => $"{request.Node}/{pattern.CodeOf(values)}";

    private PlaceTier TierOf(int part) =>
        Enum.TryParse<PlaceTier>(pattern.Parts[part], ignoreCase: true, out var tier) && tier is not PlaceTier.Bin ? tier
        : part == rackAt ? PlaceTier.Rack : part == rackAt - 1 ? PlaceTier.Aisle : PlaceTier.Zone;
}
