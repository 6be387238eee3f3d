using Keel.Catalog.Products;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Rows out of a spreadsheet, from the paste to the undo, as somebody does it in a browser.
public class ImportPagesTests
{
    [Fact, Feature("MD-08")]
    public async Task Pasted_rows_are_tried_corrected_in_place_committed_and_taken_back()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);

        await Pastes(site, "Article\tTitle\tWeight\nA-1\tJug\t300\nA-2\tVase\theavy\nA-3\t=B2*2\t120\n");
        await site.Page.SelectOptionAsync("#map-0", "sku");
        await site.Page.SelectOptionAsync("#map-1", "name");
        await site.Page.SelectOptionAsync("#map-2", "weightGrams");
        await site.Presses("Try");
        await site.Sees("name holds the formula =B2*2, not its result.");
        (await site.Reads()).ShouldContain("It can be undone: New products go");
        await site.Pictures("import-correct");
        await site.Pictures("import-correct", dark: true);

        await site.Page.FillAsync("[name='cell.3.2']", "450");
        await site.Presses("Try these rows again");
        await site.Sees("1", "[aria-label='Steps and totals']");
        (await shop.Text("select accepted || ' of ' || read from kernel.import_job")).ShouldBe("2 of 3");
        await site.Presses("Commit");
        await site.Sees("Import these rows");
        (await shop.Text("select string_agg(sku || ' ' || weight_grams, ', ' order by sku) from catalog.product where sku like 'A-%'")).ShouldBe("A-1 300, A-2 450");

        await site.Page.FillAsync("[name='cell.4.1']", "Bowl of glass");
        await site.Presses("Import these rows");
        await site.Sees("Undo 3 rows");
        (await shop.Text("select read || ' = ' || accepted || ' + ' || refused from kernel.import_job")).ShouldBe("3 = 3 + 0");

        await shop.Stocks("A-1", 2);
        await site.Page.FillAsync("#undo-reason", "wrong supplier's file");
        await site.Presses("Undo 3 rows");
        await site.Sees("It is in use: a place in the stock book, moves of stock.");
        await site.Sees("taken back", "[aria-label='Steps and totals']");
        await site.Pictures("import-undone");
        (await shop.Text("select string_agg(sku, ' ') from catalog.product where sku like 'A-%'")).ShouldBe("A-1");
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("MD-08", "OM-28")]
    public async Task Kits_of_a_file_are_put_right_row_by_row_and_come_in_whole()
    {
        await using var shop = await Shop.Open();
        foreach (var kit in new[] { "GIFT", "HAMPER" }) await shop.Sells(new(kit, "Set " + kit));
        await using var site = await Site.Open(shop);

        await site.Goes("/kits");
        await site.Follows("From a file");
        await site.Page.FillAsync("#drop-text", "kit\tpart\tquantity\nGIFT\tMUG-BL\t2\nGIFT\tNOBODY\t1\nHAMPR\tBOWL\t1\nHAMPER\tCANDLE\t1\n");
        await site.Presses("Read the file");
        await site.Sees("Columns");
        await site.Presses("Try");
        await site.Sees("Row 3 of the same kit is wrong: its rows come in together or not at all.");
        await site.Pictures("import-whole");

        await site.Page.FillAsync("[name='cell.3.1']", "CANDLE");
        await site.Presses("Try these rows again");
        await site.Sees("1", "[aria-label='Steps and totals']");
        (await shop.Text("select accepted || ' of ' || read from kernel.import_job")).ShouldBe("3 of 4");
        await site.Presses("Commit");
        await site.Sees("Import these rows");
        await site.Page.FillAsync("[name='cell.4.0']", "HAMPER");
        await site.Presses("Import these rows");
        await site.Sees("Other rows of this kit are in already. Upload a file with all rows of it.");

        (await shop.Text("select string_agg(kit || ' ' || component, ', ' order by kit, place) from catalog.kit_component")).ShouldBe("GIFT MUG-BL, GIFT CANDLE, HAMPER CANDLE");
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("MD-08")]
    public async Task The_columns_of_the_last_file_are_offered_with_their_day_and_can_be_forgotten()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, width: 390, height: 844);
        await Pastes(site, "Artikel;Bezeichnung\nA-1;Krug\n");
        await site.Page.SelectOptionAsync("#map-0", "sku");
        await site.Page.SelectOptionAsync("#map-1", "name");
        await site.Presses("Try");
        await site.Presses("Commit");
        await site.Sees("Undo 1 row");

        await Pastes(site, "Artikel;Bezeichnung\nA-2;Vase\n");

        await site.Sees("when a file with this header was imported last");
        (await site.Page.InputValueAsync("#map-1")).ShouldBe("name");
        await site.Pictures("import-remembered-390");
        await site.Presses("Forget them");
        await site.Page.WaitForURLAsync(url => url.Contains("/import/", StringComparison.Ordinal));
        (await site.Page.InputValueAsync("#map-1")).ShouldBe("");
        (await shop.Number("select count(*) from kernel.import_mapping")).ShouldBe(0);
    }

    [Fact, Feature("MD-08")]
    public async Task Refused_rows_come_as_a_file_that_is_uploaded_again_after_correction()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await Pastes(site, "sku,name,weightGrams\nA-1,Jug,300\nA-2,\"Vase, \"\"blue\"\"\",heavy\n");
        await site.Presses("Try");
        await site.Presses("Commit");
        await site.Sees("Refused rows as a file");

        var file = await site.Page.EvaluateAsync<string>("async () => await (await fetch(document.querySelector('a[download]').href)).text()");

        file.ShouldContain("sku,name,weightGrams,Why it was refused\r\nA-2,\"Vase, \"\"blue\"\"\",heavy,Line 3: ");
        await Pastes(site, file.Replace("heavy", "450", StringComparison.Ordinal));
        await site.Sees("when a file with this header was imported last");
        await site.Presses("Try");
        await site.Presses("Commit");
        await site.Sees("Undo 1 row");
        (await shop.Text("select name || ' ' || weight_grams from catalog.product where sku = 'A-2'")).ShouldBe("Vase, \"blue\" 450");
    }

    private static async Task Pastes(Site site, string text)
    {
        await site.Goes("/import/new?operation=catalog.save-products");
        await site.Page.FillAsync("#drop-text", text);
        await site.Presses("Read the file");
        await site.Sees("Columns");
    }
}
