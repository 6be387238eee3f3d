using System.Globalization;

namespace Keel.Printing.Labels;

/// The bars of Code 128: digits in pairs where that is shorter, GS1 with FNC1 in front.
internal static class Code128
{
    private const int Fnc1 = 102, ToC = 99, ToB = 100, StartB = 104, StartC = 105, Stop = 106;

    /// Widths of bars and gaps in turn, by value; the last one is the stop.
    private static readonly string[] Patterns = (
        "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 " +
        "213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 " +
        "112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 " +
        "111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 " +
        "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 " +
        "211232 2331112").Split(' ');

    /// Printable ASCII only: what a code may hold.
    public static bool CanWrite(string text) => text.Length > 0 && text.All(c => c is >= ' ' and <= '~');

    /// The widths of bars and gaps in turn, beginning with a bar.
    public static IReadOnlyList<int> Bars(string text, bool gs1 = false) =>
        [.. Values(text, gs1).SelectMany(v => Patterns[v]).Select(c => c - '0')];

    /// The symbol's values: start, data, check, stop.
    internal static List<int> Values(string text, bool gs1)
    {
        if (!CanWrite(text)) throw new InvariantBroken($"'{text}' cannot be written in Code 128.");
        var inC = DigitsAt(text, 0) is var lead && (lead >= 4 || lead == text.Length && lead % 2 == 0);
        List<int> values = [inC ? StartC : StartB];
        if (gs1) values.Add(Fnc1);
        for (var i = 0; i < text.Length;)
        {
            var digits = DigitsAt(text, i);
            if (inC && digits < 2)
            {
                values.Add(ToB);
                inC = false;
            }
            else if (inC)
            {
                values.Add(int.Parse(text.AsSpan(i, 2), CultureInfo.InvariantCulture));
                i += 2;
            }
            else if (digits >= 4 && digits % 2 == 0)
            {
                values.Add(ToC);
                inC = true;
            }
            else
            {
                values.Add(text[i++] - ' ');
            }
        }

        var check = values.Select((v, i) => v * Math.Max(1, i)).Sum() % 103;
        values.AddRange([check, Stop]);
        return values;
    }

    private static int DigitsAt(string text, int from)
    {
        var to = from;
        while (to < text.Length && char.IsAsciiDigit(text[to])) to++;
        return to - from;
    }
}
