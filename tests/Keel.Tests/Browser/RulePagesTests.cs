using Keel.Sales;
using Shouldly;
using Xunit;
using static Keel.Tests.RuleShop;

namespace Keel.Tests;

/// Making a rule and looking after it, on the pages only.
public class RulePagesTests
{
    [Fact, Feature("AU-01", "AU-03", "AU-05")]
    public async Task A_rule_is_made_from_an_event_tried_on_the_past_and_let_to_act()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations");
        await shop.Stocks("BOWL", 50);
        var early = await shop.Takes(("BOWL", 4));

        await site.Goes("/rules/events");
        await site.Sees("An order was placed");
        await site.Page.Locator("tr", new() { HasText = "sales.order-placed" }).GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Make a rule" }).ClickAsync();
        await site.Page.SelectOptionAsync("#do", Hold);
        await site.Presses("Go on");
        await site.Page.FillAsync("#rule-name", "Large orders");
        await site.Page.SelectOptionAsync("[name='groups[0].conditions[0].field']", "amount");
        await site.Page.SelectOptionAsync("[name='groups[0].conditions[0].is']", "moreThan");
        await site.Page.FillAsync("[name='groups[0].conditions[0].value']", "lots");
        (await site.Page.InputValueAsync("[name='with.orders']")).ShouldBe("{order.id}");
        await site.Page.FillAsync("[name='with.reason']", "{order.number} is over {amount}");
        await site.Presses("Save the rule");
        await site.Sees("250 EUR is wanted");
        await site.Pictures("rules-new-refused");
        await site.Page.FillAsync("[name='groups[0].conditions[0].value']", "50 EUR");
        await site.Presses("Save the rule");
        await site.Page.WaitForURLAsync("**/rules/*-*");
        await site.Sees("Amount is more than 50 EUR");

        await site.Follows("Try on the past");
        await site.Sees("Of 1 events in 30 days, 1 meet its conditions");
        await site.Sees("Would hold orders");
        await site.Pictures("rules-try");
        (await shop.StatusOf(early)).ShouldBe(OrderStatus.Reserved);
        await site.Page.GoBackAsync();
        await site.Presses("Let it act");
        await site.Agrees();
        await site.Sees("Live");

        // The pages live by the real clock, the shop by one that is stepped.
        shop.Clock.StepTo(TimeProvider.System.GetUtcNow());
        var order = await shop.Takes(("BOWL", 4));
        await shop.Follows();
        await site.Goes("/rules");
        await site.Follows("Large orders");
        await site.Sees("Hold orders: done");
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);
        await site.Pictures("rules-one");
        await site.Presses("Pause");
        await site.Sees("Paused");
        site.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_page_of_the_rules_opens_without_a_complaint_and_without_barriers()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Stocks("BOWL", 60);
        var rule = await shop.Makes(StopsLarge());
        rule = await shop.Makes(StopsLarge("60 EUR") with
        {
            Rule = rule, After = 1, Groups = [Group(("amount", RuleTest.MoreThan, "60 EUR"), ("channel", RuleTest.OneOf, "webshop, bazaar")), Group(("skus", RuleTest.Contains, "THROW"))],
        });
        await shop.Makes(new("Low stock", "each:stock.positions", "kernel.raise-case", Json(new { subject = "{sku}", sentence = "{available} of {sku} left at {node}", team = "buyer", topic = "low-stock" }),
            [Group(("available", RuleTest.LessThan, "5"))], new RuleSchedule(At: "07:30", Days: [DayOfWeek.Monday])));
        await shop.Makes(StopsLarge(name: "Quiet one"), mode: RuleMode.Paused);
        var gone = await shop.Takes(("BOWL", 3));
        await shop.Ships(gone);
        for (var i = 0; i < 3; i++) await shop.Takes(("BOWL", 4));
        await shop.Follows();

        (await site.Walks(
        [
            ("rules", "/rules"), ("rule", $"/rules/{rule}"), ("rule-edit", $"/rules/{rule}/edit"), ("rule-new", "/rules/new?on=each%3Astock.positions&do=kernel.raise-case"), ("rule-try", $"/rules/{rule}/try"),
            ("rule-runs", "/rules/runs"), ("rule-numbers", "/rules/numbers"), ("rule-events", "/rules/events"),
        ])).ShouldBeEmpty();
    }
}
