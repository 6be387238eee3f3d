using Keel.Catalog.Contract;
using Keel.Stock;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class TransferPagesTests
{
    [Fact, Feature("IN-15")]
    public async Task A_lead_asks_for_goods_sends_them_off_and_receives_fewer_from_the_pages()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse");
        await shop.Stocks("MUG-BL", 10, node: "OVERFLOW");
        await shop.Stocks("BOWL", 4, node: "OVERFLOW");

        await site.Goes("/transfers");
        await site.Sees("No goods travel between sites");
        await site.Follows("New transfer");
        await site.Page.SelectOptionAsync("[name=from]", "OVERFLOW");
        await site.Page.SelectOptionAsync("[name=to]", "MAIN");
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='lines[0].quantity']", "6");
        await site.Page.FillAsync("[name='lines[1].sku']", "BOWL");
        await site.Page.FillAsync("[name='lines[1].quantity']", "9");
        await site.Pictures("transfer-new");
        await site.Presses("Ask for it");
        await site.Sees("Send off");
        await site.Pictures("transfer-to-ship");

        await site.Presses("Send it off");
        await site.Sees("Counted");
        await site.Page.FillAsync("[name='lines[0].quantity']", "5");
        await site.Pictures("transfer-on-its-way");
        await site.Presses("Receive");
        await site.Sees("received a transfer");
        await site.Page.SetViewportSizeAsync(390, 844);
        await site.Pictures("transfer-phone");
        (await site.TooWide()).ShouldBe(0);
        await site.Goes("/transfers");
        await site.Sees("TF-");
        await site.Pictures("transfers-phone");
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(5);
    }

    [Fact, Feature("IN-15", "IN-18", "IN-21")]
    public async Task A_pallet_is_scanned_onto_a_transfer_and_what_came_of_another_lot_is_named()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse");
        await shop.Chooses("letterhead", Keel.Printing.Letterhead.AsDelivered with { Gs1Prefix = "4012345" });
        await shop.Sells(new("TEA", "Green tea", Tracking: Tracking.Lot, ShelfLifeDays: 365));
        var soon = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(60);
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("TEA", 8, new UnitPrice(2_000_000, Currency.Eur), "L-A", soon)])]));
        var pallet = (await shop.Must<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK")))[0];
        await shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(pallet.Number, [new("TEA", 6)]));
        var transfer = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("TEA", 8)]));

        await site.Goes($"/transfers/{transfer.Id}");
        await site.Page.FillAsync("[name=packages]", "(00)" + pallet.Number);
        await site.Pictures("transfer-packages-to-ship");
        await site.Presses("Send it off");
        await site.Sees("Packages that arrived whole");
        await site.Pictures("transfer-packages-on-their-way");
        await site.Goes($"/stock/packages/{pallet.Id}");
        await site.Sees("on its way to OVERFLOW");
        await site.Pictures("package-on-its-way");
        (await site.TooWide()).ShouldBe(0);

        await site.Goes($"/transfers/{transfer.Id}");
        await site.Page.FillAsync("[name='lines[0].quantity']", "7");
        await site.Page.SelectOptionAsync("[name='lines[1].line']", "1");
        await site.Page.FillAsync("[name='lines[1].quantity']", "1");
        await site.Page.FillAsync("[name='lines[1].lots']", "L-B");
        await site.Page.FillAsync("[name='lines[1].expiresOn']", soon.ToString("yyyy-MM-dd", null));
        await site.Presses("Receive");
        await site.Sees("received a transfer");
        await site.Page.SetViewportSizeAsync(390, 844);
        await site.Pictures("transfer-packages-phone");
        (await site.TooWide()).ShouldBe(0);

        (await shop.Text("select location from stock.package")).ShouldBe("OVERFLOW/STOCK");
        (await shop.Text("select string_agg(lot || ' ' || on_hand / 1000, ', ' order by lot, on_hand) from stock.level where node = 'OVERFLOW' and on_hand > 0")).ShouldBe("L-A 1, L-A 6, L-B 1");
        await shop.Proves();
    }

    [Fact, Feature("IN-15", "IN-23")]
    public async Task A_consignment_is_asked_for_from_the_page_and_its_owner_s_page_says_that_it_is_between_sites()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse");
        var owner = await Stock.OwnerTests.Agrees(shop, ("MUG-BL", 3m));
        await Stock.OwnerTests.Receives(shop, owner, ("MUG-BL", 6));

        await site.Goes("/transfers/new");
        await site.Page.SelectOptionAsync("[name=from]", "MAIN");
        await site.Page.SelectOptionAsync("[name=to]", "OVERFLOW");
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='lines[0].quantity']", "4");
        await site.Page.FillAsync("[name='lines[0].owner']", owner);
        await site.Presses("Ask for it");
        await site.Sees("Send off");
        await site.Sees(owner);
        await site.Presses("Send it off");
        await site.Sees("Counted");
        await site.Pictures("transfer-of-others");

        await site.Goes($"/stock/owners/{await shop.Text("select id from stock.owner")}");
        await site.Sees("Between sites");
        await site.Pictures("owner-between-sites");
        (await site.TooWide()).ShouldBe(0);
        (await shop.Number("select quantity from stock.owned_transit")).ShouldBe(4_000);
    }
}
