namespace Keel.Catalog.Units;

/// A unit or packaging other than the stock unit, and how many stock units one of it holds: exactly Numerator/Denominator.
[Rows("catalog.product_unit", "sku", "unit")]
internal sealed record ProductUnit(
    Sku Sku, string Unit, long Numerator, long Denominator, int? WeightGrams, int? LengthMm, int? WidthMm, int? HeightMm);
