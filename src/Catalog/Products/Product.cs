using Keel.Catalog.Contract;

namespace Keel.Catalog.Products;

/// Something that is sold, bought and counted under one SKU, in one stock unit. It belongs to no company: prices, costs and stock do.
[Rows("catalog.product", "sku")]
internal sealed record Product(
    Sku Sku, string Name, string? Description, Sku? VariantOf, [property: Json] IReadOnlyDictionary<string, string> Attributes,
    string Unit, bool Measured, string TaxCategory, int? WeightGrams, int? LengthMm, int? WidthMm, int? HeightMm, string? HsCode,
    Lifecycle Lifecycle, int Version, DateTimeOffset ChangedAt)
{
    /// The kind under which its changes are kept.
    public const string Kind = "product";

    private static readonly Dictionary<Lifecycle, Lifecycle[]> Steps = new()
    {
        [Lifecycle.Draft] = [Lifecycle.Active, Lifecycle.Retired],
        [Lifecycle.Active] = [Lifecycle.PhasingOut, Lifecycle.Retired],
        [Lifecycle.PhasingOut] = [Lifecycle.Active, Lifecycle.Retired],
        [Lifecycle.Retired] = [Lifecycle.Draft],
    };

    /// The steps that are allowed from here.
    public static IReadOnlyList<Lifecycle> StepsFrom(Lifecycle lifecycle) => Steps[lifecycle];

    public bool MayBecome(Lifecycle next) => next == Lifecycle || Steps[Lifecycle].Contains(next);

    /// Says the same about the product as another version of it.
    public bool SaysTheSameAs(Product other) =>
        this with { Attributes = other.Attributes, Version = other.Version, ChangedAt = other.ChangedAt } == other
        && Attributes.Count == other.Attributes.Count
        && Attributes.All(a => other.Attributes.TryGetValue(a.Key, out var value) && value == a.Value);
}
