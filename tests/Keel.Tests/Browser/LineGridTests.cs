using Keel.Catalog.Barcodes;
using Keel.Catalog.Contract;
using Keel.Catalog.Units;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Tests.Access;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Lines of goods, entered as fast as somebody scans, pastes or types.
public class LineGridTests
{
    [Fact]
    public async Task A_scanner_fills_the_lines_and_the_same_code_again_adds_up()
    {
        await using var shop = await Shop.Open();
        await Labels(shop);
        await using var site = await Site.Open(shop);
        await site.Goes("/orders/new");

        foreach (var code in new[] { "4006381333931", "CASE-CANDLE", "bowl", "NOBODY", "4006381333931" })
        {
            await site.Page.FillAsync("[data-goods-scan]", code);
            await site.Page.PressAsync("[data-goods-scan]", "Enter");
            await site.Page.WaitForFunctionAsync("() => document.querySelector('[data-goods-scan]').value === ''");
            await site.Page.WaitForTimeoutAsync(200);
        }

        (await Lines(site)).ShouldBe("CANDLE 26, BOWL 1, NOBODY 1");
        await site.Sees("3 lines · 28 units", "[data-goods-total]");
        await site.Sees("1 to correct", "[data-goods-total]");
        await site.Sees("Nobody knows NOBODY", "[data-field='lines[2].sku']");
        await site.Pictures("lines-scanned");
        await site.Pictures("lines-scanned", dark: true);
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_of_a_spreadsheet_fall_into_the_lines_where_they_are_pasted()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, width: 390, height: 844);
        await site.Goes("/orders/new");
        await site.Page.FillAsync("[name='lines[0].sku']", "TEE-M");
        await site.Page.FillAsync("[name='lines[0].quantity']", "1");

        await Pastes(site, "[name='lines[1].sku']", "BOWL\t12\t9.50\nWRONG\t3\t1\nTHROW\t2\t\nMUG-BL\t1\t5\n");

