using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Keel.Kernel.Views;

/// A view as a workbook, with the rows, columns and names of its CSV file: figures are figures, days are days, instants stand in the zone of
/// whoever asks, and text is never taken for a formula. It is written row by row, so that its length costs no memory.
internal sealed class ViewXlsx(IReadOnlyList<ViewColumn> columns, ZipArchive file, TimeZoneInfo zone, FileVoice? voice)
{
    /// What a sheet holds at most, below its header; what goes beyond stands in the next one.
    internal const int MostRows = 1_048_575;

    private const int MostText = 32_767;
    private const int Gathered = 32 * 1024;
    private const decimal MostExact = 999_999_999_999_999m;
    private const string Namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Xml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private static readonly DateTime Beginning = new(1899, 12, 30);
    private static readonly int FirstDay = DateOnly.FromDateTime(Beginning).DayNumber;
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;
    private readonly StringBuilder text = new();
    private readonly string[] letters = [.. Enumerable.Range(0, 2 * columns.Count + 1).Select(Letters)];
    private int row;
    private int cell;

    public static async Task<long> Write<TRow>(
        IReadOnlyList<ViewColumn> columns, IAsyncEnumerable<TRow> rows, Stream to, TimeZoneInfo zone, CancellationToken ct, int mostRows = MostRows, FileVoice? voice = null)
    {
        await using var file = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        return await new ViewXlsx(columns, file, zone, voice).Write(rows, mostRows, ct);
    }

    private async Task<long> Write<TRow>(IAsyncEnumerable<TRow> rows, int mostRows, CancellationToken ct)
    {
        var (written, sheets) = (0L, 0);
        await using var source = rows.GetAsyncEnumerator(ct);
        var goesOn = await source.MoveNextAsync();
        do
        {
            sheets++;
            await using var part = await file.CreateEntry($"xl/worksheets/sheet{sheets}.xml", CompressionLevel.Fastest).OpenAsync(ct);
            await using var sheet = new StreamWriter(part, new UTF8Encoding(false));
            Begin();
            for (var n = 0; goesOn && n < mostRows; n++, written++)
            {
                BeginRow();
                foreach (var column in columns) Cell(column, column.Property.GetValue(source.Current));
                text.Append("</row>\n");
                if (text.Length > Gathered) await Send(sheet, ct);
                goesOn = await source.MoveNextAsync();
            }

            text.Append("</sheetData></worksheet>");
            await Send(sheet, ct);
        }
        while (goesOn);

        await Around(sheets, ct);
        return written;
    }

    private async Task Send(StreamWriter to, CancellationToken ct)
    {
        await to.WriteAsync(text, ct);
        await to.FlushAsync(ct);
        text.Clear();
    }

    private void Begin()
    {
        row = 0;
        text.Append(Xml).Append(Plain, $"<worksheet xmlns=\"{Namespace}\"><sheetViews><sheetView workbookViewId=\"0\">")
            .Append("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>");
        var at = 0;
        foreach (var column in columns)
        {
            Width(column.Kind is ColumnKind.Text ? 28 : column.Kind is ColumnKind.Instant ? 20 : 14);
            if (column.Kind is ColumnKind.Money) Width(8);
        }

        text.Append("</cols><sheetData>");
        BeginRow();
        foreach (var column in columns)
        {
            Text(voice?.Title(column) ?? column.Name, Style.Header);
            if (column.Kind is ColumnKind.Money) Text(voice?.Currency ?? column.Name + "-currency", Style.Header);
        }

        text.Append("</row>\n");

        void Width(int letters) => text.Append(Plain, $"<col min=\"{++at}\" max=\"{at}\" width=\"{letters}\" customWidth=\"1\"/>");
    }

    private void BeginRow()
    {
        cell = 0;
        text.Append(Plain, $"<row r=\"{++row}\">");
    }

    private void Cell(ViewColumn column, object? value)
    {
        // Figures, days and times keep their kind, so that they can be reckoned with; words are said.
        if (value is string or Enum or bool && voice?.Cell(column, value) is { } said)
        {
            Text(said);
            return;
        }

        switch (value)
        {
            case null: cell += column.Kind is ColumnKind.Money ? 2 : 1; return;
            case Money money:
                Number(money.Amount, money.Currency.Exponent switch { 0 => Style.Whole, 3 => Style.Thousandths, _ => Style.Cents });
                Text(money.Currency.Code);
                return;
            case UnitPrice price:
                Number(price.Price, Style.Price);
                Text(price.Currency.Code);
                return;
            case Quantity quantity: Number(quantity.Units); return;
            case int number: Number(number); return;
            case long number: Number(number); return;
            case short number: Number(number); return;
            case decimal number: Number(number); return;
            case bool flag: text.Append(Plain, $"<c r=\"{Place()}\" t=\"b\"><v>{(flag ? 1 : 0)}</v></c>"); return;
            // Before March of 1900 a workbook counts a day that never was: such days stand as they are written.
            case DateOnly day when day.DayNumber - FirstDay > 60: Number(day.DayNumber - FirstDay, Style.Day); return;
            case DateTimeOffset instant when instant.Year > 1900:
                Number((TimeZoneInfo.ConvertTime(instant, zone).DateTime - Beginning).Ticks / (decimal)TimeSpan.TicksPerDay, Style.Instant);
                return;
            case string words: Text(words); return;
            default: Text(ColumnText.Key(value)); return;
        }
    }

