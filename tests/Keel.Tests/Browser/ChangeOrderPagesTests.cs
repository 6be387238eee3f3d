using Keel.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class ChangeOrderPagesTests
{
    [Fact, Feature("OM-18", "OM-45")]
    public async Task Customer_service_changes_an_order_sees_before_what_would_happen_and_after_what_did()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "service");
        await shop.Stocks("TEE-M", 5);
        await shop.Stocks("BOWL", 5);
        var order = await shop.Takes(("TEE-M", 3));

        await site.Goes($"/orders/{order.Id}");
        await site.Follows("Change order");
        await site.Page.FillAsync("[name='lines[0].quantity']", "1");
        await site.Page.FillAsync("[name='added[0].sku']", "BOWL");
        await site.Page.FillAsync("[name='added[0].quantity']", "2");
        await site.Page.FillAsync("[name='reason']", "wants bowls");
        await site.Page.PressAsync("[name='reason']", "Tab");
        await site.Sees("TEE-M: 1 instead of 3.");
        await site.Pictures("order-change");
        (await shop.Number("select count(*) from sales.order_version")).ShouldBe(0);
        await site.Presses("Change order");

        await site.Sees("wants bowls");
        await site.Sees("68.40");
        await site.Pictures("order-versions");
        (await shop.Number("select gross from sales.orders")).ShouldBe(68_40);
        await site.Goes("/order-stages");
        await site.Sees("Put back");
        await site.Pictures("order-stages");
    }
}
