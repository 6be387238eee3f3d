using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Keel.Printing.Pdf;

/// A PDF with text, lines and filled boxes: all that a paper needs. The same pages make the same bytes, so that papers can be compared.
internal sealed class PdfFile(string title, DateTimeOffset made)
{
    private readonly List<PdfPage> pages = [];
    private readonly Dictionary<TrueType, SortedDictionary<int, int>> used = [];
    private readonly MemoryStream file = new();
    private readonly List<long> places = [];

    public IReadOnlyList<PdfPage> Pages => pages;

    /// A new page; sizes are in points, 72 to the inch.
    public PdfPage Add(double width, double height)
    {
        var page = new PdfPage(width, height, Use);
        pages.Add(page);
        return page;
    }

    public byte[] Write()
    {
        Text("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");
        TrueType[] fonts = [TrueType.Regular, TrueType.Bold];
        var (first, perFont) = (4, 5);
        var firstPage = first + perFont * fonts.Length;
        Object("<< /Type /Catalog /Pages 2 0 R >>");
        Object($"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', pages.Select((_, i) => $"{firstPage + 2 * i} 0 R"))}] >>");
        Object($"<< /Title {Hex(title)} /Producer (Keel) /CreationDate (D:{made.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}Z) >>");
        for (var i = 0; i < fonts.Length; i++) Font(fonts[i], first + perFont * i);
        var resources = string.Join(' ', fonts.Select((_, i) => $"/F{i} {first + perFont * i} 0 R"));
        for (var i = 0; i < pages.Count; i++)
        {
            Object($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PdfPage.N(pages[i].Width)} {PdfPage.N(pages[i].Height)}] /Resources << /Font << {resources} >> >> /Contents {firstPage + 2 * i + 1} 0 R >>");
            Stream(Encoding.ASCII.GetBytes(pages[i].Content), "");
        }

        return End();
    }

    private byte[] End()
    {
        var mark = Convert.ToHexString(SHA256.HashData(file.ToArray())[..16]);
        var table = file.Length;
        Text($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places) Text(place.ToString("D10", CultureInfo.InvariantCulture) + " 00000 n \n");
        Text($"trailer\n<< /Size {places.Count + 1} /Root 1 0 R /Info 3 0 R /ID [<{mark}> <{mark}>] >>\nstartxref\n{table}\n%%EOF\n");
        return file.ToArray();
    }

    private int Use(TrueType font, int character)
    {
        var glyph = font.GlyphOf(character);
        if (!used.TryGetValue(font, out var known)) used[font] = known = [];
        known.TryAdd(glyph, character);
        return glyph;
    }

    /// Five objects: the font as text uses it, its glyphs' widths, its measures, its file, and the way back from glyphs to characters.
    private void Font(TrueType font, int number)
    {
        var glyphs = used.GetValueOrDefault(font) ?? [];
        var name = $"{Tag(glyphs.Keys)}+{font.Name}";
        Object($"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{number + 1} 0 R] /ToUnicode {number + 4} 0 R >>");
        var widths = string.Join(' ', glyphs.Keys.Select(g => $"{g} [{font.WidthOf(g)}]"));
        Object($"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /CIDToGIDMap /Identity /DW 600 /W [{widths}] /FontDescriptor {number + 2} 0 R >>");
        Object($"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{string.Join(' ', font.Box)}] /ItalicAngle 0 /Ascent {font.Scaled(font.Ascent)} /Descent {font.Scaled(font.Descent)} /CapHeight 714 /StemV {(font == TrueType.Bold ? 140 : 80)} /FontFile2 {number + 3} 0 R >>");
        var outlines = font.With(glyphs.Keys);
        Stream(outlines, $" /Length1 {outlines.Length}");
        Stream(Encoding.ASCII.GetBytes(WayBack(glyphs)), "");
    }

    private static string WayBack(SortedDictionary<int, int> glyphs)
    {
        var text = new StringBuilder("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Keel def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
        foreach (var some in glyphs.Chunk(100))
        {
            text.Append(CultureInfo.InvariantCulture, $"{some.Length} beginbfchar\n");
            foreach (var (glyph, character) in some) text.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{character:X4}>\n");
            text.Append("endbfchar\n");
        }

        return text.Append("endcmap end end\n").ToString();
    }

    /// A font with some of its glyphs has six letters before its name, the same for the same glyphs.
    private static string Tag(IEnumerable<int> glyphs) =>
        string.Concat(SHA256.HashData(glyphs.SelectMany(BitConverter.GetBytes).ToArray()).Take(6).Select(b => (char)('A' + b % 26)));

    private static string Hex(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";

    private void Object(string content)
    {
        places.Add(file.Length);
        Text($"{places.Count} 0 obj\n{content}\nendobj\n");
    }

    private void Stream(byte[] content, string more)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(content);
        places.Add(file.Length);
        Text($"{places.Count} 0 obj\n<< /Length {packed.Length}{more} /Filter /FlateDecode >>\nstream\n");
        packed.WriteTo(file);
        Text("\nendstream\nendobj\n");
    }

    private void Text(string text) => file.Write(Encoding.Latin1.GetBytes(text));
}
