using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class RoutingPagesTests
{
    [Fact, Feature("OM-08", "OM-09", "OM-38")]
    public async Task Operations_says_how_far_it_is_tries_an_order_and_asks_why_not_the_overflow_warehouse()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations");
        await shop.Stocks("MUG-BL", 30);
        await shop.Stocks("MUG-BL", 30, node: "OVERFLOW");

        await site.Goes("/routing");
        await site.Sees("Say how far it is to customers");
        await site.Follows("Ways to customers");
        await site.Sees("No ways are known yet");
        await site.Follows("New way");
        foreach (var (node, price, line) in ((string, string, int)[])[("MAIN", "4.50", 0), ("OVERFLOW", "6.25", 1)])
        {
            await site.Page.SelectOptionAsync($"[name='lanes[{line}].node']", node);
            await site.Page.FillAsync($"[name='lanes[{line}].country']", "NL");
            await site.Page.FillAsync($"[name='lanes[{line}].days']", "1");
            await site.Page.FillAsync($"[name='lanes[{line}].parcel']", price);
        }

        await site.Pictures("lanes-new");
        await site.Presses("Save");
        await site.Sees("6.25");
        await site.Pictures("lanes");
        await site.Goes("/routing/sites?node=MAIN");
        await site.Page.FillAsync("[name='sites[0].capacity']", "40");
        await site.Pictures("site-terms");
        await site.Presses("Save");
        await site.Sees("40");
        await site.Pictures("routing");

        await shop.Chooses(Sourcing.Kind, new Sourcing(true, [new SourcingRoute("The Netherlands", [new SourcingRule("cheapest", First: SourcingSort.Cost)], Countries: ["NL"])]));
        await site.Goes("/routing/try");
        await site.Page.SelectOptionAsync("[name=channel]", "webshop");
        await site.Page.FillAsync("[name=postcode]", "2013 DH");
        await site.Page.FillAsync("[name=lines]", "MUG-BL 2\nNOBODY");
        await site.Presses("Where would it go?");
        await site.Sees("There is no product NOBODY");
        await site.Page.FillAsync("[name=lines]", "MUG-BL 2");
        await site.Presses("Where would it go?");
        await site.Sees("MAIN was chosen because it costs least: 4.50 EUR.");
        await site.Sees("it costs 1.75 EUR more");
        await site.Pictures("route-try");
        await site.Page.SetViewportSizeAsync(390, 844);
        await site.Pictures("route-try-phone", dark: true);
        (await site.TooWide()).ShouldBe(0);
        await site.Page.SetViewportSizeAsync(1440, 900);

        var order = await shop.Takes(("MUG-BL", 2));
        await site.Goes($"/orders/{order.Id}");
        await site.Page.ClickAsync(".k-why-btn");
        await site.Sees("it costs 1.75 EUR more");
        await site.Pictures("order-why");
        await site.Presses("Main warehouse cannot send it");
        await site.Page.FillAsync("#ask input", "the dock is closed");
        await site.Agrees();
        await site.Sees("said that a site cannot send", "#stream");
        (await shop.Text($"select string_agg(node, ',') from stock.reservation where document_id = '{order.Id}' and open > 0")).ShouldBe("OVERFLOW");
        await site.Goes("/orders?f.at-risk=true");
        await site.Pictures("orders-at-risk");
    }
}
