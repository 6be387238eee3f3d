using Keel.Kernel;
using Keel.Printing;
using Keel.Stock;
using Keel.Tests.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Goods of others, packages, conditions and external sites on their pages.
public class OwnedPagesTests
{
    [Fact, Feature("IN-23", "AC-38")]
    public async Task A_consignment_is_agreed_on_received_taken_over_and_stated()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 4, worth: 20_00);
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3.10m));
        await using var site = await Site.Open(shop);

        await site.Goes($"/stock/owners/receive?owner={owner}");
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='lines[0].quantity']", "12");
        await site.Pictures("owner-receive");
        await site.Presses("Receive");
        await site.Page.WaitForURLAsync("**/stock/owners");
        await shop.Ships(await shop.Takes(("MUG-BL", 6)));
        await site.Goes($"/stock/owners/take?owner={owner}");
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='lines[0].quantity']", "3");
        await site.Presses("Take over");
        await site.Page.WaitForURLAsync("**/stock/owners");
        await site.Sees("Kiln & Co");
        await site.Pictures("owners");
        await site.Follows("Kiln & Co");
        await site.Sees("7 units, none of them ours");
        await site.Pictures("owner");
        await site.Presses("Draw up the statement");
        await site.Agrees();
        await site.Page.WaitForSelectorAsync("text=/CS-20/");
        (await shop.Number("select owed from stock.owner_statement")).ShouldBe(1550);
        var statement = await shop.Text("select id from stock.owner_statement");
        await site.Goes($"/stock/owner-statements/{statement}");
        await site.Sees("15.50");
        await site.Pictures("owner-statement");
        await site.Goes("/stock/MUG-BL");
        await site.Sees("7 here that are not ours");
        await site.Pictures("owner-product");
        await site.Goes($"/stock/owners/agree?partner={await shop.Text("select partner from stock.owner")}");
        await site.Pictures("owner-agree");
        await shop.Proves();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("IN-21", "IN-24")]
    public async Task A_package_is_made_packed_moved_and_its_damaged_units_show()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("letterhead", Letterhead.AsDelivered with { Gs1Prefix = "4012345" });
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/A", "MAIN")]));
        await shop.Stocks("MUG-BL", 20, worth: 100_00);
        await using var site = await Site.Open(shop);

        await site.Goes("/stock/packages/new");
        await site.Page.FillAsync("[name='location']", "MAIN/STOCK");
        await site.Page.FillAsync("[name='count']", "2");
        await site.Presses("Make them");
        await site.Page.WaitForURLAsync("**/stock/packages");
        var ids = (await shop.Text("select string_agg(id::text, ' ' order by code) from stock.package")).Split(' ');
        var codes = (await shop.Text("select string_agg(code, ' ' order by code) from stock.package")).Split(' ');
        await site.Goes($"/stock/packages/{ids[0]}");
        await site.Page.FillAsync("#pack-sku", "MUG-BL");
        await site.Page.FillAsync("#pack-quantity", "8");
        await site.Presses("Pack");
        await site.Sees("8 units of 1 SKU");
        await site.Page.FillAsync("#nest-into", codes[1]);
        await site.Presses("Put into");
        await site.Page.WaitForSelectorAsync($"a[href='/stock/packages/{ids[1]}']");
        await site.Goes($"/stock/packages/{ids[1]}");
        await site.Page.FillAsync("#move-to", "MAIN/A");
        await site.Presses("Move");
        await site.Page.WaitForSelectorAsync("a[href='/stock/places/MAIN%2FA']");
        (await shop.Number("select on_hand from stock.level where location = 'MAIN/A'")).ShouldBe(8_000);
        await site.Pictures("package");
        await site.Goes("/stock/packages");
        await site.Pictures("packages");

        await site.Goes("/stock/condition?lines[0].sku=MUG-BL&lines[0].location=MAIN/STOCK");
        await site.Page.FillAsync("[name='lines[0].quantity']", "3");
        await site.Page.SelectOptionAsync("[name='lines[0].becomes']", "damaged");
        await site.Page.FillAsync("[name='reason']", "fell off the rack");
        await site.Pictures("condition");
        await site.Presses("Set it");
        await site.Page.WaitForURLAsync("**/stock/MUG-BL");
        await site.Sees("Damaged");
        await site.Pictures("condition-product");
        await site.Goes("/stock/places/MAIN%2FSTOCK");
        await site.Pictures("condition-place");
        await shop.Proves();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("IN-33")]
    public async Task What_an_external_site_tells_is_decided_on_its_page()
    {
        await using var shop = await Shop.Open();
        await shop.Must<CreateSite, CreateSite.Request, Done>(new("THIRD", "Delta Fulfilment", SiteKind.ThirdParty, SiteAuthority.External));
        await shop.Stocks("MUG-BL", 10, worth: 50_00, node: "THIRD");
        await shop.Stocks("BOWL", 4, worth: 20_00, node: "THIRD");
        var told = (await shop.Must<TellSnapshot, TellSnapshot.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", "MUG-BL", 7), new("THIRD", "BOWL", 4)], Reference: "DF-8841")))[0];
        await using var site = await Site.Open(shop);

        await site.Goes("/stock/external");
        await site.Pictures("external");
        await site.Goes("/stock/external/new");
        await site.Pictures("external-new");
        await site.Goes($"/stock/external/{told.Id}");
        await site.Sees("1 of 2 differ");
        await site.Pictures("external-snapshot");
        await site.Presses("Book the differences");
        await site.Sees("Settled");
        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(35_00);

        await site.Goes("/stock/external/events");
        await site.Pictures("external-events-none");
        await site.Goes("/stock/external/events/new?events[0].node=THIRD&events[0].reference=EV-7&events[0].kind=damaged&events[0].sku=BOWL&events[0].quantity=5");
        await site.Pictures("external-event-new");
        await site.Presses("Tell it");
        await site.Sees("EV-7");
        await site.Pictures("external-events");
        await site.Goes($"/stock/external/events/{await shop.Text("select id from stock.external_event")}");
        await site.Sees("Not in our book");
        await site.Pictures("external-event");
        await shop.Proves();
        site.Complaints.ShouldBeEmpty();
    }
}
