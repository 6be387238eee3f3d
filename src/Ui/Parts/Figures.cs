using System.Globalization;

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
    public static string Of(Money money) => $"{Symbol(money.Currency)}\u00a0{money.Figures}";

    public static string Of(UnitPrice price) => $"{Symbol(price.Currency)}\u00a0{Plain(price)}";

    /// 4.10, and 0.0125 where there is more.
    public static string Plain(UnitPrice price) => Signed(price.Price, "#,##0.00####");

    public static string Of(long number) => Signed(number, "#,##0");

    public static string Of(decimal number) => Signed(number, "#,##0.######");

    /// 34.0 %
    public static string Percent(decimal share) => Signed(share * 100m, "#,##0.0") + "\u00a0%";

    private static string Signed(decimal number, string format) =>
        (number < 0 ? "−" : "") + Math.Abs(number).ToString(format, CultureInfo.InvariantCulture);
}
