using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Kernel.Views;

namespace Keel.Catalog.Products;

/// Everything that is kept about one product.
[View("catalog.product", CatalogPermissions.Read)]
internal sealed class ProductFile : IView<ProductFile.Row, ProductFile.Args>
{
    public sealed record Args(Sku Sku);

    public sealed record Row
    {
        [Key] public required Sku Sku { get; init; }
        public required string Name { get; init; }
        public string? Description { get; init; }
        public Sku? VariantOf { get; init; }
        public required string Unit { get; init; }
        public required bool Measured { get; init; }
        public required string TaxCategory { get; init; }
        public int? WeightGrams { get; init; }
        public int? LengthMm { get; init; }
        public int? WidthMm { get; init; }
        public int? HeightMm { get; init; }
        public string? HsCode { get; init; }
        public required Lifecycle Lifecycle { get; init; }
        public required Tracking Tracking { get; init; }
        public int? ShelfLifeDays { get; init; }
        public int? LastSaleDays { get; init; }
        public required int Version { get; init; }
        public required DateTimeOffset ChangedAt { get; init; }
        public required int Variants { get; init; }
        public string? Attributes { get; init; }
        public string? Aliases { get; init; }
        public string? Merged { get; init; }
        public KitKind? Kit { get; init; }

        /// Length × width × height, where all three are known.
        [NotAColumn]
        public string? Dimensions => (LengthMm, WidthMm, HeightMm) is ({ } length, { } width, { } height)
            ? $"{length} × {width} × {height} mm" : null;
    }

    public FormattableString Rows(Args args) =>
        $"""
        select p.sku, p.name, p.description, p.variant_of, p.unit, p.measured, p.tax_category, p.weight_grams, p.length_mm, p.width_mm,
          p.height_mm,
          p.hs_code, p.lifecycle, p.tracking, p.shelf_life_days, p.last_sale_days, p.version, p.changed_at,
          (select count(*)::integer from catalog.product v where v.variant_of = p.sku) as variants,
          (select string_agg(a.key || ': ' || a.value, ', ' order by a.key) from jsonb_each_text(p.attributes) a) as attributes,
          (select string_agg(s.alias, ', ' order by s.alias) from catalog.sku_alias s where s.sku = p.sku) as aliases,
          (select string_agg(m.sku, ', ' order by m.sku) from catalog.product m where m.merged_into = p.sku) as merged,
          (select k.kind from catalog.kit k where k.sku = p.sku) as kit
        from catalog.product p
        where p.sku = coalesce((select s.sku from catalog.sku_alias s where s.alias = {args.Sku}), {args.Sku})
        """;
}
