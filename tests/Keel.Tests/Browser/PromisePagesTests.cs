using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// What is to come, who waits and what is kept from whom, on their pages.
public class PromisePagesTests
{
    [Fact, Feature("IN-02", "IN-11", "IN-35")]
    public async Task A_lead_announces_goods_sees_when_they_can_be_promised_and_gives_goods_to_the_stronger_claim()
    {
        await using var shop = await Shop.Open();
        var today = Now(shop);
        await shop.Chooses(TakingOver.Kind, new { allowed = true, safeDays = 2 });
        await shop.Stocks("MUG-BL", 4);
        var weak = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 4)) with { ShipBy = today.AddDays(20) })).Value;
        var strong = await shop.TakesFromBazaar(("MUG-BL", 3));
        await using var site = await Site.Open(shop, "operations");

        await site.Goes("/stock/supplies/new");
        await site.Page.FillAsync("[name='supplies[0].sku']", "MUG-BL");
        await site.Page.SelectOptionAsync("[name='supplies[0].node']", "MAIN");
        await site.Page.FillAsync("[name='supplies[0].quantity']", "10");
        await site.Page.FillAsync("[name='supplies[0].expectedOn']", today.AddDays(10).ToString("yyyy-MM-dd"));
        await site.Presses("Announce");
        await site.Page.WaitForURLAsync("**/stock/supplies");
        await site.Sees("SU-2026-");
        await site.Goes("/stock/MUG-BL");
        await site.Sees("What can be promised");
        await site.Sees("+10");

        await site.Goes("/stock/competing?sku=MUG-BL");
        await site.Sees(strong.Number!);
        await site.Follows("Change…");
        await site.Sees($"Goods promised to {weak.Number}");
        await site.Page.FillAsync("#why-take", "The marketplace fines us");
        await site.Presses("Give them");
        await site.Page.WaitForURLAsync("**/stock/competing?sku=MUG-BL");
        (await shop.Number($"select sum(open) from stock.reservation where document_id = '{strong.Id}'")).ShouldBe(3000);
        await shop.Delivers();
        // The open site delivers as well: whoever took the word first writes it.
        for (var tries = 0; tries < 100 && await shop.StatusOf(weak) is not OrderStatus.Backordered; tries++) await Task.Delay(100);
        (await shop.StatusOf(weak)).ShouldBe(OrderStatus.Backordered);

        await site.Goes($"/stock/supplies/{await shop.Text("select id from stock.supply")}");
        await site.Page.FillAsync("#expected", today.AddDays(17).ToString("yyyy-MM-dd"));
        await site.Page.FillAsync("#reason", "The ship is late");
        await site.Presses("Change it");
        await site.Sees("The ship is late");
        (await shop.Text("select expected_on::text from stock.supply")).ShouldBe(today.AddDays(17).ToString("yyyy-MM-dd"));

        await site.Goes("/stock/rings/new");
        await site.Page.SelectOptionAsync("[name='rings[0].kind']", "most");
        await site.Page.SelectOptionAsync("[name='rings[0].channel']", "bazaar");
        await site.Page.FillAsync("[name='rings[0].quantity']", "2");
        await site.Presses("Set it");
        await site.Page.WaitForURLAsync("**/stock/rings");
        await site.Sees("No more promised at once");
        site.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal) && !c.Contains("409", StringComparison.Ordinal) && !c.Contains("400", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact, Feature("IN-11")]
    public async Task A_planner_offers_goods_again_to_all_who_wait_and_sees_row_by_row_what_became_of_it()
    {
        await using var shop = await Shop.Open();
        Now(shop);
        var order = await shop.Takes(("MUG-BL", 3));
        await shop.Takes(("BOWL", 2));
        await shop.Stocks("MUG-BL", 4);
        await shop.Number("with gone as (delete from kernel.outbox returning 1) select count(*) from gone");
        await using var site = await Site.Open(shop);

        await site.Goes("/stock/waiting");
        await site.Page.CheckAsync("[data-pick-all]");
        await site.Presses("Offer again");
        await site.Sees("the strongest claim is served first", "#ask");
        await site.Agrees();
        await site.Sees("1 refused", "#said");
        await site.Sees("No BOWL is available at", "#said");
        await site.Pictures("promise-served");

        for (var tries = 0; tries < 100 && await shop.StatusOf(order) is not OrderStatus.Reserved; tries++) await Task.Delay(100);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    /// The site lives now; so does this shop.
    private static DateOnly Now(Shop shop)
    {
        shop.Clock.Step(TimeProvider.System.GetUtcNow() - shop.Clock.GetUtcNow());
        return DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact, Feature("IN-02", "IN-09", "IN-12", "IN-35")]
    public async Task The_pages_of_promises_fit_a_desk_and_a_phone()
    {
        await using var shop = await Shop.Open();
        var today = Now(shop);
        await shop.Stocks("MUG-BL", 12);
        await shop.Stocks("MUG-BL", 5, node: "OVERFLOW");
        await shop.Stocks("BOWL", 2);
        await shop.Must<SetRings, SetRings.Request, Done>(new([new(RingKind.Most, "bazaar", Quantity: 4, Reason: "They sell from a copy of our stock"), new(RingKind.Safety, Sku: "MUG-BL", Quantity: 2), new(RingKind.Share, "webshop", "OVERFLOW", Percent: 50)]));
        var made = await shop.Must<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new(
        [
            new("MUG-BL", "MAIN", 40, today.AddDays(9), Reference: "PO 4711"), new("MUG-BL", "OVERFLOW", 20, today.AddDays(33)), new("BOWL", "MAIN", 6, today.AddDays(4), SupplyKind.Return, Confidence: 50),
        ]));
        await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("OVERFLOW", "MAIN", [new("MUG-BL", 2)], today.AddDays(5)));
        var order = await shop.Takes(("MUG-BL", 9));
        await shop.TakesFromBazaar(("MUG-BL", 9), ("BOWL", 3));
        await shop.Takes(("MUG-BL", 30), ("BOWL", 4));
        await shop.Runs<ExpectSuppliesJob>();
        await using var site = await Site.Open(shop);

        var wrong = await site.Walks(
        [
            ("promise-product", "/stock/MUG-BL"), ("promise-forecast", "/stock/forecast"), ("promise-supplies", "/stock/supplies"), ("promise-supply", $"/stock/supplies/{made[0].Id}"), ("promise-supply-new", "/stock/supplies/new"),
            ("promise-waiting", "/stock/waiting"), ("promise-competing", "/stock/competing"), ("promise-change", $"/stock/promise?from={order.Id}/1&sku=MUG-BL"), ("promise-rings", "/stock/rings"), ("promise-ring-new", "/stock/rings/new"),
            ("promise-none", $"/stock/promise?from={Guid.NewGuid()}/1"),
        ]);

        wrong.Where(w => !w.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
