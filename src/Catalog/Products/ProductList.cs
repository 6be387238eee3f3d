using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Kernel.Views;

namespace Keel.Catalog.Products;

/// All products, and what each still lacks. The primary key serves the order by SKU.
[View("catalog.products", CatalogPermissions.Read, Sort = "sku")]
internal sealed class ProductList : IView<ProductList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required Sku Sku { get; init; }
        [Search] public required string Name { get; init; }
        public Sku? VariantOf { get; init; }
        public required string Unit { get; init; }
        [Title("Tax")] public required string TaxCategory { get; init; }
        public int? WeightGrams { get; init; }
        public required Lifecycle Lifecycle { get; init; }
        public required DateTimeOffset ChangedAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.sku, p.name, p.variant_of, p.unit, p.tax_category, p.weight_grams, p.lifecycle, p.changed_at,
          case
            when p.merged_into is not null then 'Is ' || p.merged_into || ' now'
            when p.lifecycle = 'Retired' then 'Is not sold any more'
            when p.lifecycle = 'Blocked' then 'Is stopped'
            when not exists (select 1 from catalog.barcode b where b.sku = p.sku) then 'Add a barcode'
            when p.weight_grams is null and not exists (select from catalog.kit k where k.sku = p.sku and k.kind = 'Virtual') then 'Add the weight'
            when p.lifecycle = 'Draft' then 'Activate it'
            when p.lifecycle = 'PhasingOut' then 'Sells while it lasts'
            else 'Sells'
          end as next
        from catalog.product p
        """;
}
