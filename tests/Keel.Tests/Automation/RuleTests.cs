using Keel.Sales;
using Shouldly;
using Xunit;
using static Keel.Tests.RuleShop;

namespace Keel.Tests.Automation;

/// A rule follows committed events through the gate: once each, as itself, with what its owner may do.
public class RuleTests
{
    [Fact, Feature("AU-01", "SE-13")]
    public async Task A_rule_acts_on_what_matches_and_the_log_says_which_rule_and_whose()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var rule = await shop.Makes(StopsLarge());

        var large = await shop.Takes(("BOWL", 3));
        var small = await shop.Takes(("BOWL", 1));
        await shop.Follows();

        (await shop.StatusOf(large)).ShouldBe(OrderStatus.OnHold);
        (await shop.StatusOf(small)).ShouldBe(OrderStatus.Reserved);
        var run = (await shop.RunsOf(rule)).ShouldHaveSingleItem();
        run.State.ShouldBe(RunState.Done);
        run.Subject.Number.ShouldBe(large.Number);
        (await shop.Text($"select actor_name || '|' || door || '|' || actor_kind from kernel.operation_log where id = '{run.OperationId}'")).ShouldBe("rule Large orders v1 (Olga)|Rule|Rule");
        (await shop.Text("select sentence from kernel.work_case where kind = 'order-manual'")).ShouldContain($"{large.Number} is over 72.60 EUR");
    }
}
