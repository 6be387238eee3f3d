using System.Globalization;
using System.Text.RegularExpressions;

namespace Keel.Stock;

/// Lots and serial numbers as people type, scan and paste them: separated by commas, semicolons or lines; `A001..A012` counts up.
internal static partial class LotText
{
    private const int Most = 5_000;

    public static readonly Error Odd = Error.Invalid("stock.lot-code", "A lot or serial number has 1 to 40 letters, digits and signs.");

    public static Result<IReadOnlyList<LotCode>> Read(string? text)
    {
        var codes = new List<LotCode>();
        foreach (var part in (text ?? "").Split([',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Span().Match(part) is { Success: true } span)
            {
                var (from, until, width) = (long.Parse(span.Groups["from"].Value, CultureInfo.InvariantCulture), long.Parse(span.Groups["until"].Value, CultureInfo.InvariantCulture), span.Groups["from"].Length);
                if (span.Groups["same"].Value != span.Groups["head"].Value || until < from || until - from >= Most) return Odd.With($"{part} does not count up: write it like A001..A012, {Most:N0} at most.");
                for (var n = from; n <= until; n++) codes.Add(LotCode.From(span.Groups["head"].Value + n.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0')));
            }
            else if (Code.TryParse<LotCode>(part, out var code)) codes.Add(code);
            else return Odd.With($"{part} is no lot or serial number: it has 1 to 40 letters, digits and signs.");
        }

        return codes.Count > Most ? Odd.With($"{codes.Count} numbers on one line: {Most:N0} at most.") : codes;
    }

    [GeneratedRegex(@"^(?<head>.*?)(?<from>[0-9]{1,12})\.\.(?<same>.*?)(?<until>[0-9]{1,12})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Span();
}
