using System.Globalization;
using System.Text;

namespace Keel.App.Evidence;

/// The front pages of a pack: lines of text on A4, with a heading here and there, in the fonts that every reader of PDF has. It knows nothing of
/// what they say. Letters outside western Europe become question marks here; the files beside it have them as they are.
internal sealed class EvidencePdf(string title, string footer)
{
    private const int Margin = 48;
    private const int Bottom = 56;
    private const int Top = 788;
    private const int NewPage = 0;
    private const int Wide = 595 - 2 * Margin;

    /// How wide the printable letters of ASCII are in Helvetica, in thousandths of the font's size.
    private static readonly int[] Widths =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    private readonly List<StringBuilder> pages = [];
    private int y;

    public void Heading(string words)
    {
        if (y < Bottom + 60) y = NewPage;
        Line(words, "F2", 12, 24);
    }

    /// A paragraph, broken where the line is full.
    public void Say(string words)
    {
        var line = "";
        foreach (var word in words.Split(' '))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && Width(longer, 9) > Wide)
            {
                Line(line, "F1", 9, 12);
                longer = word;
            }

            line = longer;
        }

        Line(line, "F1", 9, 13);
    }

    public void Save(Stream to)
    {
        var objects = new List<string> { "<< /Type /Catalog /Pages 2 0 R >>", "", Font("Helvetica"), Font("Helvetica-Bold") };
        var kids = new List<int>();
        foreach (var (page, at) in pages.Select((p, i) => (p, i)))
        {
            var content = page + Written($"{footer}, page {at + 1} of {pages.Count}", "F1", 7, 30);
            kids.Add(objects.Count + 1);
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {objects.Count + 2} 0 R >>");
            objects.Add($"<< /Length {content.Length} >>\nstream\n{content}\nendstream");
        }

        objects[1] = $"<< /Type /Pages /Count {kids.Count} /Kids [{string.Join(' ', kids.Select(k => $"{k} 0 R"))}] >>";
        objects.Add($"<< /Title ({Escaped(title)}) /Producer (Keel) >>");
        Write(objects, to);
    }

    private static void Write(List<string> objects, Stream to)
    {
        var file = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        for (var i = 0; i < objects.Count; i++)
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places) file.Append(CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R /Info {objects.Count} 0 R >>\nstartxref\n{table}\n%%EOF\n");
        to.Write(Encoding.Latin1.GetBytes(file.ToString()));
    }

    private static string Font(string name) => $"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>";

    private void Line(string words, string font, int size, int height)
    {
        if (pages.Count == 0 || y - height < Bottom)
        {
            pages.Add(new StringBuilder());
            y = Top;
        }

        y -= height;
        pages[^1].Append(Written(words, font, size, y));
    }

    private static string Written(string words, string font, int size, int at) => $"BT /{font} {size} Tf {Margin} {at} Td ({Escaped(words)}) Tj ET\n";

    private static int Width(string words, int size) => words.Sum(c => c is >= ' ' and <= '~' ? Widths[c - ' '] : 556) * size / 1000;

    private static string Escaped(string words)
    {
        var text = new StringBuilder(words.Length);
        foreach (var letter in words)
        {
            text.Append(letter switch
            {
                '(' or ')' or '\\' => "\\" + letter,
                '€' => "\x80",
                '−' or '–' or '—' => "-",
                '’' or '‘' => "'",
                '“' or '”' => "\"",
                >= ' ' and <= '~' or >= '\xa0' and <= '\xff' => letter.ToString(),
                _ => "?",
            });
        }

        return text.ToString();
    }
}
