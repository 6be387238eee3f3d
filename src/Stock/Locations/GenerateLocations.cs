using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// Adds a whole warehouse from a pattern: its zones, aisles, racks and bins, with walking order and coordinates. Aisles are walked in a
/// serpentine: up the first, down the second.
[Operation("stock.generate-locations", StockPermissions.Locations, ChangesSettings = true, Said = "laid out {node|a site}", Icon = "warehouse")]
internal sealed class GenerateLocations(KeelDb db, Settings settings, Policies policies) : IOperation<GenerateLocations.Request, GenerateLocations.Answer>
{
    public sealed record Request(
        NodeCode Node,
        [Required, MaxLength(60)]
        [RegularExpression(PlacePattern.Shape, ErrorMessage = "is built of parts, each a word in braces; behind the word :00 stands for digits, :A for a letter.")]
        string Pattern,
        [Required, MinLength(1), MaxLength(6)] IReadOnlyList<Part> Parts,
        PlaceKind Kind = PlaceKind.Storage, [MaxLength(60)] string? PickFaces = null, LocationCode? Under = null,
        [Range(1, 100_000)] int RackCm = 120, [Range(1, 100_000)] int AisleCm = 350, [Range(1, 10_000)] int LevelCm = 150);

    /// One part of the pattern and what it may be: `aisle`, `1-20`.
    public sealed record Part([Required, MaxLength(30)] string Name, [Required, MaxLength(200)] string Values);

    /// How many bins came to be, how many places above them, and the codes at both ends of the walk.
    public sealed record Answer(NodeCode Node, int Bins, int Above, LocationCode First, LocationCode Last);

    /// So many bins at once.
    public const int Most = 20_000;

    public static readonly Error PartsDiffer = Error.Invalid("stock.pattern-parts", "Say for each part of the pattern once what it may be.");
    public static readonly Error NotARange = Error.Invalid("stock.pattern-range", "Write letters or numbers: A-D, 1-20, or 1,3,5.");
    public static readonly Error TooMany = Error.Invalid("stock.too-many-places", "This makes more places than can be added at once. Lay out one zone after the other.");
    public static readonly Error Ambiguous = Error.Invalid("stock.pattern-ambiguous", "The pattern gives two bins one code. Put a mark between its parts.");
    public static readonly Error Clash = new("stock.places-clash", "Some of these places are there already. Change the ranges.");
    public static readonly Error TooLong = Error.Invalid("stock.place-code-long", "A code has at most 60 characters. Shorten the pattern.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var places = await Places.Of(settings, ct);
        var naming = (await policies.Of<PlaceNaming>(ct)).Choice;
        if (!network.Sites.ContainsKey(request.Node)) return Receiving.NoNode.With($"There is no site {request.Node}. Create the site first.");
        if (!Place.Rules[request.Kind].Counted || request.Kind is PlaceKind.Doubt) return CreateLocations.Outside;
        var under = request.Under ?? Place.In(request.Node, "STOCK");
        if (!places.ByCode.TryGetValue(under, out var top) || top.Node != request.Node)
            return Receiving.NoPlace.With($"There is no place {under} at {request.Node} to put them under.");
        if (places.ClosedAt(under) is { } closed) return closed;
        if (naming.PatternOf(request.Node) is { } rule && rule != request.Pattern)
            return CreateLocations.Misnamed.With($"Bins of {request.Node} are named {rule}. Lay them out with this pattern.");

        var pattern = new PlacePattern(request.Pattern);
        var ranges = Ranges(pattern, request);
        if (!ranges.Ok) return ranges.Error!;
        if (ranges.Value.Aggregate(1L, (product, values) => Math.Min(int.MaxValue, product * values.Count)) is > Most and var many)
            return TooMany.With($"This makes {many} bins; at most {Most} are added at once. Lay out one zone after the other.");

        var pickFaces = PickFaces(pattern, request);
        if (pickFaces is null) return NotARange.With($"{request.PickFaces} is not a part of {pattern.Parts[^1]}. Write letters or numbers: 1, or 1-2.");
        var layout = new Layout(db.Company, request, pattern, ranges.Value, pickFaces, under, places);
        if (layout.Make() is { } wrong) return wrong;
        places.Change(db, [request.Node]);
        db.Table<Location>().Insert(layout.Made);
        db.Work.Concerns(request.Node.Text);
        return new Answer(request.Node, layout.Bins.Count, layout.Made.Count - layout.Bins.Count, layout.Bins[0].Code, layout.Bins[^1].Code);
    }

    private static Result<IReadOnlyList<string>[]> Ranges(PlacePattern pattern, Request request)
    {
        var said = request.Parts.ToLookup(p => p.Name.Trim().ToLowerInvariant(), p => p.Values);
        if (said.Count != pattern.Parts.Count || said.Any(g => g.Count() > 1) || pattern.Parts.Distinct().Count() < pattern.Parts.Count || pattern.Parts.Any(p => !said.Contains(p)))
            return PartsDiffer.With($"The parts of the pattern are {string.Join(", ", pattern.Parts)}. Say for each of them once what it may be.");
        var ranges = new IReadOnlyList<string>[pattern.Parts.Count];
        for (var i = 0; i < ranges.Length; i++)
        {
            var written = said[pattern.Parts[i]].First();
            if (pattern.Values(i, written, Most) is not { } values)
                return NotARange.With($"{written} does not fit the part {pattern.Parts[i]} of {request.Pattern}. Write letters or numbers: A-D, 1-20, or 1,3,5.");
            ranges[i] = values;
        }

        return ranges;
    }

    private static HashSet<string>? PickFaces(PlacePattern pattern, Request request) =>
        request.PickFaces is not { Length: > 0 } written ? [] : pattern.Values(pattern.Parts.Count - 1, written, Most)?.ToHashSet();
}
