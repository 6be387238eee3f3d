using Keel.App.Access;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static Keel.Tests.RuleShop;

namespace Keel.Tests.Automation;

/// A rule passes no gate that its owner does not pass, and rules do not run away with each other.
public class RuleGovernanceTests
{
    private const string OneYes = """{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""";

    [Fact, Feature("AU-07", "AP-15")]
    public async Task What_needs_a_yes_waits_for_it_also_when_a_rule_asks_and_its_owner_does_not_say_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        await shop.Chooses("approvals", System.Text.Json.JsonDocument.Parse(OneYes).RootElement);
        var (olga, anna) = (await shop.Boss(), await shop.Person("Anna", "administrator"));
        var rule = await shop.Makes(new("Count what was sold", "sales.order-placed", "stock.adjust",
            Json(new { lines = new[] { new { location = "MAIN/STOCK", sku = "BOWL", counted = 5, reason = "count" } } })));
        await shop.Takes(("BOWL", 1));
        await shop.Follows();

        var run = (await shop.RunsOf(rule)).Single();
        run.State.ShouldBe(RunState.Asked);
        (await shop.Position("BOWL")).OnHand.ShouldBe(20);
        (await shop.Text("select requester_kind || ' ' || requester_name from kernel.approval")).ShouldBe("Rule rule Count what was sold v1 (Olga)");
        (await Decides(shop, olga, run)).Error!.Code.ShouldBe("approval.own");
        (await Decides(shop, anna, run)).Value.ShouldBe(ApprovalState.Approved);
        await shop.Delivers();

