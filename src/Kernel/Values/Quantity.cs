using System.Globalization;

namespace Keel.Kernel;

/// An amount of goods in thousandths of the product's stock unit. Sums are exact; what does not fit throws.
public readonly record struct Quantity(long Thousandths) : IComparable<Quantity>
{
    public static readonly Quantity Zero;

    public static implicit operator Quantity(int units) => new(units * 1_000L);

    /// From a decimal number of stock units; more than three decimals are refused.
    public static Quantity Of(decimal units)
    {
        var thousandths = units * 1_000m;
        if (thousandths != decimal.Truncate(thousandths)) throw new FormatException($"{units} has more than three decimals.");
        return new Quantity((long)thousandths);
    }

    public bool IsZero => Thousandths == 0;
    public bool IsPositive => Thousandths > 0;
    public bool IsNegative => Thousandths < 0;
    public bool IsWhole => Thousandths % 1_000 == 0;
    public decimal Units => Thousandths / 1_000m;

    public static Quantity operator +(Quantity a, Quantity b) => new(checked(a.Thousandths + b.Thousandths));
    public static Quantity operator -(Quantity a, Quantity b) => new(checked(a.Thousandths - b.Thousandths));
    public static Quantity operator -(Quantity a) => new(checked(-a.Thousandths));
    public static bool operator <(Quantity a, Quantity b) => a.Thousandths < b.Thousandths;
    public static bool operator >(Quantity a, Quantity b) => a.Thousandths > b.Thousandths;
    public static bool operator <=(Quantity a, Quantity b) => a.Thousandths <= b.Thousandths;
    public static bool operator >=(Quantity a, Quantity b) => a.Thousandths >= b.Thousandths;

    public static Quantity Min(Quantity a, Quantity b) => a <= b ? a : b;
    public static Quantity Max(Quantity a, Quantity b) => a >= b ? a : b;

    public int CompareTo(Quantity other) => Thousandths.CompareTo(other.Thousandths);
    public override string ToString() => (IsNegative ? "−" : "") + Math.Abs(Units).ToString("#,0.###", CultureInfo.InvariantCulture);
}

/// Sums of quantities, as the trade writes them.
public static class QuantitySums
{
    public static Quantity Sum(this IEnumerable<Quantity> quantities) => quantities.Aggregate(Quantity.Zero, (a, b) => a + b);
    public static Quantity Sum<T>(this IEnumerable<T> items, Func<T, Quantity> of) => items.Aggregate(Quantity.Zero, (a, b) => a + of(b));
}

/// How many stock units one entered unit holds, as an exact fraction: a case of 12 is 12/1, one metre of a 50 m roll is 1/50.
public readonly record struct UnitFactor(long Numerator, long Denominator)
{
    public static readonly UnitFactor One = new(1, 1);

    /// Entered units into stock units. A counted unit that would lose something answers null: the caller refuses.
    /// A measured unit is rounded once, half away from zero, and the document keeps what was entered.
    public Quantity? ToStock(Quantity entered, bool measured)
    {
        var numerator = (Int128)entered.Thousandths * Numerator;
        if (measured) return new Quantity(Rational.Round(numerator, Denominator, Rounding.HalfAwayFromZero));
        return numerator % Denominator == 0 ? new Quantity(checked((long)(numerator / Denominator))) : null;
    }
}
