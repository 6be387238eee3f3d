using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static Keel.Tests.RuleShop;

namespace Keel.Tests.Automation;

/// Rules that the clock wakes, once, or for each row of a list.
public class RuleScheduleTests
{
    [Fact, Feature("AU-01", "AU-10")]
    public async Task A_daily_rule_looks_at_each_row_of_a_list_and_acts_on_those_that_meet_its_conditions()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 3);
        await shop.Stocks("TEE-M", 30);
        var rule = await shop.Makes(LowStock(new RuleSchedule(At: "09:30")));
        await shop.Follows();
        (await shop.Runs(rule)).ShouldBeEmpty();

        shop.Clock.Step(TimeSpan.FromHours(1));
        await shop.Follows();
        await shop.Follows();

        (await shop.RunsOf(rule)).Single().ShouldSatisfyAllConditions(r => r.State.ShouldBe(RunState.Done), r => r.Subject.Number.ShouldBe("BOWL"));
        (await shop.Text("select owner || ': ' || sentence from kernel.work_case where kind = 'attention'")).ShouldBe("buyer: 3 of BOWL left at MAIN");

        shop.Clock.Step(TimeSpan.FromDays(1));
        await shop.Follows();

        (await shop.Runs(rule)).ShouldBe([RunState.Done, RunState.Done]);
        (await shop.Number("select count(*) from kernel.work_case where kind = 'attention'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_schedule_that_was_missed_strikes_once_and_two_nodes_strike_it_once()
    {
        await using var shop = await Shop.Open();
        var rule = await shop.Makes(new("Every half hour", "schedule", "kernel.raise-case", Json(new { subject = "Doors", sentence = "Check the doors on {day}" }), Schedule: new RuleSchedule(EveryMinutes: 30)));
        RuleDispatcher Another() => new(shop.Services.GetRequiredService<IServiceScopeFactory>(), shop.Clock);

        shop.Clock.Step(TimeSpan.FromHours(5));
        await Task.WhenAll(Another().Drain(), Another().Drain(), Another().Drain());
        await shop.Follows();

        (await shop.Runs(rule)).ShouldBe([RunState.Done]);
        (await shop.Text("select sentence from kernel.work_case where kind = 'attention'")).ShouldBe("Check the doors on 2026-03-10");
    }

    [Fact]
    public async Task A_paused_schedule_does_not_strike_and_goes_on_with_the_next_time()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 3);
        var rule = await shop.Makes(LowStock(new RuleSchedule(At: "09:30")), mode: RuleMode.Paused);
        shop.Clock.Step(TimeSpan.FromHours(3));
        await shop.Follows();

        await shop.Sets(rule, RuleMode.Live);
        await shop.Follows();
        (await shop.Runs(rule)).ShouldBeEmpty();
        shop.Clock.Step(TimeSpan.FromHours(23));
        await shop.Follows();

        (await shop.Runs(rule)).ShouldBe([RunState.Done]);
    }

    [Theory]
    [InlineData("2026-03-10T06:00Z", 45, null, "2026-03-10T06:45Z")]
    [InlineData("2026-03-10T06:00Z", null, "08:30", "2026-03-10T07:30Z")]
    [InlineData("2026-03-10T07:30Z", null, "08:30", "2026-03-11T07:30Z")]
    [InlineData("2026-03-28T07:30Z", null, "08:30", "2026-03-29T06:30Z")]
    [InlineData("2026-03-28T12:00Z", null, "02:30", "2026-03-29T01:30Z")]
    public async Task The_next_time_is_the_companys_clocks_also_when_clocks_change(string last, int? minutes, string? at, string next)
    {
        await using var shop = await Shop.Open();
        await using var scope = shop.Scope();
        var network = await Network.Of(scope.ServiceProvider.GetRequiredService<Settings>());

        new RuleSchedule(minutes, at).After(DateTimeOffset.Parse(last), network).ShouldBe(DateTimeOffset.Parse(next));
    }

    [Fact]
    public async Task On_named_days_only()
    {
        await using var shop = await Shop.Open();
        await using var scope = shop.Scope();
        var network = await Network.Of(scope.ServiceProvider.GetRequiredService<Settings>());

        var next = new RuleSchedule(At: "08:30", Days: [DayOfWeek.Friday]).After(Shop.Morning, network);

        next.ShouldBe(new DateTimeOffset(2026, 3, 13, 7, 30, 0, TimeSpan.Zero));
    }

    private static SaveRule.Request LowStock(RuleSchedule schedule) => new(
        "Low stock", "each:stock.positions", "kernel.raise-case", Json(new { subject = "{sku}", sentence = "{available} of {sku} left at {node}", team = "buyer", topic = "low-stock" }),
        [Group(("available", RuleTest.LessThan, "5"))], schedule);
}