        (await shop.Position("BOWL")).OnHand.ShouldBe(5);
        (await shop.Text("select actor_name from kernel.operation_log where operation = 'stock.adjust' and outcome = 'done'")).ShouldBe("rule Count what was sold v1 (Olga)");
    }

    [Fact, Feature("AU-07")]
    public async Task A_rule_whose_owner_loses_the_permission_is_refused_with_a_case()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var rule = await shop.Makes(StopsLarge());
        var olga = await shop.Boss();
        await Becomes(shop, olga, ["warehouse"]);

        var order = await shop.Takes(("BOWL", 3));
        await shop.Follows();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.RunsOf(rule)).Single().ShouldSatisfyAllConditions(r => r.State.ShouldBe(RunState.Refused), r => r.Code.ShouldBe("rule.owner-may-not"), r => r.Sentence!.ShouldContain("sales.orders.hold"));
        (await shop.Number("select count(*) from kernel.work_case where kind = 'rule-failed' and state = 'Open'")).ShouldBe(1);
    }

    [Fact, Feature("AU-04", "AU-07")]
    public async Task A_rule_whose_owner_has_left_is_refused_until_somebody_else_saves_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var (rule, olga, anna) = (await shop.Makes(StopsLarge()), await shop.Boss(), await shop.Person("Anna", "administrator"));
        await Becomes(shop, olga, ["operations"], disabled: true);
        var order = await shop.Takes(("BOWL", 3));
        await shop.Follows();
        (await shop.RunsOf(rule)).Single().Code.ShouldBe("rule.owner-gone");

        await shop.Makes(StopsLarge() with { Rule = rule, After = 1 }, anna, RuleMode.Trial);
        await shop.Must<RetryRuleRuns, RetryRuleRuns.Request, int>(new());
        await shop.Follows();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);
        (await shop.Text($"select actor_name from kernel.operation_log where operation = '{Hold}' and outcome = 'done'")).ShouldBe("rule Large orders v2 (Anna)");
    }

    [Fact, Feature("AU-07")]
    public async Task A_rule_acts_at_its_owners_sites_only()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var olga = await shop.Boss();
        var rule = await shop.Makes(new("Count what was sold", "sales.order-placed", "stock.adjust",
            Json(new { lines = new[] { new { location = "MAIN/STOCK", sku = "BOWL", counted = 5, reason = "count" } } })));
        await Becomes(shop, olga, ["operations"], sites: ["OVERFLOW"]);
        await shop.Takes(("BOWL", 1));

        await shop.Follows();

        (await shop.RunsOf(rule)).Single().ShouldSatisfyAllConditions(r => r.State.ShouldBe(RunState.Refused), r => r.Sentence!.ShouldContain("MAIN"));
        (await shop.Position("BOWL")).OnHand.ShouldBe(20);
    }

    [Fact, Feature("SE-13")]
    public async Task What_is_kept_apart_in_one_person_is_kept_apart_from_their_rules()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        await shop.Chooses("segregation-of-duties", System.Text.Json.JsonDocument.Parse("""{"pairs":[{"onePermission":"sales.orders.confirm","otherPermission":"sales.orders.hold","apart":"onTheSameDocument"}]}""").RootElement);
        await shop.Makes(StopsLarge());
        var order = await shop.Takes(("BOWL", 3));
        await shop.Follows();

        var own = await shop.Does<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value]), shop.By(await shop.Boss()));

        own.Error!.Code.ShouldBe("segregation.same-document");
    }

    [Fact]
    public async Task A_rule_does_not_trigger_itself()
    {
        await using var shop = await Shop.Open();
        var rule = await shop.Makes(new("Echo", "kernel.case-opened", "kernel.raise-case", Json(new { subject = "{case.id}", sentence = "heard of {case.number}" })));

        await shop.Must<RaiseCase, RaiseCase.Request, Done>(new("The door", "It squeaks."));
        await shop.Follows();

        (await shop.Runs(rule)).ShouldBe([RunState.Done, RunState.Stopped]);
        (await shop.RunsOf(rule))[1].Code.ShouldBe("rule.caused-by-itself");
        (await shop.Number("select count(*) from kernel.work_case where kind = 'attention'")).ShouldBe(2);
    }

    [Fact]
    public async Task Two_rules_that_call_each_other_are_cut_with_a_case()
    {
        await using var shop = await Shop.Open();
        SaveRule.Request Says(string name, string hears, string says) => new(name, "kernel.case-opened", "kernel.raise-case",
            Json(new { subject = "{case.id}", sentence = says + " to {case.number}" }), [Group(("kind", RuleTest.Equal, "attention"), ("sentence", RuleTest.Contains, hears))]);
        var (ping, pong) = (await shop.Makes(Says("Ping", "pong", "ping")), await shop.Makes(Says("Pong", "ping", "pong")));

        await shop.Must<RaiseCase, RaiseCase.Request, Done>(new("The table", "ping to all"));
        await shop.Follows();

        var all = (await shop.RunsOf(ping)).Concat(await shop.RunsOf(pong)).ToArray();
        all.Count(r => r.State is RunState.Done).ShouldBe(5);
        all.Where(r => r.State is RunState.Stopped).ShouldHaveSingleItem().Code.ShouldBe("rule.chain-too-long");
        (await shop.Text("select severity || ' ' || sentence from kernel.work_case where kind = 'rule-circle'")).ShouldStartWith("High Ping was reached through 5 acts of rules");
    }

    [Fact]
    public async Task A_chain_is_followed_through_approvals_and_what_is_done_after_the_commit()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        await shop.Chooses("approvals", System.Text.Json.JsonDocument.Parse(OneYes).RootElement);
        var anna = await shop.Person("Anna", "administrator");
        var rule = await shop.Makes(new("Count again", "stock.stock-adjusted", "stock.adjust", Json(new { lines = new[] { new { location = "MAIN/STOCK", sku = "BOWL", counted = 7, reason = "found" } } })));
        await shop.Counts("MAIN/STOCK", "BOWL", 12);
        await shop.Follows();
        (await Decides(shop, anna, (await shop.RunsOf(rule)).Single())).Value.ShouldBe(ApprovalState.Approved);
        await shop.Delivers();

        await shop.Follows();

        (await shop.Position("BOWL")).OnHand.ShouldBe(7);
        (await shop.Runs(rule)).ShouldBe([RunState.Asked, RunState.Stopped]);
    }

    private static Task<Result<ApprovalState>> Decides(Shop shop, Actor who, RuleRun run) =>
        shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(new Id<Approval>(run.ApprovalId!.Value), 1, true, "seen it"), shop.By(who));

    private static async Task Becomes(Shop shop, Actor who, string[] roles, bool disabled = false, NodeCode[]? sites = null)
    {
        (await shop.Does<SetRoles, SetRoles.Request, Done>(new(who.Id, roles, Sites: sites, Disabled: disabled))).Error.ShouldBeNull();
        shop.Services.GetRequiredService<Sessions>().Forget();
    }
}