        await site.Sees("5 lines", "[data-goods-total]");
        (await Lines(site)).ShouldBe("TEE-M 1, BOWL 12, WRONG 3, THROW 2, MUG-BL 1");
        (await site.Page.InputValueAsync("[name='lines[1].price.price']")).ShouldBe("9.5");
        await site.Sees("Nobody knows WRONG", "[data-field='lines[2].sku']");
        await site.Page.EvaluateAsync("() => document.querySelector('.k-lines').scrollIntoView()");
        await site.Pictures("lines-pasted-390");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_line_tells_the_price_of_the_list_and_what_is_there_and_a_wrong_code_stays_marked_until_it_is_corrected()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 4);
        await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact("Ilse Vos", "vos@example.org", null, new PostalAddress("Zijlweg 12", null, "2013 AA", "Haarlem", null, "NL")))]));
        await using var site = await Site.Open(shop);
        await site.Goes("/orders/new");
        await site.Page.SelectOptionAsync("#channel", "webshop");

        await site.Page.FillAsync("[name='lines[0].sku']", "BOWL");
        await site.Page.FillAsync("[name='lines[0].quantity']", "2");
        await site.Page.FillAsync("[name='lines[1].sku']", "NOBODY");
        await site.Page.FillAsync("[name='lines[1].quantity']", "1");
        await site.Page.Locator("[name='lines[1].quantity']").BlurAsync();
        await site.Sees("4 available", "[data-field='lines[0].sku']");
        await site.Sees("EUR", "[data-goods-total]");
        await site.Sees("Nobody knows NOBODY", "[data-field='lines[1].sku']");
        // The form is tried meanwhile, and says nothing of the second line: the mark stays.
        await site.Page.FillAsync("#name", "Ilse");
        await site.Page.WaitForFunctionAsync("() => document.querySelector('#known-customers').options.length > 0");
        await site.Page.WaitForTimeoutAsync(900);
        await site.Sees("Nobody knows NOBODY", "[data-field='lines[1].sku']");
        await site.Page.FillAsync("#name", "Ilse Vos · vos@example.org");

        (await site.Page.InputValueAsync("#name")).ShouldBe("Ilse Vos");
        (await site.Page.InputValueAsync("#city")).ShouldBe("Haarlem");
        await site.Pictures("order-lines-told");
        await site.Page.FillAsync("[name='lines[1].sku']", "MUG-BL");
        await site.Page.Locator("[name='lines[1].sku']").BlurAsync();
        await site.Sees("none available", "[data-field='lines[1].sku']");
        (await site.Page.Locator("[name='lines[1].sku'][aria-invalid]").CountAsync()).ShouldBe(0);
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_keyboard_goes_from_the_first_field_to_the_last()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await site.Goes("/receipts/new");
        var keys = site.Page.Keyboard;
        await site.Page.FocusAsync("[name='receipts[0].lines[0].quantity']");

        await keys.TypeAsync("5");
        await keys.PressAsync("Enter");
        await keys.TypeAsync("6");
        await keys.PressAsync("ArrowDown");
        await keys.TypeAsync("7");
        await keys.PressAsync("Enter");
        await keys.TypeAsync("8");
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("Control+Delete");
        await keys.TypeAsync("9");

        (await site.Page.EvaluateAsync<string>("() => [...document.querySelectorAll('[data-goods=quantity] input')].map(i => i.value).join(' ')")).ShouldBe("5 9 8");
        await site.Sees("3 lines · 22 units", "[data-goods-total]");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_word_of_the_name_offers_the_product_while_it_is_typed()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await site.Goes("/receipts/new");

        await site.Page.Locator("[name='receipts[0].lines[0].sku']").PressSequentiallyAsync("linen");

        await site.Page.WaitForFunctionAsync("() => document.querySelector('datalist[id$=-found] option')?.value === 'THROW'");
        await site.Page.FillAsync("[name='receipts[0].lines[0].sku']", "throw");
        await site.Page.PressAsync("[name='receipts[0].lines[0].sku']", "Tab");
        await site.Sees("Linen throw", "[data-goods-name]");
    }

    [Fact]
    public async Task Without_a_script_pasted_rows_are_lines_all_the_same()
    {
        await using var web = await WebShop.Open();
        await Labels(web.Shop);
        using var browser = new Browsing(web);
        await Browsing.Let(web, "anna@harbour.example", "administrator");
        await browser.Enters("anna@harbour.example");
        await browser.Goes("/receipts/new");

        var said = await browser.Sends("/do/stock/receive", ("receipts[0].node", "MAIN"), ("receipts[0].lines[0].sku", "BOWL"), ("receipts[0].lines[0].quantity", "4"),
            ("receipts[0].lines[0].unitCost.price", "2"), ("receipts[0].lines[0].unitCost.currency", "EUR"),
            ("__paste:receipts[0].lines:sku:quantity:unitCost", "THROW\t3\t7.50\nCASE-CANDLE\t1\t0.50\n"));

        said.Status.ShouldBe(System.Net.HttpStatusCode.SeeOther, said.Text);
        (await web.Shop.Text("select string_agg(sku || ' ' || quantity / 1000 || ' ' || value, ', ' order by sku) from stock.move")).ShouldBe("BOWL 4 800, CANDLE 24 1200, THROW 3 2250");
    }

    private static async Task Labels(Shop shop)
    {
        await shop.Must<AddUnits, AddUnits.Request, Saved[]>(new([new("CANDLE", "case", 24)]));
        await shop.Must<AddBarcodes, AddBarcodes.Request, Saved[]>(new([new("CANDLE", "4006381333931"), new("CANDLE", "CASE-CANDLE", BarcodeKind.Internal, "case")]));
    }

    private static Task<string> Lines(Site site) => site.Page.EvaluateAsync<string>(
        """
        () => [...document.querySelectorAll('.k-lines tbody tr')].map(r => [...r.querySelectorAll('[data-goods=sku] input, [data-goods=quantity] input')].map(i => i.value).join(' '))
          .filter(t => t.trim()).join(', ')
        """);

    private static Task Pastes(Site site, string into, string text) => site.Page.EvaluateAsync(
        """
        ([into, text]) => { const data = new DataTransfer(); data.setData('text', text); const field = document.querySelector(into); field.focus();
          field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }
        """, new[] { into, text });
}
