using System.Globalization;

namespace Keel.Ui;

/// The person who filled in a form: how they write numbers, and what their clocks show. It notes what could be read in two ways, so that nothing is
/// taken for another number than was meant.
public sealed class FormWriter(CultureInfo culture, TimeZoneInfo zone)
{
    private readonly List<FieldError> unclear = [];

    public TimeZoneInfo Zone => zone;

    /// The sign before the decimals.
    public char Decimal { get; } = culture.NumberFormat.NumberDecimalSeparator[0];

    /// What could not be read for sure, with what to write instead.
    public IReadOnlyList<FieldError> Doubts => unclear;

    /// A number as it stands in a field for this person.
    public static string Shown(string written, CultureInfo culture) =>
        culture.NumberFormat.NumberDecimalSeparator is [var sign] && sign != '.' ? written.Replace('.', sign) : written;

    /// Without spaces, and with a plain minus.
    internal static string Plain(string text) =>
        text.Replace('−', '-').Replace("\u00a0", "", StringComparison.Ordinal).Replace("\u202f", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    /// `10.000` is ten for one and ten thousand for another: three figures behind one sign are decimals only where it is the sign of the writer's
    /// language, and not all of them are zero.
    internal bool Unclear(string text, string path)
    {
        var plain = Plain(text).TrimStart('-', '+');
        if (plain.IndexOfAny(['.', ',']) is not (> 0 and < 4) || plain[0] == '0') return false;
        var at = plain.IndexOfAny(['.', ',']);
        if (plain.Length != at + 4 || !plain.Where((_, i) => i != at).All(char.IsAsciiDigit)) return false;
        if (plain[at] == Decimal && !plain.EndsWith("000", StringComparison.Ordinal)) return false;
        var decimals = plain[(at + 1)..].TrimEnd('0');
        unclear.Add(new FieldError(path, $"{text.Trim()} could be two numbers. Write {plain.Remove(at, 1)} or {plain[..at]}{Decimal}{(decimals.Length == 0 ? "0" : decimals)}."));
        return true;
    }
}
