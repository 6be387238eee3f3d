using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Keel.Kernel.Views;

/// A view as a workbook: one sheet, one header row, figures as numbers, days as dates, instants as the clock of whoever asks shows them. Text
/// stays text, whatever it begins with. It is put together in a file of its own, row by row, and then sent.
internal static class ViewXlsx
{
    /// What a sheet holds at most, with its header.
    public const int MostRows = 1_048_575;
    private const uint DayStyle = 1;
    private const uint InstantStyle = 2;
    private const uint HeadStyle = 3;

    public static async Task<long> Write<TRow>(
        string title, IReadOnlyList<ViewColumn> columns, IAsyncEnumerable<TRow> rows, TimeZoneInfo zone, Stream to, CancellationToken ct)
    {
        var path = Path.Combine(Path.GetTempPath(), $"keel-export-{Guid.NewGuid():N}.xlsx");
        try
        {
            var written = 0L;
            using (var book = SpreadsheetDocument.Create(path, SpreadsheetDocumentType.Workbook))
            {
                var main = book.AddWorkbookPart();
                main.AddNewPart<WorkbookStylesPart>().Stylesheet = Styles();
                var sheet = main.AddNewPart<WorksheetPart>();
                using (var writer = OpenXmlWriter.Create(sheet))
                {
                    writer.WriteStartElement(new Worksheet());
                    writer.WriteElement(new SheetViews(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 }));
                    writer.WriteStartElement(new SheetData());
                    WriteRow(writer, columns.SelectMany(c => c.Kind is ColumnKind.Money ? new[] { c.Name, c.Name + "-currency" } : [c.Name]).Select(n => Text(n, HeadStyle)));
                    await foreach (var row in rows.WithCancellation(ct))
                    {
                        WriteRow(writer, columns.SelectMany(c => Cells(c, c.Property.GetValue(row), zone)));
                        if (++written == MostRows) break;
                    }

                    writer.WriteEndElement();
                    writer.WriteEndElement();
                }

                main.Workbook = new Workbook(new Sheets(new Sheet { Id = main.GetIdOfPart(sheet), SheetId = 1, Name = title.Length > 31 ? title[..31] : title }));
            }

            await using var file = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read });
            await file.CopyToAsync(to, ct);
            return written;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void WriteRow(OpenXmlWriter writer, IEnumerable<Cell> cells)
    {
        writer.WriteStartElement(new Row());
        foreach (var cell in cells) writer.WriteElement(cell);
        writer.WriteEndElement();
    }

    private static Cell[] Cells(ViewColumn column, object? value, TimeZoneInfo zone) => value switch
    {
        Money money => [Number(money.Amount), Text(money.Currency.Code)],
        UnitPrice price => [Number(price.Price), Text(price.Currency.Code)],
        null when column.Kind is ColumnKind.Money => [new Cell(), new Cell()],
        null => [new Cell()],
        Quantity quantity => [Number(quantity.Units)],
        int or long or short or decimal => [Number(Convert.ToDecimal(value, CultureInfo.InvariantCulture))],
        bool flag => [new Cell { DataType = CellValues.Boolean, CellValue = new CellValue(flag) }],
        DateOnly day => [Date(day.ToDateTime(TimeOnly.MinValue), DayStyle)],
        DateTimeOffset instant => [Date(TimeZoneInfo.ConvertTime(instant, zone).DateTime, InstantStyle)],
        string text => [Text(text)],
        _ => [Text(ColumnText.Key(value))],
    };

    private static Cell Number(decimal number) => new() { DataType = CellValues.Number, CellValue = new CellValue(number) };

    private static Cell Date(DateTime at, uint style) => new() { DataType = CellValues.Number, CellValue = new CellValue(at.ToOADate()), StyleIndex = style };

    /// A cell holds 32,767 characters; control characters are not XML.
    private static Cell Text(string text, uint style = 0)
    {
        var plain = string.Concat(text.Where(c => c is '\t' or '\n' or '\r' || (!char.IsControl(c) && c is not '\uFFFE' and not '\uFFFF')));
        return new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(plain.Length > 32_767 ? plain[..32_767] : plain) { Space = SpaceProcessingModeValues.Preserve }), StyleIndex = style };
    }

    private static Stylesheet Styles() => new(
        new NumberingFormats(new NumberingFormat { NumberFormatId = 164, FormatCode = "yyyy-mm-dd" }, new NumberingFormat { NumberFormatId = 165, FormatCode = "yyyy-mm-dd hh:mm:ss" }),
        new Fonts(new Font(), new Font(new Bold())),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellFormats(
            new CellFormat(), new CellFormat { NumberFormatId = 164, ApplyNumberFormat = true }, new CellFormat { NumberFormatId = 165, ApplyNumberFormat = true }, new CellFormat { FontId = 1, ApplyFont = true }));
}
