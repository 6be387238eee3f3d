using System.Globalization;
using System.Text;

namespace Keel.Printing.Pdf;

/// One page. Everything is measured in points from its upper left corner; text stands on its base line.
internal sealed class PdfPage(double width, double height, Func<TrueType, int, int> use)
{
    private readonly StringBuilder content = new();

    public double Width => width;
    public double Height => height;
    public string Content => content.ToString();

    public static double Millimetres(double mm) => mm * 72 / 25.4;

    /// How wide a text is in a size.
    public static double Measure(string text, double size, bool bold = false)
    {
        var font = bold ? TrueType.Bold : TrueType.Regular;
        var thousandths = 0;
        foreach (var rune in text.EnumerateRunes()) thousandths += font.WidthOf(font.GlyphOf(rune.Value));
        return thousandths * size / 1000;
    }

    public void Text(string text, double x, double y, double size, bool bold = false, double grey = 0)
    {
        if (text.Length == 0) return;
        var font = bold ? TrueType.Bold : TrueType.Regular;
        content.Append(CultureInfo.InvariantCulture, $"BT /F{(bold ? 1 : 0)} {N(size)} Tf {N(grey)} g {N(x)} {N(height - y)} Td <");
        foreach (var rune in text.EnumerateRunes()) content.Append(use(font, rune.Value).ToString("X4", CultureInfo.InvariantCulture));
        content.Append("> Tj ET\n");
    }

    /// Text that ends at x.
    public void TextTo(string text, double x, double y, double size, bool bold = false, double grey = 0) =>
        Text(text, x - Measure(text, size, bold), y, size, bold, grey);

    public void Line(double x1, double y1, double x2, double y2, double thick = 0.5, double grey = 0) => content.Append(
        CultureInfo.InvariantCulture, $"{N(grey)} G {N(thick)} w {N(x1)} {N(height - y1)} m {N(x2)} {N(height - y2)} l S\n");

    public void Fill(double x, double y, double wide, double high, double grey = 0) =>
        content.Append(CultureInfo.InvariantCulture, $"{N(grey)} g {N(x)} {N(height - y - high)} {N(wide)} {N(high)} re f\n");

    /// The text in lines that are no wider than this; a word that is too long is broken.
    public static List<string> Wrap(string text, double wide, double size, bool bold = false)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Split(' ').SelectMany(w => Pieces(w, wide, size, bold)))
            {
                var longer = line.Length == 0 ? word : line + " " + word;
                if (line.Length == 0 || Measure(longer, size, bold) <= wide)
                {
                    line = longer;
                    continue;
                }

                lines.Add(line);
                line = word;
            }

            lines.Add(line);
        }

        return lines;
    }

    internal static string N(double number) => Math.Round(number, 3).ToString("0.###", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Pieces(string word, double wide, double size, bool bold)
    {
        while (Measure(word, size, bold) > wide && word.Length > 1)
        {
            var fits = word.Length - 1;
            while (fits > 1 && Measure(word[..fits], size, bold) > wide) fits--;
            yield return word[..fits];
            word = word[fits..];
        }

        yield return word;
    }
}
