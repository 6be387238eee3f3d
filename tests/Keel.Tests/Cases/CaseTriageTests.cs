using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The inbox in a browser: a morning's exceptions without a mouse.
public class CaseTriageTests
{
    [Fact, Feature("EX-05", "EX-07")]
    public async Task A_morning_of_exceptions_is_worked_on_the_keyboard()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations");
        var orders = new List<CapturedOrder>();
        for (var i = 0; i < 5; i++)
        {
            orders.Add(await shop.Takes(("BOWL", 1 + i)));
            shop.Clock.Step(TimeSpan.FromSeconds(1));
        }

        var cases = await Task.WhenAll(orders.Select(shop.CaseOf));
        await site.Goes("/cases");
        await site.Sees(orders[4].Number!);
        (await site.Reads("a[title='Exceptions']")).ShouldContain("5");

        await Press(site, "j", "t");
        await Holds(shop, $"select assignee from kernel.work_case where id = '{cases[0]}'", "Operations Person");
        await site.Sees("5 cases");
        await site.Page.WaitForSelectorAsync("tr.k-cursor");
        await site.Pictures("cases-list");

        await Press(site, "j", "z");
        await site.Page.SelectOptionAsync("#ask-choice", "own-time");
        await site.Page.FillAsync("#ask-time", TimeProvider.System.GetLocalNow().AddDays(2).ToString("yyyy-MM-dd'T'10:00", System.Globalization.CultureInfo.InvariantCulture));
        await site.Pictures("cases-put-off");
        await site.Agrees();
        await Holds(shop, $"select state from kernel.work_case where id = '{cases[1]}'", "Snoozed");
        await site.Sees("4 cases");
        (await site.Reads("a[title='Exceptions']")).ShouldContain("4");

        await Press(site, "e");
        await site.Page.FillAsync("#ask-answer", "a whole hotel waits");
        await site.Agrees();
        await Holds(shop, $"select owner || ' ' || severity from kernel.work_case where id = '{cases[2]}'", "administrator High");
        await site.Sees("3 cases");

        await Press(site, "c");
        await site.Page.FillAsync("#ask-answer", "Customer waits");
        await site.Agrees();
        await Holds(shop, $"select state || ' ' || resolution_code from kernel.work_case where id = '{cases[3]}'", "Closed customer-waits");
        await site.Sees("2 cases");

        await site.Goes("/cases?f.state=Closed&sort=-closed-at");
        await site.Sees("Customer waits");
        await site.Goes("/cases?f.state=Snoozed&sort=snoozed-until");
        await site.Sees(orders[1].Number!);
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_not_agreed_to_leaves_the_row_alone()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations");
        var first = await shop.BackorderCase();
        shop.Clock.Step(TimeSpan.FromSeconds(1));
        var second = await shop.BackorderCase();
        await site.Goes("/cases");

        await Press(site, "j", "c");
        await site.Page.ClickAsync("#ask [value=no]:last-of-type");
        await Press(site, "j", "t");
        await Holds(shop, $"select assignee from kernel.work_case where id = '{second}'", "Operations Person");

        (await shop.Of(first, "assignee, state")).ShouldBe("Open");
    }

    [Fact, Feature("EX-01", "EX-07")]
    public async Task The_board_offers_the_ways_out_and_the_case_closes_by_itself()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations");
        await shop.Stocks("THROW", 4);
        var (called, held) = (await shop.Takes(("BOWL", 3)), await shop.Takes(("THROW", 1)));
        await shop.TakesFromBazaar(("NOBODY-KNOWS", 1));
        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([held.Id!.Value], "wait for the second order"));
        var (first, second) = (await shop.CaseOf(called), await shop.CaseOf(held));

        await site.Goes("/cases/board");
        await site.Sees("Order unknown SKU");
        await Press(site, "j");
        await site.Pictures("cases-board");
        await site.Pictures("cases-board", dark: true);
        await site.Shines(dark: false);
        (await site.Barriers()).ShouldBeEmpty();

        await Press(site, "t");
        await Holds(shop, "select count(*)::text from kernel.work_case where assignee = 'Operations Person'", "1");
        await site.Page.WaitForSelectorAsync("[data-card][aria-current] [aria-label='Operations Person']");

        await site.Goes($"/cases/{second}");
        await site.Pictures("case");
        (await site.Barriers()).ShouldBeEmpty();
        await site.Presses("Confirm order");
        await Holds(shop, $"select state || ' ' || resolution_code from kernel.work_case where id = '{second}'", "Closed confirmed");
        await site.Sees("Confirmed: order confirmed");
        await site.Goes($"/cases/{first}");
        await site.Presses("Cancel order");
        await site.Page.FillAsync("#ask-answer", "the customer will not wait");
        await site.Agrees();
        await Holds(shop, $"select state || ' ' || resolution_code from kernel.work_case where id = '{first}'", "Closed called-off");

        await site.Sees("order cancelled: the customer will not wait");
        await site.Pictures("case-closed");
        await site.Goes("/cases/numbers");
        await site.Sees("confirmed 1");
        await site.Pictures("case-numbers");
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_pages_of_cases_fit_a_telephone()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations", width: 390, height: 844);
        var one = await shop.BackorderCase();
        await shop.TakesFromBazaar(("NOBODY-KNOWS", 1));

        foreach (var (name, address) in new[] { ("cases", "/cases"), ("board", "/cases/board"), ("case", $"/cases/{one}"), ("numbers", "/cases/numbers") })
        {
            await site.Goes(address);
            await site.Pictures("phone-" + name);
            (await site.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue($"{address}: nothing stands beyond the right edge");
            (await site.Barriers()).ShouldBeEmpty(address);
        }

        site.Complaints.ShouldBeEmpty();
    }

    private static async Task Press(Site site, params string[] keys)
    {
        foreach (var key in keys) await site.Page.Keyboard.PressAsync(key);
    }

    /// Waits until the books say so.
    private static async Task Holds(Shop shop, string sql, string wanted)
    {
        var found = "";
        for (var i = 0; i < 100 && (found = await shop.Text(sql)) != wanted; i++) await Task.Delay(100);
        found.ShouldBe(wanted);
    }
}
