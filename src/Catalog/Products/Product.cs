using Keel.Catalog.Contract;

namespace Keel.Catalog.Products;

/// Something that is sold, bought and counted under one SKU, in one stock unit. It belongs to no company: prices, costs and stock do.
[Rows("catalog.product", "sku")]
internal sealed record Product(
    Sku Sku, string Name, string? Description, Sku? VariantOf, [property: Json] IReadOnlyDictionary<string, string> Attributes,
    string Unit, bool Measured, string TaxCategory, int? WeightGrams, int? LengthMm, int? WidthMm, int? HeightMm, string? HsCode,
    Lifecycle Lifecycle, int Version, DateTimeOffset ChangedAt, Sku? MergedInto = null, Tracking Tracking = Tracking.None, int? ShelfLifeDays = null, int? LastSaleDays = null)
{
    /// The kind under which its changes are kept.
    public const string Kind = "product";

    private static readonly Dictionary<Lifecycle, Lifecycle[]> Steps = new()
    {
        [Lifecycle.Draft] = [Lifecycle.Active, Lifecycle.Retired],
        [Lifecycle.Active] = [Lifecycle.PhasingOut, Lifecycle.Blocked, Lifecycle.Retired],
        [Lifecycle.PhasingOut] = [Lifecycle.Active, Lifecycle.Blocked, Lifecycle.Retired],
        [Lifecycle.Blocked] = [Lifecycle.Active, Lifecycle.PhasingOut, Lifecycle.Retired],
        [Lifecycle.Retired] = [Lifecycle.Draft],
    };

    /// The steps that are allowed from here.
    public static IReadOnlyList<Lifecycle> StepsFrom(Lifecycle lifecycle) => Steps[lifecycle];

    public bool MayBecome(Lifecycle next) => next == Lifecycle || Steps[Lifecycle].Contains(next);

    /// The fields that a save can be confined to.
    public static readonly IReadOnlyList<string> Fields =
        ["name", "description", "variantOf", "attributes", "unit", "measured", "taxCategory", "weightGrams", "lengthMm", "widthMm", "heightMm", "hsCode", "lifecycle", "tracking", "shelfLifeDays", "lastSaleDays"];

    /// This product with some of another one's fields.
    public Product With(IReadOnlyList<string> fields, Product other)
    {
        T Of<T>(string field, T mine, T its) => fields.Contains(field) ? its : mine;
        return new Product(
            Sku, Of("name", Name, other.Name), Of("description", Description, other.Description), Of("variantOf", VariantOf, other.VariantOf),
            Of("attributes", Attributes, other.Attributes), Of("unit", Unit, other.Unit), Of("measured", Measured, other.Measured),
            Of("taxCategory", TaxCategory, other.TaxCategory), Of("weightGrams", WeightGrams, other.WeightGrams), Of("lengthMm", LengthMm, other.LengthMm),
            Of("widthMm", WidthMm, other.WidthMm), Of("heightMm", HeightMm, other.HeightMm), Of("hsCode", HsCode, other.HsCode),
            Of("lifecycle", Lifecycle, other.Lifecycle), other.Version, other.ChangedAt, MergedInto, Of("tracking", Tracking, other.Tracking),
            Of("shelfLifeDays", ShelfLifeDays, other.ShelfLifeDays), Of("lastSaleDays", LastSaleDays, other.LastSaleDays));
    }

    /// Says the same about the product as another version of it.
    public bool SaysTheSameAs(Product other) =>
        this with { Attributes = other.Attributes, Version = other.Version, ChangedAt = other.ChangedAt } == other && HasTheAttributesOf(other);

    public bool HasTheAttributesOf(Product other) =>
        Attributes.Count == other.Attributes.Count
        && Attributes.All(a => other.Attributes.TryGetValue(a.Key, out var value) && value == a.Value);
}
