using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Keel.Stock;

/// How codes of bins are built at a site, such as `{zone}-{aisle:00}-{rack:00}-{level}`: words between braces are parts, `:00` is a number with
/// so many digits, `:A` a letter, and a part with neither takes letters and digits.
internal sealed partial class PlacePattern
{
    /// What a pattern may look like, for requests and policies.
    public const string Shape = @"^[A-Za-z0-9./_-]*(\{[a-z]+(:(0+|A))?\}[A-Za-z0-9./_-]*)+$";

    private readonly List<(string Before, string Name, string Format)> parts = [];
    private readonly string behind;
    private readonly Regex fits;

    public PlacePattern(string text)
    {
        var at = 0;
        var regex = new StringBuilder("^");
        foreach (Match part in Part().Matches(text))
        {
            var before = text[at..part.Index].ToUpperInvariant();
            parts.Add((before, part.Groups[1].Value, part.Groups[2].Value));
            regex.Append(Regex.Escape(before)).Append(Digits(part.Groups[2].Value) is > 0 and var digits ? $"[0-9]{{{digits}}}" : part.Groups[2].Value == "A" ? "[A-Z]" : "[A-Z0-9]+");
            at = part.Index + part.Length;
        }

        behind = text[at..].ToUpperInvariant();
        fits = new Regex(regex.Append(Regex.Escape(behind)).Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    public IReadOnlyList<string> Parts => [.. parts.Select(p => p.Name)];

    /// A code behind its site, `A-01-02-1` of `MAIN/A-01-02-1`, is built like this.
    public bool Fits(string code) => fits.IsMatch(code);

    /// The code of the place that the first values lead to: with all of them the bin, with fewer a place above it.
    public string CodeOf(IReadOnlyList<string> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < values.Count; i++) text.Append(parts[i].Before).Append(values[i]);
        if (values.Count == parts.Count) text.Append(behind);
        return text.ToString();
    }

    /// What a part may be, from what somebody wrote: `A-D`, `1-20`, `1,3,5`. Null where it cannot be read or a value does not fit the part.
    public IReadOnlyList<string>? Values(int part, string written, int most)
    {
        var values = new List<string>();
        foreach (var piece in written.ToUpperInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Range().Match(piece) is not { Success: true } range)
            {
                values.Add(Fitted(part, piece));
            }
            else if (int.TryParse(range.Groups[1].Value, CultureInfo.InvariantCulture, out var first) && int.TryParse(range.Groups[2].Value, CultureInfo.InvariantCulture, out var last))
            {
                if (last < first || last - first >= most) return null;
                for (var n = first; n <= last; n++) values.Add(Fitted(part, n.ToString(CultureInfo.InvariantCulture)));
            }
            else if (range.Groups[1].Value is [var from] && range.Groups[2].Value is [var to] && char.IsAsciiLetterUpper(from) && from <= to)
            {
                for (var letter = from; letter <= to; letter++) values.Add(Fitted(part, letter.ToString()));
            }
            else
            {
                return null;
            }
        }

        return values.Count == 0 || values.Count > most || values.Distinct().Count() < values.Count || values.Exists(v => !Takes(part, v)) ? null : values;
    }

    private string Fitted(int part, string value) => Digits(parts[part].Format) is > 0 and var digits && value.All(char.IsAsciiDigit) ? value.TrimStart('0').PadLeft(digits, '0') : value;

    private bool Takes(int part, string value) => value.Length > 0 && (Digits(parts[part].Format) is > 0 and var digits
        ? value.Length == digits && value.All(char.IsAsciiDigit)
        : parts[part].Format == "A" ? value is [>= 'A' and <= 'Z'] : value.All(char.IsAsciiLetterOrDigit));

    private static int Digits(string format) => format.Length > 0 && format[0] == '0' ? format.Length : 0;

    [GeneratedRegex(@"\{([a-z]+)(?::(0+|A))?\}")]
    private static partial Regex Part();

    [GeneratedRegex("^([0-9]{1,6}|[A-Z])-([0-9]{1,6}|[A-Z])$")]
    private static partial Regex Range();
}