    /// Figures of more than fifteen digits would lose the last ones: they stand as text.
    private void Number(decimal number, Style style = Style.General)
    {
        if (Math.Abs(number) > MostExact) Text(number.ToString(Plain));
        else text.Append(Plain, $"<c r=\"{Place()}\"{Marked(style)}><v>{number:0.############}</v></c>");
    }

    private void Text(string words, Style style = Style.General)
    {
        if (words.Length == 0)
        {
            cell++;
            return;
        }

        // A mark of text before it, so that it stays text when somebody edits the cell.
        if ("=+-@\t\r".Contains(words[0], StringComparison.Ordinal)) style = Style.Quoted;
        text.Append(Plain, $"<c r=\"{Place()}\"{Marked(style)} t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        Escape(words.AsSpan(0, Math.Min(words.Length, MostText)));
        text.Append("</t></is></c>");
    }

    private string Place() => letters[cell++] + row.ToString(Plain);

    private static string Marked(Style style) => style is Style.General ? "" : $" s=\"{(int)style}\"";

    /// What XML cannot hold is written as a workbook writes it: _x000B_; and what looks like that is kept from being read so.
    private void Escape(ReadOnlySpan<char> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var c = words[i];
            if (c is '<') text.Append("&lt;");
            else if (c is '>') text.Append("&gt;");
            else if (c is '&') text.Append("&amp;");
            else if (c is '_' && IsEscape(words[i..])) text.Append("_x005F_");
            else if (char.IsHighSurrogate(c) && i + 1 < words.Length && char.IsLowSurrogate(words[i + 1])) text.Append(c).Append(words[++i]);
            else if (char.IsSurrogate(c)) text.Append('\uFFFD');
            else if (c is < ' ' and not ('\t' or '\n') or '\uFFFE' or '\uFFFF') text.Append(Plain, $"_x{(int)c:X4}_");
            else text.Append(c);
        }
    }

    private static bool IsEscape(ReadOnlySpan<char> words) =>
        words is ['_', 'x', var a, var b, var c, var d, '_', ..] && char.IsAsciiHexDigit(a) && char.IsAsciiHexDigit(b) && char.IsAsciiHexDigit(c) && char.IsAsciiHexDigit(d);

    /// The small parts around the sheets: styles, the list of sheets, and what is what.
    private async Task Around(int sheets, CancellationToken ct)
    {
        string Each(Func<int, string> one) => string.Concat(Enumerable.Range(1, sheets).Select(one));
        await Part("xl/styles.xml", $"""
            <styleSheet xmlns="{Namespace}">
            <numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/>
            <numFmt numFmtId="166" formatCode="#,##0.000"/><numFmt numFmtId="167" formatCode="#,##0.00####"/></numFmts>
            <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
            <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
            <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
            <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
            <cellXfs count="9">{Look(0)}{Look(0, "fontId=\"1\" applyFont=\"1\"")}{Look(49, "quotePrefix=\"1\"")}{Look(164)}{Look(165)}{Look(4)}{Look(3)}{Look(166)}{Look(167)}</cellXfs>
            </styleSheet>
            """, ct);
        await Part("xl/workbook.xml", $"""
            <workbook xmlns="{Namespace}" xmlns:r="{Relations}"><sheets>{Each(n => $"<sheet name=\"Rows{(n == 1 ? "" : $" {n}")}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>")}</sheets></workbook>
            """, ct);
        const string Packages = "http://schemas.openxmlformats.org/package/2006";
        await Part("xl/_rels/workbook.xml.rels", $"""
            <Relationships xmlns="{Packages}/relationships">{Each(n => $"<Relationship Id=\"rId{n}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>")}
            <Relationship Id="rId{sheets + 1}" Type="{Relations}/styles" Target="styles.xml"/></Relationships>
            """, ct);
        await Part("_rels/.rels", $"""
            <Relationships xmlns="{Packages}/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>
            """, ct);
        const string Kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        await Part("[Content_Types].xml", $"""
            <Types xmlns="{Packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
            <Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Kind}.sheet.main+xml"/>
            <Override PartName="/xl/styles.xml" ContentType="{Kind}.styles+xml"/>{Each(n => $"<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{Kind}.worksheet+xml\"/>")}</Types>
            """, ct);
    }

    private static string Look(int format, string more = "fontId=\"0\"") =>
        $"<xf numFmtId=\"{format}\" {(more.Contains("fontId", StringComparison.Ordinal) ? "" : "fontId=\"0\" ")}{more} fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>";

    private async Task Part(string name, string content, CancellationToken ct)
    {
        await using var part = await file.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct);
        await part.WriteAsync(Encoding.UTF8.GetBytes(Xml + content), ct);
    }

    /// The name of a column: A to Z, then AA.
    private static string Letters(int at) => at < 26 ? ((char)('A' + at)).ToString() : Letters(at / 26 - 1) + (char)('A' + at % 26);

    /// How a cell looks, by its place among the styles.
    private enum Style
    {
        General,
        Header,
        Quoted,
        Day,
        Instant,
        Cents,
        Whole,
        Thousandths,
        Price,
    }
}
