using System.Globalization;

namespace Keel.Kernel;

/// How a product that falls between two smallest units becomes one.
public enum Rounding
{
    /// Prices and taxes: 0.5 goes away from zero.
    HalfAwayFromZero,

    /// Shares of a whole, such as the cost of one unit out of a pool: 0.5 goes to the even neighbour.
    HalfEven,
}

/// An amount in the smallest unit of a currency. Sums are exact; two currencies never mix; what does not fit throws.
public readonly record struct Money(long Minor, Currency Currency) : IComparable<Money>
{
    public static Money Zero(Currency currency) => new(0, currency);

    /// From a decimal in whole units; more decimals than the currency has are refused.
    public static Money Of(decimal amount, Currency currency)
    {
        var minor = amount * currency.Scale;
        if (minor != decimal.Truncate(minor)) throw new FormatException($"{amount} has more decimals than {currency} has.");
        return new Money((long)minor, currency);
    }

    public bool IsZero => Minor == 0;
    public bool IsNegative => Minor < 0;
    public decimal Amount => (decimal)Minor / Currency.Scale;

    public static Money operator +(Money a, Money b) => new(checked(a.Minor + b.Minor), Same(a, b));
    public static Money operator -(Money a, Money b) => new(checked(a.Minor - b.Minor), Same(a, b));
    public static Money operator -(Money a) => new(checked(-a.Minor), a.Currency);
    public static bool operator <(Money a, Money b) => a.CompareTo(b) < 0;
    public static bool operator >(Money a, Money b) => a.CompareTo(b) > 0;
    public static bool operator <=(Money a, Money b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Money a, Money b) => a.CompareTo(b) >= 0;

    /// Multiplies by a rate and rounds once: the only multiplication of money.
    public Money Times(decimal rate, Rounding rounding = Rounding.HalfAwayFromZero) =>
        new((long)Math.Round(Minor * rate, Mode(rounding)), Currency);

    /// Divides by weights so that the parts add up to the whole: each gets its floor, the largest remainders get the rest.
    /// Equal remainders go to the earlier weight. All weights zero counts as all equal.
    public Money[] Split(IReadOnlyList<long> weights)
    {
        if (weights.Count == 0) throw new ArgumentException("A split needs at least one weight.", nameof(weights));
        if (weights.Any(w => w < 0)) throw new ArgumentException("A weight is never negative.", nameof(weights));

        var total = weights.Aggregate(Int128.Zero, (sum, w) => sum + w);
        var even = total == 0;
        if (even) total = weights.Count;

        var shares = new long[weights.Count];
        var remainders = new Int128[weights.Count];
        var sign = Math.Sign(Minor);
        var left = Math.Abs(Minor);
        for (var i = 0; i < shares.Length; i++)
        {
            var product = (Int128)Math.Abs(Minor) * (even ? 1 : weights[i]);
            shares[i] = (long)(product / total);
            remainders[i] = product % total;
            left -= shares[i];
        }

        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => remainders[i]).ThenBy(i => i).Take((int)left)) shares[i]++;

        var currency = Currency;
        return [.. shares.Select(s => new Money(sign * s, currency))];
    }

    /// The share that a part has of a whole, rounded half to even; a part that is the whole takes everything, so nothing is left behind.
    public Money Share(Quantity part, Quantity whole)
    {
        if (whole.IsZero) throw new ArgumentException("There is no share of nothing.", nameof(whole));
        return part == whole ? this : new Money(Rational.Round((Int128)Minor * part.Thousandths, whole.Thousandths, Rounding.HalfEven), Currency);
    }

    public int CompareTo(Money other)
    {
        Same(this, other);
        return Minor.CompareTo(other.Minor);
    }

    /// Plain figures with the currency, as a person reads them: 1,234.50 EUR, with a true minus sign.
    public override string ToString() => $"{Figures} {Currency}";

    /// The figures alone.
    public string Figures => (Minor < 0 ? "−" : "") + Math.Abs(Amount).ToString("N" + Currency.Exponent, CultureInfo.InvariantCulture);

    internal static MidpointRounding Mode(Rounding rounding) =>
        rounding is Rounding.HalfEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero;

    private static Currency Same(Money a, Money b) =>
        a.Currency == b.Currency ? a.Currency : throw new InvariantBroken($"{a.Currency} and {b.Currency} do not add up.");
}

/// Division of whole numbers with a stated rounding, in 128 bits.
internal static class Rational
{
    public static long Round(Int128 numerator, Int128 denominator, Rounding rounding)
    {
        if (denominator < 0) (numerator, denominator) = (-numerator, -denominator);
        var (quotient, remainder) = Int128.DivRem(numerator, denominator);
        var twice = Int128.Abs(remainder) * 2;
        var up = twice > denominator || (twice == denominator && (rounding is Rounding.HalfAwayFromZero || !Int128.IsEvenInteger(quotient)));
        return checked((long)(up ? quotient + (numerator < 0 ? -1 : 1) : quotient));
    }
}
