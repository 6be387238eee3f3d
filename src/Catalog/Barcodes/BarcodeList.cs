using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Kernel.Views;

namespace Keel.Catalog.Barcodes;

/// All codes that may be scanned, and what they stand for. The primary key serves the order.
[View("catalog.barcodes", CatalogPermissions.Read, Sort = "key")]
internal sealed class BarcodeList : IView<BarcodeList.Row>
{
    public sealed record Row
    {
        [Key] public required string Key { get; init; }
        [Search] public required string Code { get; init; }
        public required BarcodeKind Kind { get; init; }
        [Search] public required Sku Sku { get; init; }
        public required string Unit { get; init; }
        [Search] public required string Product { get; init; }
    }

    public FormattableString Rows() =>
        $"select b.key, b.code, b.kind, b.sku, b.unit, p.name as product from catalog.barcode b join catalog.product p on p.sku = b.sku";
}

/// The codes of one product.
[View("catalog.product-barcodes", CatalogPermissions.Read, Sort = "key")]
internal sealed class ProductBarcodes : IView<ProductBarcodes.Row, ProductBarcodes.Args>
{
    public sealed record Args(Sku Sku);

    public sealed record Row
    {
        [Key] public required string Key { get; init; }
        public required string Code { get; init; }
        public required BarcodeKind Kind { get; init; }
        public required string Unit { get; init; }
    }

    public FormattableString Rows(Args args) => $"select b.key, b.code, b.kind, b.unit from catalog.barcode b where b.sku = {args.Sku}";
}
