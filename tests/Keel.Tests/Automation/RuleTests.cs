using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact, Feature("AU-06")]
    public async Task A_rule_is_for_some_lines_of_products_only_whatever_their_variants()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([
            new("TOWELS", "Towels", Attributes: new Dictionary<string, string> { ["category"] = "textiles" }),
            new("TOWEL-BL", "Towel, blue", VariantOf: "TOWELS"), new("VASE", "Vase", Attributes: new Dictionary<string, string> { ["category"] = "ceramics" })]));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("TOWEL-BL", 50), new("VASE", 50)]));
        foreach (var sku in new Sku[] { "TOWEL-BL", "VASE", "BOWL" }) await shop.Stocks(sku, 20);
        await shop.Makes(StopsLarge("1 EUR") with { Groups = [Group(("categories", RuleTest.Contains, "textiles"))] });

        var (towel, vase, bowl) = (await shop.Takes(("BOWL", 1), ("TOWEL-BL", 1)), await shop.Takes(("VASE", 1)), await shop.Takes(("BOWL", 1)));
        await shop.Follows();

        (await shop.StatusOf(towel)).ShouldBe(OrderStatus.OnHold, "a variant is sorted under what it is a variant of");
        (await shop.StatusOf(vase)).ShouldBe(OrderStatus.Reserved);
        (await shop.StatusOf(bowl)).ShouldBe(OrderStatus.Reserved, "what has no category is not the rule's business");
    }

    [Fact, Feature("AU-01")]
    public async Task What_happened_before_a_rule_was_made_is_not_its_business()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var early = await shop.Takes(("BOWL", 3));
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var rule = await shop.Makes(StopsLarge());

        await shop.Follows();

        (await shop.StatusOf(early)).ShouldBe(OrderStatus.Reserved);
        (await shop.Runs(rule)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_dispatchers_at_once_act_once_on_each_event()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 200);
        var rule = await shop.Makes(StopsLarge());
        for (var i = 0; i < 24; i++) await shop.Takes(("BOWL", 3));
        RuleDispatcher Another() => new(shop.Services.GetRequiredService<IServiceScopeFactory>(), shop.Clock);

        await Task.WhenAll(Another().Drain(), Another().Drain(), Another().Drain());
        await shop.Follows();

        (await shop.Runs(rule)).ShouldBe([.. Enumerable.Repeat(RunState.Done, 24)]);
        (await shop.Number($"select count(*) from kernel.operation_log where operation = '{Hold}' and outcome = 'done'")).ShouldBe(24);
    }

    [Fact]
    public async Task A_crash_after_the_act_and_before_it_was_written_down_does_not_act_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var rule = await shop.Makes(StopsLarge());
        var order = await shop.Takes(("BOWL", 3));
        await shop.Follows();
        // As if the server had died between the two commits: the order is held, and the run does not know.
        await shop.Text($"update kernel.rule_run set state = 'Waiting', operation_id = null, ended_at = null where rule_id = '{rule}'");
        await shop.Does<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value]));

        await shop.Follows();

        (await shop.Runs(rule)).ShouldBe([RunState.Done]);
        (await shop.StatusOf(order)).ShouldNotBe(OrderStatus.OnHold);
        (await shop.Number($"select count(*) from kernel.operation_log where operation = '{Hold}'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_while_events_are_matched_loses_none_and_doubles_none()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var rule = await shop.Makes(StopsLarge());
        await shop.Takes(("BOWL", 3));
        // The cursor was not kept: everything is looked at again.
        await shop.Hears();
        await shop.Text("update kernel.event_cursor set xact = '0', position = 0");

        await shop.Follows();

        (await shop.Runs(rule)).ShouldBe([RunState.Done]);
    }

    [Fact]
    public async Task An_event_whose_transaction_is_open_still_is_not_skipped_by_later_ones()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var rule = await shop.Makes(StopsLarge());
        await using var slow = await shop.Source.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await using (var late = slow.CreateCommand())
        {
            late.CommandText = $"""
                insert into kernel.event (id, company_id, kind, at, operation, actor_kind, actor_id, subject_kind, subject_id, subject_number, facts)
                values (gen_random_uuid(), '{shop.Company}', 'sales.order-placed', '{shop.Clock.GetUtcNow():O}', gen_random_uuid(), 'System', gen_random_uuid(), 'order', gen_random_uuid(), 'LATE-1', '{"{"}"amount":{"{"}"amount":99,"currency":"EUR"{"}"}{"}"}')
                """;
            await late.ExecuteNonQueryAsync();
        }

        await shop.Takes(("BOWL", 3));
        await shop.Rules.Drain();
        (await shop.Runs(rule)).ShouldBeEmpty();
        await transaction.CommitAsync();
        await shop.Follows();

        (await shop.RunsOf(rule)).Select(r => r.Subject.Number).ShouldContain("LATE-1");
        (await shop.RunsOf(rule)).Count.ShouldBe(2);
    }

    [Fact, Feature("AU-05")]
    public async Task A_paused_rule_keeps_what_it_met_and_catches_up_when_it_goes_on()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var (catches, drops) = (await shop.Makes(StopsLarge(), mode: RuleMode.Paused), await shop.Makes(StopsLarge(name: "Large too"), mode: RuleMode.Paused));
        var order = await shop.Takes(("BOWL", 3));
        await shop.Follows();
        (await shop.Runs(catches)).ShouldBe([RunState.Held]);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);

        await shop.Sets(drops, RuleMode.Live);
        await shop.Sets(catches, RuleMode.Live, catchUp: true);
        await shop.Follows();

        (await shop.Runs(drops)).ShouldBe([RunState.Dropped]);
        (await shop.Runs(catches)).ShouldBe([RunState.Done]);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);
    }

    [Fact, Feature("AU-04", "AU-05")]
    public async Task What_a_rule_could_not_do_waits_in_a_queue_with_a_case_of_its_owner_and_is_tried_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var rule = await shop.Makes(StopsLarge());
        var order = await shop.Takes(("BOWL", 3));
        await shop.Ships(order);
        await shop.Follows();

        var run = (await shop.RunsOf(rule)).ShouldHaveSingleItem();
        run.State.ShouldBe(RunState.Refused);
        run.Sentence!.ShouldContain("too late");
        (await shop.Text("select state || ' ' || assignee || ': ' || sentence from kernel.work_case where kind = 'rule-failed'")).ShouldStartWith($"Open Olga: Large orders could not act on {order.Number}");

        await shop.Must<RetryRuleRuns, RetryRuleRuns.Request, int>(new([run.Id]));
        await shop.Follows();
        var again = (await shop.RunsOf(rule)).Single();
        (again.State, again.Tries, again.Attempts).ShouldBe((RunState.Refused, 1, 1));

        (await shop.Must<DropRuleRuns, DropRuleRuns.Request, int>(new([run.Id], "it was shipped in time"))).ShouldBe(1);
        (await shop.Text("select state from kernel.work_case where kind = 'rule-failed'")).ShouldBe("Closed");
    }

    [Fact, Feature("AU-05")]
    public async Task A_rule_that_was_mended_does_what_had_failed_and_its_case_closes()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var rule = await shop.Makes(StopsLarge() with { With = Json(new { orders = new[] { "{order.id}" }, reason = "{hold}" }) });
        var order = await shop.Takes(("BOWL", 3));
        await shop.Follows();
        (await shop.Runs(rule)).ShouldBe([RunState.Refused]);

        await shop.Makes(StopsLarge() with { Rule = rule, After = 1 });
        await shop.Must<RetryRuleRuns, RetryRuleRuns.Request, int>(new(Rule: rule));
        await shop.Follows();

        (await shop.RunsOf(rule)).Single().ShouldSatisfyAllConditions(r => r.State.ShouldBe(RunState.Done), r => r.Version.ShouldBe(2));
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);
        (await shop.Text("select state || ' ' || resolution_code from kernel.work_case where kind = 'rule-failed'")).ShouldBe("Closed settled");
    }

    [Fact, Feature("AU-01")]
    public async Task A_rule_on_trial_says_what_it_would_do_and_changes_nothing()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var rule = await shop.Makes(StopsLarge(), mode: RuleMode.Trial);
        var order = await shop.Takes(("BOWL", 3));

        await shop.Follows();

        var run = (await shop.RunsOf(rule)).Single();
        (run.State, run.Sentence).ShouldBe((RunState.Tried, $"Would hold orders. For operations: {order.Number} is on hold: {order.Number} is over 72.60 EUR"));
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number($"select count(*) from kernel.operation_log where operation = '{Hold}'")).ShouldBe(0);
        (await shop.Number("select count(*) from kernel.work_case")).ShouldBe(0);
    }

    [Fact, Feature("AU-01")]
    public async Task A_test_run_says_what_would_have_matched_and_what_each_would_be_answered_today()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var (open, gone) = (await shop.Takes(("BOWL", 3)), await shop.Takes(("BOWL", 4)));
        await shop.Takes(("BOWL", 1));
        await shop.Ships(gone);

        var tried = (await shop.Does<TryRule, TryRule.Request, RuleTrial.Answer>(
            new("sales.order-placed", Hold, StopsLarge().With, StopsLarge().Groups), shop.By(await shop.Boss()))).Value;

        (tried.Looked, tried.Matched).ShouldBe((3, 2));
        tried.Newest.Single(m => m.Subject.Number == open.Number).Would.ShouldStartWith("Would hold orders. For operations:");
        tried.Newest.Single(m => m.Subject.Number == gone.Number).ShouldSatisfyAllConditions(m => m.Could.ShouldBeFalse(), m => m.Would.ShouldContain("too late"));
        (await shop.StatusOf(open)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select count(*) from kernel.rule_run")).ShouldBe(0);
    }

    [Fact, Feature("AU-01")]
    public async Task A_new_version_holds_at_once_the_old_one_is_kept_and_a_stale_edit_is_refused()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 20);
        var boss = await shop.Boss();
        var rule = await shop.Makes(StopsLarge());
        await shop.Makes(StopsLarge("20 EUR") with { Rule = rule, After = 1 });

        var order = await shop.Takes(("BOWL", 1));
        await shop.Follows();
        var stale = await shop.Does<SaveRule, SaveRule.Request, Id<Rule>>(StopsLarge("99 EUR") with { Rule = rule, After = 1 }, shop.By(boss));

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);
        stale.Error.ShouldBe(SaveRule.Stale);
        (await shop.Text($"select string_agg(definition -> 'groups' -> 0 -> 'conditions' -> 0 ->> 'value', ', ' order by version) from kernel.rule_version where rule_id = '{rule}'")).ShouldBe("50 EUR, 20 EUR");
    }

    [Fact]
    public async Task Old_events_go_when_the_rules_have_heard_them_and_not_before()
    {
        await using var shop = await Shop.Open();
        await shop.Must<RaiseCase, RaiseCase.Request, Done>(new("The door", "It squeaks."));
        shop.Clock.Step(TimeSpan.FromDays(31));
        async Task Purges()
        {
            await using var scope = shop.Scope();
            await scope.ServiceProvider.GetRequiredService<PurgeOldRows>().Run(default);
        }

        await Purges();
        var unheard = await shop.Number("select count(*) from kernel.event where kind = 'kernel.case-opened'");
        await shop.Follows();
        await Purges();

        unheard.ShouldBe(1);
        (await shop.Number("select count(*) from kernel.event where kind = 'kernel.case-opened'")).ShouldBe(0);
    }

    [Fact, Feature("AU-09")]
    public async Task The_numbers_say_how_much_of_a_kind_of_work_rules_do()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 40);
        await shop.Makes(StopsLarge());
        for (var i = 0; i < 3; i++) await shop.Takes(("BOWL", 3));
        var byHand = await shop.Takes(("BOWL", 1));
        await shop.Follows();
        await shop.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([byHand.Id!.Value], "asked for"), shop.By(await shop.Boss()));

        await using var scope = shop.Scope();
        var rows = await scope.ServiceProvider.GetRequiredService<Keel.Kernel.Views.ViewRunner>().Rows<AutomationNumbers, AutomationNumbers.Row>();

        var holds = rows.Value.Single();
        (holds.Operation, holds.ByRules, holds.ByPeople, holds.Automatic, holds.Rules).ShouldBe((Hold, 3, 1, 75, 1));
    }
}
