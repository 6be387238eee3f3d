using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Keel.App.Imports;

/// A file of rows as somebody gave it: how it is encoded, what parts its fields, what its columns are called. Reading it looks at the whole
/// file first, so that a broken one is refused before anything of it is used.
internal sealed class CsvFile
{
    /// The column that a file of refused rows has beside its own.
    public const string ReasonColumn = "Why it was refused";

    private const int Sample = 64 * 1024;
    private const int MostColumns = 300;
    private const int MostField = 100_000;
    private const long MostUnpacked = 512L * 1024 * 1024;
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];
    private readonly string path;
    private readonly Encoding encoding;

    private CsvFile(string path, Encoding encoding, char delimiter, string[] header)
    {
        (this.path, this.encoding) = (path, encoding);
        (Delimiter, Header) = (delimiter, header);
    }

    public char Delimiter { get; }
    public IReadOnlyList<string> Header { get; }
    public string EncodingName => encoding.WebName;

    public static readonly Error Empty = Error.Invalid("import.empty", "The file has no rows. It needs a header line and at least one row.");
    public static readonly Error Workbook = Error.Invalid("import.workbook", "This is a workbook, not a text file. Save it as CSV and upload that.");
    public static readonly Error Foreign = Error.Invalid("import.foreign", "This is no table of text. Save the table as CSV in UTF-8 and upload that.");
    public static readonly Error Binary = Error.Invalid("import.binary", "This is not a text file: it holds zero bytes. Save it as CSV in UTF-8.");
    public static readonly Error NotUtf8 = Error.Invalid("import.encoding", "The file is not UTF-8. Save it as UTF-8, or name its encoding: encoding=windows-1252.");
    public static readonly Error NoEncoding = Error.Invalid("import.encoding-unknown", "This encoding is unknown here. Known are utf-8, utf-16, windows-1252 and iso-8859-1.");
    public static readonly Error BadHeader = Error.Invalid("import.header", "The first line is not a header: a column has no name, or two have the same.");
    public static readonly Error CutOff = Error.Invalid("import.cut-off", "The file is cut off in its last line. Upload the whole file.");
    public static readonly Error TooLarge = Error.Invalid("import.too-large", "The file is larger than can be taken at once. Split it.");

    /// Unpacks a file where it is packed, so that it can be read twice.
    public static async Task<Error?> Unpack(string path, CancellationToken ct)
    {
        await using (var file = File.OpenRead(path))
        {
            var start = new byte[2];
            if (await file.ReadAtLeastAsync(start, 2, throwOnEndOfStream: false, ct) < 2 || start is not [0x1f, 0x8b]) return null;
            file.Position = 0;
            await using var gzip = new GZipStream(file, CompressionMode.Decompress);
            await using var target = new FileStream(path + ".plain", FileMode.Create, FileAccess.Write);
            var buffer = new byte[81_920];
            var whole = false;
            try
            {
                for (int read; (read = await gzip.ReadAsync(buffer, ct)) > 0;)
                {
                    if (target.Length + read > MostUnpacked) return TooLarge;
                    await target.WriteAsync(buffer.AsMemory(0, read), ct);
                }

                whole = true;
            }
            catch (InvalidDataException)
            {
                return CutOff;
            }
            finally
            {
                // What was unpacked in vain does not stay on the disk.
                if (!whole) File.Delete(path + ".plain");
            }
        }

        File.Move(path + ".plain", path, overwrite: true);
        return null;
    }

    /// What a file is that is none of rows, by how it begins.
    private static string? KindOf(byte[] start) => start switch
    {
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
        [(byte)'M', (byte)'Z', ..] when Array.IndexOf(start, (byte)0) >= 0 => "a program",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => "a program",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xff, 0xd8, 0xff, ..] or [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a picture",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an old workbook (.xls)",
        [(byte)'{', (byte)'\\', (byte)'r', (byte)'t', (byte)'f', ..] => "a text document (.rtf)",
        [(byte)'<', (byte)'!', ..] or [(byte)'<', (byte)'h', (byte)'t', ..] or [(byte)'<', (byte)'?', ..] => "a web page or XML",
        _ => null,
    };

    /// Looks at the whole file: its encoding, its delimiter, its header, and that it ends where a row ends.
    public static Result<CsvFile> Open(string path, string? encodingName = null)
    {
        var start = new byte[Sample];
        using (var file = File.OpenRead(path)) start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.Length == 0) return Empty;
        if (start is [(byte)'P', (byte)'K', 3, 4, ..]) return Workbook;
        if (KindOf(start) is { } kind) return Foreign.With($"This is {kind}, not a table of text. Save the table as CSV in UTF-8 and upload that.");
        var encoding = EncodingOf(start, encodingName);
        if (!encoding.Ok) return encoding.Error!;
        try
        {
            return Look(path, encoding.Value);
        }
        catch (DecoderFallbackException)
        {
            return NotUtf8;
        }
        catch (InvalidDataException cut)
        {
            return CutOff.With(cut.Message);
        }
    }

    /// The rows after the header, with the line on which each begins.
    public IEnumerable<CsvRow> Rows()
    {
        using var reader = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: true);
        var isHeader = true;
        foreach (var row in CsvText.Read(reader, Delimiter, MostField))
        {
            if (!isHeader) yield return row;
            isHeader = false;
        }
    }

    private static Result<CsvFile> Look(string path, Encoding encoding)
    {
        char delimiter;
        using (var reader = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: true))
        {
            var first = new char[Sample / 4];
            var text = new string(first, 0, reader.ReadBlock(first));
            if (text.Contains('\0')) return Binary;
            delimiter = DelimiterOf(text);
        }

        using var whole = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: true);
        string[]? header = null;
        CsvRow? last = null;
        foreach (var row in CsvText.Read(whole, delimiter, MostField))
        {
            if (header is null)
            {
                header = [.. row.Fields.Select(f => f.Trim())];
                if (WrongHeader(header) is { } wrong) return BadHeader.With(wrong);
            }
            else
            {
                last = row;
            }
        }

        if (header is null || last is null) return Empty;
        if (!last.Ended && last.Fields.Length < header.Length)
            return CutOff.With($"The file is cut off in line {last.Line}: it has {last.Fields.Length} of {header.Length} fields. Upload the whole file.");
        return new CsvFile(path, encoding, delimiter, header);
    }

    private static string? WrongHeader(string[] header) =>
        header.Length > MostColumns ? $"The first line has {header.Length} columns; {MostColumns} can be read. Leave out those that are not needed."
        : Array.FindIndex(header, h => h.Length is 0 or > 200) is >= 0 and var at ? $"The first line is not a header: column {at + 1} has no name. Give each column a short name, or take it out."
        : header.GroupBy(h => h, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { Key: var twice } ? $"Two columns are called '{twice}', so nobody can tell them apart. Rename one, or take it out."
        : null;

    private static Result<Encoding> EncodingOf(byte[] start, string? name)
    {
        if (name is { Length: > 0 })
        {
            return name.ToLowerInvariant() switch
            {
                "utf-8" or "utf8" => new UTF8Encoding(false, throwOnInvalidBytes: true),
                "utf-16" => new UnicodeEncoding(false, true, throwOnInvalidBytes: true),
                "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
                "iso-8859-1" or "latin-1" => Encoding.Latin1,
                _ => NoEncoding,
            };
        }

        return start switch
        {
            [0xff, 0xfe, ..] => new UnicodeEncoding(false, true, throwOnInvalidBytes: true),
            [0xfe, 0xff, ..] => new UnicodeEncoding(true, true, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(false, throwOnInvalidBytes: true),
        };
    }

    /// The delimiter that parts the first lines into the same number of fields, and into the most.
    private static char DelimiterOf(string text)
    {
        var best = (Delimiter: ',', Score: 0);
        foreach (var delimiter in Delimiters)
        {
            var counts = new List<int>();
            try
            {
                foreach (var row in CsvText.Read(new StringReader(text), delimiter, MostField).Take(20)) counts.Add(row.Fields.Length);
            }
            catch (InvalidDataException)
            {
                // The sample may end within a quoted field; what came before is enough.
            }

            if (counts.Count == 0) continue;
            var score = counts[0] * 1_000 + counts.Count(c => c == counts[0]);
            if (counts[0] > 1 && score > best.Score) best = (delimiter, score);
        }

        return best.Delimiter;
    }
}

/// One row: the line on which it begins, its fields, and whether a line end follows it.
internal sealed record CsvRow(int Line, string[] Fields, bool Ended)
{
    public string Text => string.Join(" | ", Fields);

    /// A cell as it is meant: the apostrophe with which spreadsheets mark text that is no formula is none of its characters.
    public static string Meant(string cell) => cell is ['\'', '=' or '+' or '-' or '@', ..] ? cell[1..] : cell;

    /// What is wrong with a cell that a spreadsheet left unreckoned.
    public static string? Unreckoned(string cell) => cell switch
    {
        ['=', not '=', ..] => $"holds the formula {(cell.Length > 40 ? cell[..40] + "…" : cell)}, not its result. Save the values and upload again.",
        "#REF!" or "#N/A" or "#VALUE!" or "#DIV/0!" or "#NAME?" or "#NUM!" or "#NULL!" or "#BEZUG!" or "#NV" or "#WERT!" => $"holds {cell}: the spreadsheet could not reckon it. Put it right there.",
        _ => null,
    };
}

/// Parts text into rows as RFC 4180 has it: quotes, doubled quotes, line ends within quotes. Empty lines are no rows.
internal static class CsvText
{
    private static readonly System.Buffers.SearchValues<char> Parting = System.Buffers.SearchValues.Create("\",;\t\r\n");

    /// One field as it is written. Text that a spreadsheet would take for a formula gets an apostrophe, which reading takes off again.
    public static string Field(string text)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !decimal.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _)) text = "'" + text;
        return text.AsSpan().IndexOfAny(Parting) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    public static IEnumerable<CsvRow> Read(TextReader reader, char delimiter, int mostField)
    {
        var (fields, field) = (new List<string>(), new StringBuilder());
        var (line, start) = (1, 1);
        var (quoted, wasQuoted) = (false, false);
        for (int next; (next = reader.Read()) >= 0;)
        {
            var c = (char)next;
            if (c == '\n') line++;
            if (field.Length > mostField) throw new InvalidDataException($"A field in line {start} does not end. A quote may be missing there.");
            if (quoted)
            {
                if (c != '"') field.Append(c);
                else if (reader.Peek() == '"') field.Append((char)reader.Read());
                else quoted = false;
                continue;
            }

            if (c == '"' && field.Length == 0 && !wasQuoted) (quoted, wasQuoted) = (true, true);
            else if (c == delimiter) Take();
            else if (c == '\n')
            {
                Take();
                if (fields.Count > 1 || fields[0].Length > 0) yield return new CsvRow(start, [.. fields], true);
                fields.Clear();
                start = line;
            }
            else if (c != '\r') field.Append(c);
        }

        if (quoted) throw new InvalidDataException($"The file is cut off: a quoted field that begins in line {start} does not end.");
        if (field.Length == 0 && fields.Count == 0) yield break;
        Take();
        yield return new CsvRow(start, [.. fields], false);

        void Take()
        {
            fields.Add(field.ToString());
            field.Clear();
            wasQuoted = false;
        }
    }
}
