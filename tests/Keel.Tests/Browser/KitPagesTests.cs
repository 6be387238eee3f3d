using Keel.Catalog.Contract;
using Keel.Stock;
using Keel.Tests.Catalog;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Kits on their pages: made, seen on the shelf, ordered, assembled; goods scrapped and converted.
public class KitPagesTests
{
    [Fact, Feature("OM-28", "IN-37", "MF-06")]
    public async Task A_kit_is_made_on_a_form_and_seen_where_it_is_sold()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("GIFT", "Gift set"));
        await shop.Stocks("MUG-BL", 9);
        await shop.Stocks("CANDLE", 3);
        await shop.Stocks("CANDLE", 3, node: "OVERFLOW");
        await using var site = await Site.Open(shop);

        await site.Goes("/product/GIFT");
        await site.Follows("Make it a kit");
        await site.Page.FillAsync("[name='kits[0].components[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='kits[0].components[0].quantity']", "2");
        await site.Page.FillAsync("[name='kits[0].components[1].sku']", "GIFT");
        await site.Page.FillAsync("[name='kits[0].components[1].quantity']", "1");
        await site.Presses("Save");
        await site.Sees("GIFT cannot be made of itself");
        await site.Page.FillAsync("[name='kits[0].components[1].sku']", "CANDLE");
        await site.Pictures("kit-form");
        await site.Presses("Save");
        await site.Page.WaitForURLAsync("**/product/GIFT");
        await site.Sees("virtual: put together as it is picked");
        await site.Pictures("kit-product");
        await site.Goes("/product/CANDLE");
        await site.Sees("Gift set");
        await site.Goes("/kits");
        await site.Sees("2 × MUG-BL, 1 × CANDLE");
        await site.Pictures("kits");

        await site.Goes("/stock/GIFT");
        await site.Sees("Whole kits");
        await site.Pictures("kit-stock");
        var order = await shop.Takes(("GIFT", 4), ("BOWL", 1));
        await site.Goes($"/orders/{order.Id}");
        await site.Sees("3 of 4 reserved");
        await site.Pictures("kit-order");
        (await site.TooWide()).ShouldBe(0);
        site.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal) && !c.Contains("409", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact, Feature("IN-20", "IN-21")]
    public async Task Cases_are_typed_where_quantities_are_and_come_out_as_what_they_hold()
    {
        await using var shop = await Shop.Open();
        await shop.Must<Keel.Catalog.Units.AddUnits, Keel.Catalog.Units.AddUnits.Request, Saved[]>(new([new("MUG-BL", "case", 12)]));
        await using var site = await Site.Open(shop);

        await site.Goes("/receipts/new");
        await site.Page.FillAsync("[name='receipts[0].lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='receipts[0].lines[0].quantity']", "3 crate");
        await site.Page.FillAsync("[name='receipts[0].lines[0].unitCost.price']", "2");
        await site.Presses("Receive");
        await site.Sees("MUG-BL has no unit 'crate'");
        await site.Page.FillAsync("[name='receipts[0].lines[0].quantity']", "3 case");
        await site.Pictures("units-receipt");
        await site.Presses("Receive");
        await site.Page.WaitForURLAsync(u => u.Contains("/receipts/", StringComparison.Ordinal) && !u.Contains("new", StringComparison.Ordinal));
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(36);

        await site.Goes("/orders/new");
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='lines[0].quantity']", "2 case");
        await site.Page.Keyboard.PressAsync("Tab");
        await site.Sees("36 available");
        await site.Pictures("units-order");
        site.Complaints.Where(c => !c.Contains("409", StringComparison.Ordinal) && !c.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact, Feature("IN-37")]
    public async Task Kits_are_assembled_and_goods_become_others_with_the_consequence_in_view()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("CHEST", "Tea chest"));
        await KitTests.Says(shop, "CHEST", KitKind.PreBuilt, ("MUG-BL", 2), ("CANDLE", 1));
        await shop.Stocks("MUG-BL", 9);
        await shop.Stocks("CANDLE", 3);
        await using var site = await Site.Open(shop);

        await site.Goes("/stock/CHEST");
        await site.Sees("What could be assembled");
        await site.Pictures("chest-stock");
        await site.Page.ClickAsync("a[href='/stock/assemble?kit=CHEST']");
        await site.Page.FillAsync("[name='quantity']", "2");
        await site.Page.Keyboard.PressAsync("Tab");
        await site.Sees("Moves 4 × MUG-BL");
        await site.Pictures("assemble");
        await site.Presses("Assemble");
        await site.Page.WaitForURLAsync("**/conversions/*");
        await site.Sees("Assembled");
        await site.Pictures("assembled");
        await site.Goes("/stock/take-apart?kit=CHEST");
        await site.Page.FillAsync("[name='quantity']", "1");
        await site.Pictures("take-apart");
        await site.Presses("Take apart");
        await site.Page.WaitForURLAsync("**/conversions/*");
        (await shop.Position("CHEST")).OnHand.ShouldBe(1);

        await site.Goes("/stock/convert?from=MUG-BL");
        await site.Page.FillAsync("[name='quantity']", "1");
        await site.Page.FillAsync("[name='into']", "BOWL");
        await site.Page.FillAsync("[name='becomes']", "1");
        await site.Page.FillAsync("[name='reason']", "wrong box");
        await site.Pictures("convert");
        await site.Presses("Turn them");
        await site.Page.WaitForURLAsync("**/conversions/*");
        await site.Goes("/conversions");
        await site.Sees("wrong box");
        await site.Pictures("conversions");

        await site.Goes("/stock/BOWL");
        await site.Page.ClickAsync("a[href^='/stock/scrap?lines']");
        await site.Page.FillAsync("[name='lines[0].quantity']", "1");
        await site.Page.SelectOptionAsync("[name='lines[0].reason']", "damaged");
        await site.Pictures("scrap");
        await site.Presses("Scrap them");
        await site.Page.WaitForURLAsync("**/adjustments/*");
        await site.Sees("SCRAP");
        await site.Pictures("scrapped");
        (await site.TooWide()).ShouldBe(0);
        site.Complaints.ShouldBeEmpty();
    }
}
