namespace Keel.Catalog.Contract;

/// The units in which some products may be entered, and what one of each holds.
public sealed class UnitTable
{
    public static readonly Error Unknown = Error.NotFound(
        "unit.unknown", "The product has no such unit. Add the unit to the product first.");
    public static readonly Error NotWhole = new(
        "unit.not-whole", "This is no whole number of thousandths of the stock unit. Enter a quantity that converts exactly.");

    private readonly Dictionary<(Sku, string), Row> rows;

    internal UnitTable(IEnumerable<Row> rows) => this.rows = rows.ToDictionary(r => (r.Asked, r.Unit));

    public bool Has(Sku sku, string unit) => rows.ContainsKey((sku, unit));

    /// The units of a product that hold more than one stock unit, the smallest first, with what one of each holds in words: `case of 12`.
    public IReadOnlyList<(string Unit, string Words)> Packaging(Sku sku) =>
        [.. rows.Values.Where(r => r.Asked == sku && r.Numerator > r.Denominator).OrderBy(r => (decimal)r.Numerator / r.Denominator)
            .Select(r => (r.Unit, $"{r.Unit} of {(decimal)r.Numerator / r.Denominator:0.###}"))];

    /// The quantity in stock units: exact for what is counted, rounded once for what is measured, or refused.
    public Result<Quantity> ToStock(Sku sku, string unit, Quantity quantity)
    {
        if (!rows.TryGetValue((sku, unit), out var row)) return Unknown.With(
            $"{sku} has no unit '{unit}'. Add the unit to the product first.");
        var factor = new UnitFactor(row.Numerator, row.Denominator);
        if (factor.ToStock(quantity, row.Measured) is { } stock) return stock;
        return NotWhole.With($"{quantity} {unit} of {sku} is no exact quantity of its stock unit. Enter a quantity that converts exactly.");
    }

    internal sealed record Row(Sku Asked, string Unit, bool Measured, long Numerator, long Denominator);
}
