using System.Text;

namespace Keel.Messages;

/// What a file is, told by its first bytes and not by what somebody calls it. What can run, and what a browser would run, is not taken.
internal sealed record FileKind(string Type, params string[] Endings)
{
    public const int Head = 4_096;
    public const string Taken = "PDF, PNG, JPEG, GIF, WebP, TIFF, Word, Excel, OpenDocument, text and CSV";

    private static readonly FileKind Pdf = new("application/pdf", "pdf");
    private static readonly FileKind Png = new("image/png", "png");
    private static readonly FileKind Jpeg = new("image/jpeg", "jpg", "jpeg");
    private static readonly FileKind Gif = new("image/gif", "gif");
    private static readonly FileKind WebP = new("image/webp", "webp");
    private static readonly FileKind Tiff = new("image/tiff", "tif", "tiff");
    private static readonly FileKind Text = new("text/plain", "txt", "csv", "md", "log");
    private static readonly FileKind[] Packed =
    [
        new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
            new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        new("application/vnd.oasis.opendocument.text", "odt"), new("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ];

    /// The kind of a file by its head and its name; null where it is none that is taken, or not what its name says.
    public static FileKind? Of(ReadOnlySpan<byte> head, string name)
    {
        var ending = Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
        var found = ByContent(head, ending);
        return found is not null && found.Endings.Contains(ending) ? found : null;
    }

    /// A name that is safe to write down and to offer: no folders, no signs that steer, not too long, with its ending.
    public static string CleanName(string name)
    {
        var last = name.Split('/', '\\')[^1];
        var clean = new string([.. last.Normalize(NormalizationForm.FormC).Where(c => !char.IsControl(c)
            && c is not ('"' or '<' or '>' or ':' or '|' or '?' or '*' or ';' or '%')
            && char.GetUnicodeCategory(c) is not System.Globalization.UnicodeCategory.Format)])
            .Trim(' ', '.');
        var ending = Path.GetExtension(clean);
        var stem = clean[..^ending.Length];
        if (stem.Length == 0) stem = "file";
        return (stem.Length > 100 ? stem[..100] : stem) + (ending.Length > 10 ? ending[..10] : ending);
    }

    private static FileKind? ByContent(ReadOnlySpan<byte> head, string ending)
    {
        if (head.StartsWith("%PDF-"u8)) return Pdf;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])) return Png;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return Jpeg;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return Gif;
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8)) return WebP;
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8)) return Tiff;
        if (head.StartsWith("PK\x03\x04"u8)) return Array.Find(Packed, p => p.Endings.Contains(ending)) is { } packed && IsOffice(head, packed) ? packed : null;
        return IsText(head) ? Text : null;
    }

    /// Office files are archives whose first entry says so.
    private static bool IsOffice(ReadOnlySpan<byte> head, FileKind packed) => packed.Type.Contains("opendocument", StringComparison.Ordinal)
        ? head.IndexOf(Encoding.ASCII.GetBytes("mimetype" + packed.Type)) is > 0 and < 64
        : head.IndexOf("[Content_Types].xml"u8) >= 0 || head.IndexOf("_rels/.rels"u8) >= 0;

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty || head.IndexOfAnyInRange((byte)0, (byte)8) >= 0) return false;
        var start = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return !start.StartsWith('<') && !start.StartsWith("#!", StringComparison.Ordinal);
    }
}
