using System.Globalization;

namespace Keel.Printing.Contract;

/// A language that papers are written in: its words, and how it writes days and figures.
public sealed record Tongue
{
    private readonly NumberFormatInfo figures;
    private readonly string day;
    private readonly IReadOnlyDictionary<string, string> words;

    private Tongue(string code, string day, string decimals, string groups, IReadOnlyDictionary<string, string> words)
    {
        (Code, this.day, this.words) = (code, day, words);
        figures = new NumberFormatInfo { NumberDecimalSeparator = decimals, NumberGroupSeparator = groups, NegativeSign = "-" };
    }

    /// Two letters: en, de.
    public string Code { get; }

    public static Tongue English { get; } = new("en", "d MMM yyyy", ".", ",", PaperWords.English);
    public static Tongue German { get; } = new("de", "dd.MM.yyyy", ",", ".", PaperWords.German);

    /// The tongue of a language code, where papers are written in it; else the other one given.
    public static Tongue Of(string? language, Tongue otherwise) =>
        language is null ? otherwise : language.StartsWith("de", StringComparison.OrdinalIgnoreCase) ? German : language.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? English : otherwise;

    /// A word of papers, by its English one in the code.
    public string Say(string word) => words.TryGetValue(word, out var said) ? said : throw new InvariantBroken($"Papers have no word '{word}' in {Code}.");

    public string Day(DateOnly on) => on.ToString(day, CultureInfo.InvariantCulture);

    /// An amount without its currency.
    public string Amount(Money amount) => Decimals(amount.Amount, amount.Currency.Exponent);

    /// An amount with its currency.
    public string Sum(Money amount) => $"{amount.Currency} {Amount(amount)}";

    public string Count(Quantity quantity) => quantity.Units.ToString("#,##0.###", figures);

    public string Rate(decimal percent) => percent.ToString("0.##", figures) + " %";

    private string Decimals(decimal number, int places) => number.ToString("N" + places.ToString(CultureInfo.InvariantCulture), figures);
}
