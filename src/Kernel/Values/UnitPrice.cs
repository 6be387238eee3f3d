using System.Globalization;

namespace Keel.Kernel;

/// The price of one stock unit, in millionths of a currency unit: prices beyond the cent stay exact until they meet a quantity.
public readonly record struct UnitPrice(long Micros, Currency Currency)
{
    public static UnitPrice Of(decimal price, Currency currency)
    {
        var micros = price * 1_000_000m;
        if (micros != decimal.Truncate(micros)) throw new FormatException($"{price} has more than six decimals.");
        return new UnitPrice((long)micros, currency);
    }

    public decimal Price => Micros / 1_000_000m;

    /// Price times quantity, rounded once to the currency's smallest unit, half away from zero.
    public Money Times(Quantity quantity)
    {
        var numerator = (Int128)Micros * quantity.Thousandths * Currency.Scale;
        return new Money(Rational.Round(numerator, 1_000_000_000, Rounding.HalfAwayFromZero), Currency);
    }

    public override string ToString() => Price.ToString("0.00####", CultureInfo.InvariantCulture) + " " + Currency;
}
