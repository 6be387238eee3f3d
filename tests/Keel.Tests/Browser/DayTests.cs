using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// A day at the desk and on the floor, on the pages only.
public class DayTests
{
    [Fact]
    public async Task An_order_from_the_desk_is_shipped_on_the_page_and_its_entries_are_open_to_read()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Stocks("TEE-M", 10, worth: 100_00);

        await site.Goes("/orders/new");
        await site.Page.SelectOptionAsync("#channel", "webshop");
        await site.Page.FillAsync("[name='lines[0].sku']", "TEE-M");
        await site.Page.FillAsync("[name='lines[0].quantity']", "2");
        await site.Page.FillAsync("#name", "Elin Vester");
        await site.Page.FillAsync("#line1", "Zijlweg 12");
        await site.Page.FillAsync("#postal-code", "2013 DH");
        await site.Page.FillAsync("#city", "Haarlem");
        await site.Presses("Place order");
        await site.Page.WaitForURLAsync("**/orders/*-*");
        await site.Sees("ready to release");

        await site.Presses("Release to picking");
        await site.Follows("Open SH-");
        await site.Sees("Pick list");
        await site.Pictures("day-shipment");
        await site.Presses("All picked");
        await site.Sees("picked it");
        await site.Presses("Packed");
        await site.Sees("packed it");
        await site.Presses("Ship 2 units");
        await site.Agrees();
        await site.Sees("1 invoice");
        await site.Pictures("day-shipped");

        await site.Follows("entry");
        await site.Sees("cost-of-goods-sold");
        await site.Pictures("day-entries");
        (await shop.Number("select count(*) from warehouse.shipment where status = 'Shipped'")).ShouldBe(1);
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_count_below_what_is_promised_shows_who_lost_the_promise()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse");
        await shop.Stocks("BOWL", 3);
        var order = await shop.Takes(("BOWL", 3));

        await site.Goes("/stock/BOWL");
        await site.Follows("Count…");
        await site.Sees("The book says 3 of BOWL in MAIN/STOCK; 3 of the 3 for sale at MAIN are promised.");
        await site.Page.FillAsync("[name='lines[0].counted']", "1");
        await site.Page.SelectOptionAsync("[name='lines[0].reason']", "count");
        await site.Presses("Book the count");

        await site.Sees(order.Number!, "#displaced");
        await site.Pictures("day-displaced");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_shipment_can_be_worked_on_a_telephone()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse", width: 390, height: 844);
        await shop.Stocks("TEE-M", 10);
        await shop.Stocks("BOWL", 10);
        var order = await shop.Takes(("TEE-M", 2), ("BOWL", 1));
        await shop.Does<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(new([order.Id!.Value.Value]));

        await site.Goes("/warehouse");
        await site.Pictures("phone-board");
        await site.Goes("/shipments/" + await shop.Text("select id from warehouse.shipment"));
        await site.Pictures("phone-shipment");
        await site.Pictures("phone-shipment", dark: true);
        (await site.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("nothing stands beyond the right edge");
        (await site.Barriers()).ShouldBeEmpty();
        await site.Presses("All picked");

        await site.Sees("picked it");
        (await shop.Text("select status from warehouse.shipment")).ShouldBe("Picked");
    }

    [Fact]
    public async Task Who_may_not_know_a_customer_does_not_read_the_name_anywhere()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "buyer");
        await shop.Stocks("TEE-M", 10);
        var order = await shop.Takes(("TEE-M", 2));

        foreach (var address in new[] { "/orders", $"/orders/{order.Id}" })
        {
            await site.Goes(address);
            (await site.Reads()).ShouldContain(order.Number!);
            (await site.Reads()).ShouldNotContain("Customer 1");
            (await site.Reads()).ShouldNotContain("Zijlweg");
        }

        await shop.Releases(order);
        foreach (var address in new[] { "/warehouse", "/shipments", $"/shipments/{await shop.Text("select id from warehouse.shipment")}" })
        {
            await site.Goes(address);
            (await site.Reads("body")).ShouldContain("SH-2026-000001");
            (await site.Reads("body")).ShouldNotContain("Customer 1");
            (await site.Reads("body")).ShouldNotContain("Zijlweg");
        }

        await site.Goes("/invoices");
        (await site.Reads("body")).ShouldNotContain("Customer 1");
        await site.Goes("/postings");
        (await site.Reads("body")).ShouldContain("You may not see this page");
    }

    [Fact, Feature("MD-08")]
    public async Task A_file_is_mapped_tried_and_committed_on_the_pages()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);

        await site.Goes("/import");
        await site.Follows("New import");
        await site.Page.FillAsync("#drop-text", "sku,name,weight\nP-1,A lamp,1200\nP-2,Another lamp,900\nP-3,,900\n");
        await site.Page.SelectOptionAsync("#import-operation", "catalog.save-products");
        await site.Presses("Read the file");
        await site.Sees("Nothing is saved yet");
        await site.Presses("Try");
        await site.Sees("name is required.");
        (await shop.Number("select count(*) from catalog.product where sku like 'P-%'")).ShouldBe(0);
        await site.Presses("Commit");
        await site.Sees("Committed");

        (await shop.Number("select count(*) from catalog.product where sku like 'P-%'")).ShouldBe(2, "what was tried does not stand for what was done");
        (await shop.Text("select read || ' ' || accepted || ' ' || refused || ' ' || state from kernel.import_job")).ShouldBe("3 2 1 Done");
        await site.Pictures("import-committed");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("AP-01", "AP-05", "AP-10")]
    public async Task A_policy_is_chosen_on_its_page_and_holds_from_then_on()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Stocks("BOWL", 10, worth: 1_000_00);

        await site.Goes("/settings/policies");
        await site.Page.ClickAsync("a[href='/settings/policies/approvals']");
        await site.Page.WaitForURLAsync("**/settings/policies/approvals");
        await site.Sees("No rule: the usual holds.");
        await site.Page.FillAsync("[name='choice.rules[0].operation']", "stock.adjust");
        await site.Page.FillAsync("[name='choice.rules[0].from.amount']", "100");
        await site.Page.FillAsync("[name='choice.rules[0].levels[0].permission']", "kernel.approvals.decide");
        await site.Page.FillAsync("[name='owner']", "head of finance");
        await site.Presses("Begin the new version");
        await site.Sees("Version 1");
        await site.Sees("Rule 1, level 1, permission");
        await site.Pictures("policy");

        await site.Goes("/stock/BOWL");
        await site.Follows("Count…");
        await site.Page.FillAsync("[name='lines[0].counted']", "5");
        await site.Page.SelectOptionAsync("[name='lines[0].reason']", "count");
        await site.Presses("Book the count");
        await site.Sees("Waits for a yes");
        (await shop.Position("BOWL")).OnHand.ShouldBe(10);
        (await shop.Text("select state || ' ' || operation from kernel.approval")).ShouldBe("Waiting stock.adjust");

        await site.Goes("/settings/policies/approvals");
        await site.Page.FillAsync("[name='choice.rules[0].from.amount']", "1000000");
        await site.Presses("Begin the new version");
        await site.Sees("Version 2");
        (await shop.Text("select choice -> 'rules' -> 0 -> 'from' ->> 'amount' from kernel.policy where version = 2")).ShouldBe("1000000");
        site.Complaints.ShouldBeEmpty();
    }
}
