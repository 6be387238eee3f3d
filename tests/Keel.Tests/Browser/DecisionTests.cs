using Keel.App.Access;
using Keel.Stock;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests.Browser;

/// Asking for a yes and giving one, as people do it in a browser.
public class DecisionTests
{
    [Fact, Feature("AP-01")]
    public async Task A_form_that_waits_makes_place_for_who_decides_and_a_way_to_the_request()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 30, worth: 300_00);
        await shop.Person("Omar", "operations");
        await Rule(shop);
        await using var site = await Site.Open(shop, "store");
        await site.Goes("/stock/adjust?lines[0].sku=TEE-M&lines[0].location=MAIN/STOCK&lines[0].counted=12&lines[0].reason=damaged");
        await site.Page.FillAsync("[name='lines[0].note']", "a wet carton");

        await site.Page.ClickAsync("#form button[type=submit]");

        await site.Sees("Omar, who may decide about others' requests");
        (await site.Page.Locator("#form button[type=submit]").CountAsync()).ShouldBe(0, "nothing can be sent twice");
        await site.Pictures("waits");
        await site.Follows("Open the request");
        await site.Page.WaitForURLAsync("**/approvals/*");
        await site.Sees("a wet carton");
        await site.Pictures("request-own");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("AP-01", "AP-04")]
    public async Task On_a_phone_an_approver_reads_what_would_become_of_the_stock()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 30, worth: 300_00);
        await Rule(shop);
        await using var site = await Site.Open(shop, "operations", width: 390, height: 844);
        await shop.Asks<AdjustStock>(new AdjustStock.Request([new("MAIN/STOCK", "TEE-M", 12, "damaged", "a wet carton")]), shop.By(await shop.Person("Piet", "store")));

        await site.Goes("/approvals");
        await site.Pictures("approvals-phone");
        await site.Goes("/approvals/" + await shop.Text("select id from kernel.approval"));

        foreach (var word in new[] { "T-shirt, medium", "MAIN/STOCK", "Quantity now", "30", "Quantity after", "12", "−18", "Damaged", "a wet carton", "as of now", "Who decides" }) await site.Sees(word);
        (await site.TooWide()).ShouldBeLessThanOrEqualTo(0);
        await site.Pictures("request-phone");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("AP-18")]
    public async Task Who_stands_in_is_told_so_and_ending_it_ends_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 30, worth: 300_00);
        await Rule(shop);
        var mia = await shop.Person("Mia", "operations");
        await using var site = await Site.Open(shop, "store");
        var me = await shop.Text("select id from access.person where email = 'store@harbour.example'");
        await shop.Must<HandOverDecisions, HandOverDecisions.Request, Id<Delegation>>(new(Guid.Parse(me), shop.Clock.GetUtcNow().AddDays(3), "on holiday", For: mia.Id));
        await shop.Asks<AdjustStock>(new AdjustStock.Request([new("MAIN/STOCK", "TEE-M", 12, "damaged")]), shop.By(await shop.Person("Piet", "store")));

        await site.Goes("/today");
        await site.Sees("You decide in the place of Mia until");
        await site.Goes("/approvals");
        await site.Sees("You decide in the place of Mia until");
        await site.Pictures("stands-in");
        await site.Goes("/approvals/away");
        await site.Page.CheckAsync("#rows tbody input[type=checkbox]");
        await site.Presses("End it now");
        await site.Agrees();

        await site.Sees("ended early");
        (await shop.Number("select count(*) from kernel.delegation where ended_at is not null")).ShouldBe(1);
        await site.Pictures("away-ended");
        await site.Goes("/approvals");
        (await site.Reads()).ShouldNotContain("You decide in the place of");
        site.Complaints.ShouldBeEmpty();
    }

    private static Task Rule(Shop shop) => shop.Chooses("approvals", new { rules = new[] { new { operation = "stock.adjust", levels = new[] { new { permission = "kernel.approvals.decide" } } } } });
}
