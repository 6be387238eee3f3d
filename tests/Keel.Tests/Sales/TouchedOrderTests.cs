using Keel.Sales;
using Keel.Tests.Boards;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// How orders come, how long they wait, and what they need people for.
public class TouchedOrderTests
{
    [Fact, Feature("KP-28", "KP-18")]
    public async Task Todays_orders_are_counted_by_the_hour_of_the_company_and_open_ones_by_their_age()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 20);
        await shop.Takes(("MUG-BL", 1));
        await shop.Ships(await shop.Takes(("MUG-BL", 1)));
        shop.Clock.Step(TimeSpan.FromHours(2));
        await shop.Takes(("MUG-BL", 1));
        await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 1)) with { PlacedAt = Shop.Morning.AddDays(-4) });

        await shop.Measures();

        var hour = (await shop.Text($"select to_char(timestamptz '{Shop.Morning:O}' at time zone zone, 'HH24') from kernel.company"))!;
        var later = (int.Parse(hour) + 2).ToString("00");
        (await Slices("orders-by-hour")).ShouldBe($" 3, {hour} 2, {later} 1");
        (await Slices("orders-age")).ShouldBe(" 3, 3 to 7 days 1, less than a day 2");

        Task<string?> Slices(string measure) => shop.Text($"select string_agg(slice || ' ' || trim_scale(value), ', ' order by slice collate \"C\") from kernel.measure_point where measure = '{measure}' and day = '2026-03-10'")!;
    }

    [Fact, Feature("KP-28", "EX-06")]
    public async Task What_orders_needed_people_for_is_counted_by_reason_and_the_others_ran_by_themselves()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 20);
        (await shop.Rows<TouchedOrders, TouchedOrders.Row>("")).ShouldBeEmpty();
        for (var i = 0; i < 6; i++) await shop.Takes(("MUG-BL", 1));
        var changed = await shop.Takes(("MUG-BL", 3));
        (await shop.Changes(changed, [new(1, 2)])).Ok.ShouldBeTrue();
        (await shop.Changes(changed, [new(1, 1)])).Ok.ShouldBeTrue();
        var waits = await shop.Takes(("BOWL", 1));
        waits.Short.Count.ShouldBe(1);

        await shop.Measures();

        (await shop.Text("select part || ' of ' || whole from kernel.measure_point where measure = 'orders-touched' and slice = ''")).ShouldBe("2 of 8");
        (await shop.Rows<TouchedOrders, TouchedOrders.Row>("")).Select(r => $"{r.Reason} {r.Orders} {r.Percent} {r.Waiting}").Order().ShouldBe(["backorder 1 12.5 1", "order-changed 1 12.5 0"]);
    }
}
