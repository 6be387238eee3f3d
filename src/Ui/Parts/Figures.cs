namespace Keel.Ui;

/// Numbers as people read them: grouped, with a true minus sign, the currency before the amount.
public static class Figures
{
    public static string Symbol(Currency currency) => currency.Code switch
    {
        "EUR" => "€",
        "GBP" => "£",
        "USD" => "$",
        "JPY" => "¥",
        var code => code,
    };

    /// € 1,234.50
    public static string Of(Money money) => Marked(money.Currency, Plain(money));

    public static string Of(UnitPrice price) => Marked(price.Currency, Plain(price));

    /// 1,234.50, where a header names the currency.
    public static string Plain(Money money) => Local(money.Figures);

    public static string Of(Quantity quantity) => Local(quantity.ToString());

    /// 1 unit, 2.5 units.
    public static string Units(Quantity quantity) => Words.Of(quantity == 1 ? "1 unit" : "{0} units").Replace("{0}", Of(quantity), StringComparison.Ordinal);

    /// 1 line, 3 lines.
    public static string Lines(long lines) => Words.Count(lines, "1 line", "{0} lines");

    /// 4.10, and 0.0125 where there is more.
    public static string Plain(UnitPrice price) => Signed(price.Price, "#,##0.00####");

    public static string Of(long number) => Signed(number, "#,##0");

    public static string Of(decimal number) => Signed(number, "#,##0.######");

    /// 34.0 %
    public static string Percent(decimal share) => Signed(share * 100m, "#,##0.0") + "\u00a0%";

    private static string Signed(decimal number, string format) =>
        (number < 0 ? "−" : "") + Math.Abs(number).ToString(format, Words.Culture);

    /// The mark stands where the reader's language puts it: € 1,234.50 and 1.234,50 €.
    private static string Marked(Currency currency, string figures) =>
        Words.Culture.NumberFormat.CurrencyPositivePattern is 1 or 3 ? $"{figures}\u00a0{Symbol(currency)}" : $"{Symbol(currency)}\u00a0{figures}";

    /// A figure that a value wrote, with the signs of the reader's language.
    private static string Local(string figures)
    {
        var signs = Words.Culture.NumberFormat;
        return signs.NumberDecimalSeparator == "." ? figures : string.Create(figures.Length, (figures, signs), static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = from.figures[i] switch { '.' => from.signs.NumberDecimalSeparator[0], ',' => from.signs.NumberGroupSeparator[0], var other => other };
        });
    }
}
