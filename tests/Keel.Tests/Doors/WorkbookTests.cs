using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Keel.Catalog.Products;
using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

public class WorkbookTests
{
    [Fact]
    public async Task A_list_as_a_workbook_says_what_it_says_as_text_with_figures_as_numbers()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("TEE-M", onHand: 9);
        await web.Shop.Takes(("TEE-M", 1));
        await web.Shop.Takes(("TEE-M", 3));

        var text = (await WebShop.Get(web.Http, "/api/v1/sales/orders.csv?cols=number,total,units,ship-by&sort=number")).Body.Trim().Split("\r\n").Select(l => l.Split(',')).ToArray();
        var (cells, types) = await Book(web, "/api/v1/sales/orders.xlsx?cols=number,total,units,ship-by&sort=number");

        cells.Select(r => r[0]).ShouldBe(text.Select(r => r[0]));
        cells[0].ShouldBe(text[0], "the same columns in the same order");
        (cells[1][1], cells[2][1], cells[1][2]).ShouldBe(("20", "60", "EUR"));
        (types[1][1], types[1][3], types[1][4]).ShouldBe((CellValues.Number, CellValues.Number, CellValues.Number));
        DateOnly.FromDateTime(DateTime.FromOADate(double.Parse(cells[1][4], System.Globalization.CultureInfo.InvariantCulture))).ToString("yyyy-MM-dd").ShouldBe(text[1][4]);
    }

    [Fact]
    public async Task What_looks_like_a_formula_stays_text_and_odd_characters_do_not_break_the_book()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("ODD-1", "=1+1"), new("ODD-2", "<b> & \"ünïcode\" 漢字")]));

        var (cells, types) = await Book(web, "/api/v1/catalog/products.xlsx?cols=sku,name&q=ODD-&sort=sku");

        cells.Skip(1).Select(r => r[1]).ShouldBe(["=1+1", "<b> & \"ünïcode\" 漢字"]);
        types[1][1].ShouldBe(CellValues.InlineString);
    }

    [Fact]
    public async Task A_hidden_column_is_in_no_workbook()
    {
        await using var web = await WebShop.Open();
        using var blind = await web.Program(["sales.read"], "harbour");

        var said = await blind.GetAsync(new Uri("/api/v1/sales/orders.xlsx?cols=number,customer", UriKind.Relative));
        ((int)said.StatusCode).ShouldBe(400);
        var (cells, _) = await Book(web, "/api/v1/sales/orders.xlsx", blind);
        cells[0].ShouldNotContain("customer");
    }

    private static async Task<(string[][] Cells, CellValues[][] Types)> Book(WebShop web, string address, HttpClient? http = null)
    {
        await using var content = new MemoryStream(await (http ?? web.Http).GetByteArrayAsync(new Uri(address, UriKind.Relative)));
        using var book = SpreadsheetDocument.Open(content, isEditable: false);
        var rows = book.WorkbookPart!.WorksheetParts.Single().Worksheet.Descendants<Row>().Select(r => r.Elements<Cell>().ToArray()).ToArray();
        return ([.. rows.Select(r => r.Select(c => c.InlineString?.InnerText ?? c.CellValue?.Text ?? "").ToArray())], [.. rows.Select(r => r.Select(c => c.DataType?.Value ?? CellValues.Number).ToArray())]);
    }
}
