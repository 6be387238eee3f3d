using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// How bins are named at each site. Other places, such as a dock, bear any code; a site without a pattern takes any.
public sealed record PlaceNaming([MaxLength(100)] IReadOnlyList<PlaceNaming.SitePattern>? Sites = null) : IPolicy<PlaceNaming>
{
    /// The pattern of one site, such as `{zone}-{aisle:00}-{rack:00}-{level}`: what stands behind the site's code and a slash.
    public sealed record SitePattern(
        NodeCode Node,
        [Required, MaxLength(60)]
        [RegularExpression(PlacePattern.Shape, ErrorMessage = "is built of parts, each a word in braces; behind the word :00 stands for digits, :A for a letter.")]
        string Pattern);

    public static string Kind => "place-naming";
    public static PlaceNaming AsDelivered => new();
    public static string Says => "How the codes of bins are built at each site: by a pattern of parts, such as {zone}-{aisle:00}-{rack:00}-{level}. Bins that are there already keep their codes.";
    public static IReadOnlyList<string> UsedBy => ["stock.create-locations", "stock.generate-locations"];

    /// The pattern of a site, where it has one.
    public string? PatternOf(NodeCode node) => Sites?.FirstOrDefault(s => s.Node == node)?.Pattern;

    /// Why a new place cannot be called so, or nothing.
    internal string? Wrong(NodeCode node, LocationCode code, PlaceKind kind, PlaceTier tier)
    {
        if (tier is not PlaceTier.Bin || kind is not (PlaceKind.Storage or PlaceKind.PickFace) || PatternOf(node) is not { } pattern) return null;
        var fits = code.Text.StartsWith(node.Text + "/", StringComparison.Ordinal) && new PlacePattern(pattern).Fits(code.Text[(node.Text.Length + 1)..]);
        return fits ? null : $"Bins of {node} are named {node}/{pattern}; {code} is not. Choose a code that is.";
    }
}
