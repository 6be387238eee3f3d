using Keel.Catalog.Contract;

namespace Keel.Catalog.Barcodes;

/// A code that stands for one unit of one product in the whole house.
[Rows("catalog.barcode", "key")]
internal sealed record Barcode(string Key, string Code, BarcodeKind Kind, Sku Sku, string Unit);
