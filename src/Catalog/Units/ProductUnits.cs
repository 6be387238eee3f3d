using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Kernel.Views;

namespace Keel.Catalog.Units;

/// The units and packaging of one product, the smallest first.
[View("catalog.product-units", CatalogPermissions.Read, Sort = "stock-units")]
internal sealed class ProductUnits : IView<ProductUnits.Row, ProductUnits.Args>
{
    public sealed record Args(Sku Sku);

    public sealed record Row
    {
        [Key] public required string Unit { get; init; }
        public required decimal StockUnits { get; init; }
        public required string Holds { get; init; }
        public int? WeightGrams { get; init; }
        public int? LengthMm { get; init; }
        public int? WidthMm { get; init; }
        public int? HeightMm { get; init; }
        public string? Barcodes { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select u.unit, trim_scale(round(u.numerator::numeric / u.denominator, 6)) as stock_units,
          case when u.denominator = 1 then u.numerator::text else u.numerator || '/' || u.denominator end || ' ' || p.unit as holds,
          u.weight_grams, u.length_mm, u.width_mm, u.height_mm,
          (select string_agg(b.code, ', ' order by b.code) from catalog.barcode b where b.sku = u.sku and b.unit = u.unit) as barcodes
        from catalog.product_unit u join catalog.product p on p.sku = u.sku where u.sku = {args.Sku}
        """;
}
