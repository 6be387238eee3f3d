using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Keel.Tests.Printing;

/// Reads the text of our PDFs back, by what the files say of their own fonts.
internal sealed partial class PdfText
{
    public sealed record Word(int Page, string Text, double X, double Y);

    private readonly List<Word> words = [];

    public IReadOnlyList<string> Pages => [.. words.GroupBy(w => w.Page).Select(g => string.Join('\n', g.Select(w => w.Text)))];

    public static PdfText Of(byte[] pdf) => Read(pdf);

    public static IReadOnlyList<Word> Places(byte[] pdf) => Read(pdf).words;

    private static PdfText Read(byte[] pdf)
    {
        var file = Encoding.Latin1.GetString(pdf);
        string[] streams = [.. Streams().Matches(file).Select(m => Unpacked(pdf, m.Index + m.Length, int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)))];
        Dictionary<string, string>[] letters = [.. streams.Where(s => s.Contains("begincmap", StringComparison.Ordinal)).Select(s => Pairs().Matches(s)
            .ToDictionary(m => m.Groups[1].Value, m => ((char)Convert.ToInt32(m.Groups[2].Value, 16)).ToString()))];
        var text = new PdfText();
        foreach (var (page, at) in streams.Where(s => s.Contains(" Tj ET", StringComparison.Ordinal)).Select((s, i) => (s, i)))
        {
            text.words.AddRange(Texts().Matches(page).Select(m => new Word(
                at, string.Concat(m.Groups[4].Value.Chunk(4).Select(c => letters[m.Groups[1].Value == "1" ? 1 : 0][new string(c)])), Number(m.Groups[2]), Number(m.Groups[3]))));
        }

        return text;
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    private static string Unpacked(byte[] pdf, int at, int length)
    {
        using var zip = new ZLibStream(new MemoryStream(pdf, at, length), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zip.CopyTo(plain);
        return Encoding.Latin1.GetString(plain.ToArray());
    }

    [GeneratedRegex(@"<< /Length (\d+)[^>]*>>\nstream\n")]
    private static partial Regex Streams();

    [GeneratedRegex(@"^<([0-9A-F]{4})> <([0-9A-F]{4})>$", RegexOptions.Multiline)]
    private static partial Regex Pairs();

    [GeneratedRegex(@"BT /F(\d) [\d.]+ Tf [\d.]+ g ([\d.]+) ([\d.]+) Td <([0-9A-F]+)> Tj ET")]
    private static partial Regex Texts();
}
