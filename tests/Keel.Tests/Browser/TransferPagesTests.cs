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
}
