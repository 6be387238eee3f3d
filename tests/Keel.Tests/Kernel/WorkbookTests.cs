using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Tests.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

/// A view as a workbook, opened again by a reader that is not ours.
public partial class WorkbookTests
{
    private static readonly TimeZoneInfo Amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    [Theory]
    [InlineData("")]
    [InlineData("f.status=Backordered&sort=-total")]
    [InlineData("cols=total,number,ship-by,placed-at,units,customer&sort=number")]
    public async Task Holds_the_rows_and_columns_of_the_csv_file(string question)
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        await shop.Takes(("TEE-M", 2));
        await shop.Takes(("BOWL", 1200), ("CORD", 3));
        await shop.Takes(("THROW", 1));

        var csv = Encoding.UTF8.GetString(await Export(shop, question, FileKind.Csv)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Fields().Matches(l.Trim()).Select(m => m.Value.Trim('"')).ToArray()).ToArray();
        var sheet = Read(await Export(shop, question, FileKind.Xlsx)).ShouldHaveSingleItem();

        sheet.Count.ShouldBe(csv.Length);
        sheet[0].Select(c => c.Text).ShouldBe(csv[0]);
        for (var row = 1; row < csv.Length; row++)
        {
            for (var at = 0; at < csv[0].Length; at++) Same(csv[0][at], csv[row][at], sheet[row].ElementAtOrDefault(at) ?? new Seen("", "", 0));
        }
    }

    [Fact]
    public async Task Text_stays_text_and_what_xml_cannot_hold_comes_back()
    {
        string[] odd = ["=1+1", "+31 20 123", "-5", "@SUM(A1)", "\tindented", "a <b> & \"c\" 'd'", "two\nlines", "bell\u0007", "_x0041_", " spaces ", "smile 😀", "", "half \uD83D"];

        var sheet = Read(await Write([.. odd.Select((t, i) => new Odd.Row { Id = i, Note = t })]))[0];

        sheet.Skip(1).Select(r => r[1].Text).ShouldBe([.. odd.SkipLast(1), "half \uFFFD"]);
        sheet.Skip(1).Select(r => r[1].Kind).Distinct().ShouldBe(["inlineStr", ""], ignoreOrder: true);
        sheet[1][1].Style.ShouldBe(2U, "a cell with the mark of text is no formula when it is edited");
    }

    [Fact]
    public async Task Figures_are_figures_and_days_are_days()
    {
        var row = new Odd.Row
        {
            Id = 7, Note = "x", Total = new Money(-1234567, Currency.Eur), Yen = new Money(1500, Currency.Of("JPY")), Price = new UnitPrice(1_234_500, Currency.Eur), Units = new Quantity(-1_250),
            Day = new DateOnly(2026, 3, 10), At = new DateTimeOffset(2026, 7, 1, 22, 30, 15, TimeSpan.Zero), Done = true, Long = 123_456_789_012_345_678, Old = new DateOnly(1899, 5, 1),
        };

        var cells = Read(await Write(row))[0][1];

        cells.Select(c => c.Text).ShouldBe(
            ["7", "x", "-12345.67", "EUR", "1500", "JPY", "1.2345", "EUR", "-1.25", "46091", "46205.021006944444", "1", "123456789012345678", "1899-05-01", "EUR"]);
        cells.Select(c => c.Kind).ShouldBe(["", "inlineStr", "", "inlineStr", "", "inlineStr", "", "inlineStr", "", "", "", "b", "inlineStr", "inlineStr", "inlineStr"]);
        DateTime.FromOADate(46091).ShouldBe(new DateTime(2026, 3, 10));
        DateTime.FromOADate(46205.0210069444).ShouldBe(new DateTime(2026, 7, 2, 0, 30, 15), TimeSpan.FromSeconds(1), "half past midnight in Amsterdam");
    }

    [Fact]
    public async Task What_does_not_fit_on_a_sheet_goes_on_in_the_next()
    {
        var columns = ViewInfo.Of<Odd>().Columns;
        using var to = new MemoryStream();

        var written = await ViewXlsx.Write(columns, Numbered(5), to, Amsterdam, default, mostRows: 2);

        written.ShouldBe(5);
        Read(to.ToArray()).Select(s => string.Join(' ', s.Skip(1).Select(r => r[0].Text))).ShouldBe(["1 2", "3 4", "5"]);
        using var none = new MemoryStream();
        (await ViewXlsx.Write(columns, Numbered(0), none, Amsterdam, default)).ShouldBe(0);
        Read(none.ToArray()).ShouldHaveSingleItem().ShouldHaveSingleItem().Count.ShouldBeGreaterThan(10, "a list without rows has its header");
    }

    [Fact]
    public async Task A_hundred_thousand_rows_go_out_as_they_are_read()
    {
        var to = new Counting();
        var (since, most, before) = (0, 0, 0L);

        var written = await ViewXlsx.Write(ViewInfo.Of<Odd>().Columns, Watched(), to, Amsterdam, default);

        written.ShouldBe(100_000);
        most.ShouldBeLessThan(5_000, "rows are not gathered before they are sent");

        async IAsyncEnumerable<Odd.Row> Watched([EnumeratorCancellation] CancellationToken ct = default)
        {
            await foreach (var row in Numbered(100_000).WithCancellation(ct))
            {
                since = to.Sent == before ? since + 1 : 0;
                (before, most) = (to.Sent, Math.Max(most, since));
                yield return row;
            }
        }
    }

    [Fact]
    public async Task The_door_gives_it_as_a_file_and_a_refusal_as_a_refusal()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Takes(("BOWL", 2));

        using var answer = await web.Http.GetAsync(new Uri("/api/v1/sales/orders.xlsx?cols=number,units", UriKind.Relative));
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("sales.orders.xlsx");
        Read(await answer.Content.ReadAsByteArrayAsync())[0].Select(r => r[1].Text).ShouldBe(["units", "2"]);
        (await WebShop.Get(web.Http, "/api/v1/sales/orders.xlsx?f.colour=blue")).Code.ShouldBe("view.no-column");
        (await WebShop.Get(web.Http, "/orders?f.status=Backordered")).Body.ShouldContain("/lists/sales/orders.xlsx?f.status=Backordered");
    }

    private static void Same(string column, string csv, Seen cell)
    {
        var kind = ViewInfo.Of<OrderList>().Column(column)?.Kind;
        if (csv.Length == 0) cell.Text.ShouldBe("", column);
        else if (kind is ColumnKind.Number or ColumnKind.Money) decimal.Parse(cell.Text, CultureInfo.InvariantCulture).ShouldBe(decimal.Parse(csv, CultureInfo.InvariantCulture), column);
        else if (cell.Kind == "b") (cell.Text == "1").ShouldBe(bool.Parse(csv), column);
        else if (kind is ColumnKind.Day) DateOnly.FromDateTime(DateTime.FromOADate(double.Parse(cell.Text, CultureInfo.InvariantCulture))).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture).ShouldBe(csv);
        else if (kind is ColumnKind.Instant)
            DateTime.FromOADate(double.Parse(cell.Text, CultureInfo.InvariantCulture)).ShouldBe(TimeZoneInfo.ConvertTime(DateTimeOffset.Parse(csv, CultureInfo.InvariantCulture), Amsterdam).DateTime, TimeSpan.FromSeconds(1));
        else (cell.Text, cell.Kind).ShouldBe((csv, "inlineStr"), column);
    }

    private static async Task<byte[]> Export(Shop shop, string question, FileKind format)
    {
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Keel.App.Doors.Lookout>().Viewer = new Viewer(_ => true) { Zone = Amsterdam };
        using var to = new MemoryStream();
        var address = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(question);
        (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Export(typeof(OrderList), address, format, to)).Ok.ShouldBeTrue();
        return to.ToArray();
    }

    private static async Task<byte[]> Write(params Odd.Row[] rows)
    {
        using var to = new MemoryStream();
        await ViewXlsx.Write(ViewInfo.Of<Odd>().Columns, rows.ToAsyncEnumerable(), to, Amsterdam, default);
        return to.ToArray();
    }

    private static IAsyncEnumerable<Odd.Row> Numbered(int rows) =>
        Enumerable.Range(1, rows).Select(n => new Odd.Row { Id = n, Note = "Row " + n * 7919 % 10_007, Total = new Money(n * 37, Currency.Eur), Day = new DateOnly(2026, 1, 1).AddDays(n % 365) }).ToAsyncEnumerable();

    /// The sheets, row by row; a cell that is left out is empty. What Office would complain about fails.
    private static List<List<List<Seen>>> Read(byte[] file)
    {
        using var book = SpreadsheetDocument.Open(new MemoryStream(file), false);
        new OpenXmlValidator().Validate(book).Select(e => e.Description + " " + e.Path?.XPath).ShouldBeEmpty();
        var sheets = book.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>().Select(s => (WorksheetPart)book.WorkbookPart.GetPartById(s.Id!));
        return [.. sheets.Select(s => s.Worksheet.Descendants<Row>().Select(Cells).ToList())];
    }

    private static List<Seen> Cells(Row row)
    {
        var cells = new List<Seen>();
        foreach (var cell in row.Elements<Cell>())
        {
            var at = cell.CellReference!.Value!.TakeWhile(char.IsLetter).Aggregate(0, (n, c) => n * 26 + c - 'A' + 1) - 1;
            while (cells.Count < at) cells.Add(new Seen("", "", 0));
            var kind = cell.DataType?.InnerText ?? "";
            cells.Add(new Seen(kind is "inlineStr" ? Unescaped(cell.InnerText) : cell.CellValue!.Text, kind, cell.StyleIndex?.Value ?? 0));
        }

        return cells;
    }

    /// As a workbook's reader takes `_x0007_`.
    private static string Unescaped(string text) => System.Text.RegularExpressions.Regex.Replace(
        text, "_x([0-9A-Fa-f]{4})_", m => ((char)int.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    [System.Text.RegularExpressions.GeneratedRegex("""(?<=^|,)("[^"]*"|[^,]*)""")]
    private static partial System.Text.RegularExpressions.Regex Fields();

    private sealed record Seen(string Text, string Kind, uint Style);

    private sealed class Counting : MemoryStream
    {
        public long Sent { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Sent += count;
        public override void Write(ReadOnlySpan<byte> buffer) => Sent += buffer.Length;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Sent += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override bool CanSeek => false;
    }

    /// One column of every kind.
    [View("tests.odd", "")]
    internal sealed class Odd : IView<Odd.Row>
    {
        internal sealed record Row
        {
            [Key] public required int Id { get; init; }
            public required string Note { get; init; }
            public Money? Total { get; init; }
            public Money? Yen { get; init; }
            public UnitPrice? Price { get; init; }
            public Quantity? Units { get; init; }
            public DateOnly? Day { get; init; }
            public DateTimeOffset? At { get; init; }
            public bool? Done { get; init; }
            public long? Long { get; init; }
            public DateOnly? Old { get; init; }
            public Currency Currency { get; init; } = Currency.Eur;
        }

        public FormattableString Rows() => $"select 1 as id";
    }
}
