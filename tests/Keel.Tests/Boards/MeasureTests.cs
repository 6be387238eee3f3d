using Keel.Kernel.Views;
using Keel.Ledger;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Boards;

public class MeasureTests
{
    [Fact, Feature("KP-28", "KP-29", "MD-11")]
    public async Task Every_counted_figure_is_the_number_of_rows_in_the_list_behind_it()
    {
        await using var shop = await MeasureShop.Busy();

        await shop.Measures();

        foreach (var measure in shop.Watched().Where(m => m.View is not null && m.Figure is null && m.Whole is null))
            (await shop.Point(measure.Name)).ShouldBe(await shop.RowsOf(measure, measure.Asks(Currency.Eur)), measure.Name);
        (await shop.Point("orders-placed")).ShouldBe(6);
        (await shop.Point("orders-late")).ShouldBe(1);
        (await shop.Point("orders-backordered")).ShouldBe(1);
        (await shop.Point("shipments-left")).ShouldBe(3);
        (await shop.Point("orders-cancelled")).ShouldBe(1);
    }

    [Fact, Feature("KP-28", "KP-26", "KP-07")]
    public async Task A_share_says_how_many_of_how_many_and_leads_to_those_that_missed()
    {
        await using var shop = await MeasureShop.Busy();

        await shop.Measures();

        var judged = 0;
        foreach (var measure in shop.Watched().Where(m => m.Whole is not null))
        {
            var whole = await shop.Number($"select coalesce(sum(whole), 0) from kernel.measure_point where measure = '{measure.Name}' and slice = '' and day = '2026-03-10'");
            ((int)whole).ShouldBe(await shop.RowsOf(measure, measure.Whole!), measure.Name);
            if (whole == 0) continue;
            judged++;
            var part = await shop.Number($"select part from kernel.measure_point where measure = '{measure.Name}' and slice = '' and day = '2026-03-10'");
            ((int)part).ShouldBe(await shop.RowsOf(measure, measure.Question), measure.Name);
            (await shop.Point(measure.Name)).ShouldBe(decimal.Round(100m * part / whole, 4), measure.Name);
            (await shop.RowsOf(measure, measure.Behind!)).ShouldBe((int)(measure.Better is Better.More ? whole - part : part), measure.Name);
        }

        judged.ShouldBe(3);
        (await shop.Point("shipped-on-time")).ShouldBe(75m);
    }

    [Fact, Feature("KP-28", "KP-05")]
    public async Task Money_and_time_tie_with_the_books_and_the_orders()
    {
        await using var shop = await MeasureShop.Busy();

        await shop.Measures();

        (await shop.Point("stock-value")).ShouldBe(await shop.Balance("inventory"));
        (await shop.Point("deposits")).ShouldBe(-await shop.Balance("customer-deposits"));
        (await shop.Point("receivables")).ShouldBe(await shop.Balance("customer-receivable") + await shop.Balance("marketplace-receivable"));
        (await shop.Number("select sum(value) from kernel.measure_point where measure = 'receivables' and slice <> ''")).ShouldBe((long)(await shop.Point("receivables"))!);
        (await shop.Point("receivables"))!.Value.ShouldBeGreaterThan(0);
        (await shop.Point("credited")).ShouldBe(await shop.Number("select sum(gross) from sales.invoice where is_credit and day = '2026-03-10'"));
        (await shop.Point("order-to-ship")).ShouldBe(decimal.Parse(
            await shop.Text("select round(avg(extract(epoch from shipped_at - placed_at)) / 3600, 2) from sales.orders where status = 'Shipped'"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact, Feature("KP-16")]
    public async Task How_much_of_what_was_wanted_had_left_by_the_promised_day_is_measured_in_units()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 6);
        var whole = await shop.Takes(("MUG-BL", 2));
        var part = await shop.Takes(("MUG-BL", 6));
        var called = await shop.Takes(("MUG-BL", 5));
        var late = await shop.TakesFromBazaar(("BOWL", 2));
        await shop.Ships(whole);
        await shop.Ships(part);
        await shop.Cancels(called);
        shop.Clock.Step(TimeSpan.FromDays(5));
        await shop.Stocks("BOWL", 2);
        await shop.Delivers();
        await shop.Ships(late);
        await shop.Measures();

        // Two and four of eight on the own site; what was called off is not wanted, and what left late had not left.
        (await shop.Text("select string_agg(slice || ' ' || part || ' of ' || whole, ', ' order by slice) from kernel.measure_point where measure = 'fill-rate' and day = (select max(day) from kernel.measure_point where measure = 'fill-rate')")).ShouldBe(" 6 of 10, bazaar 0 of 2, webshop 6 of 8");
        (await shop.Point("fill-rate")).ShouldBe(60m);
    }

    [Fact, Feature("OM-14")]
    public async Task How_many_promised_days_were_kept_is_measured_on_the_day_on_which_the_last_goods_left()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 20);
        async Task Leaves(int daysLate, int mugs = 1)
        {
            var order = await shop.Takes(("MUG-BL", mugs));
            shop.Clock.StepTo(new DateTimeOffset(order.ShipBy!.Value.AddDays(daysLate), new TimeOnly(20, 0), TimeSpan.Zero));
            await shop.Ships(order);
        }

        await Leaves(0);
        await Leaves(-1);
        await Leaves(1);
        await Leaves(0);
        await shop.Takes(("MUG-BL", 30));
        await shop.Measures();

        (await shop.Point("promise-kept")).ShouldBe(75m);
        (await shop.Text("select part || ' of ' || whole from kernel.measure_point where measure = 'promise-kept' and slice = '' order by day desc limit 1")).ShouldBe("3 of 4", "what has not left is not judged yet");
        (await shop.Seen("promise-kept")).ShouldSatisfyAllConditions(s => s.Target.ShouldBe(97), s => s.Standing.ShouldBe(Standing.Missed), s => s.Owner.ShouldBe("operations"));
        (await shop.Rows<OrderList, OrderList.Row>(shop.Watched().Single(m => m.Name == "promise-kept").Question)).Count.ShouldBe(4);
    }

    [Fact, Feature("KP-28", "KP-03")]
    public async Task Revenue_of_every_day_and_channel_is_what_the_journal_says_that_day()
    {
        await using var shop = await MeasureShop.Busy();

        await shop.Measures();

        var differences = await shop.Number(
            """
            select count(*) from (
              select p.day, coalesce(p.channel, '-') as slice, -sum(p.company_amount) as value from ledger.posting p join ledger.account a on a.company_id = p.company_id and a.code = p.account
              where a.kind = 'Income' group by 1, 2) j
            full join (select day, slice, value from kernel.measure_point where measure = 'revenue' and slice <> '') m on m.day = j.day and m.slice = j.slice
            where j.value is distinct from m.value
            """);
        differences.ShouldBe(0);
        (await shop.Number("select count(distinct day) from kernel.measure_point where measure = 'revenue' and value <> 0")).ShouldBe(2);
        (await shop.Number("select count(distinct slice) from kernel.measure_point where measure = 'revenue' and slice <> ''")).ShouldBe(2);
        (await shop.Number("select sum(value) from kernel.measure_point where measure = 'revenue' and slice = ''")).ShouldBe(-await shop.Number(
            "select sum(p.company_amount) from ledger.posting p join ledger.account a on a.company_id = p.company_id and a.code = p.account where a.kind = 'Income'"));
        var listed = shop.Watched().Single(m => m.Name == "revenue").Url(Currency.Eur, new DateOnly(2026, 3, 10));
        listed.ShouldBe("/postings?f.kind=Income&f.day=2026-03-10");
    }

    [Fact, Feature("KP-03")]
    public async Task A_measure_taken_twice_is_one_point_and_a_day_keeps_its_last_value()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 1);
        await shop.Takes(("MUG-BL", 2));
        await shop.Measures();
        await shop.Measures();
        (await shop.Number("select count(*) from kernel.measure_point where measure = 'orders-waiting' and slice = ''")).ShouldBe(1);

        shop.Clock.Step(TimeSpan.FromHours(2));
        await shop.Takes(("MUG-BL", 1));
        await shop.Measures();
        shop.Clock.Step(TimeSpan.FromDays(1));
        await shop.Takes(("MUG-BL", 1));
        await shop.Measures();

        (await shop.Text("select string_agg(trim_scale(value)::text, ' ' order by day) from kernel.measure_point where measure = 'orders-waiting' and slice = ''")).ShouldBe("2 3");
    }

    [Fact, Feature("KP-03")]
    public async Task What_happened_while_nobody_measured_is_taken_later_and_what_stood_then_is_not_made_up()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 9);
        await shop.Takes(("MUG-BL", 1));
        await shop.Measures();
        for (var day = 0; day < 3; day++)
        {
            shop.Clock.Step(TimeSpan.FromDays(1));
            await shop.Takes(("MUG-BL", 1));
        }

        await shop.Measures();

        (await shop.Text("select string_agg(trim_scale(value)::text, ' ' order by day) from kernel.measure_point where measure = 'orders-placed' and slice = '' and day >= '2026-03-10'")).ShouldBe("1 1 1 1");
        (await shop.Text("select string_agg(day::text, ' ' order by day) from kernel.measure_point where measure = 'orders-waiting' and slice = ''")).ShouldBe("2026-03-10 2026-03-13");
        (await shop.Text("select min(day) from kernel.measure_point where measure = 'orders-placed'")).ShouldContain("2026");
        (await shop.Number("select count(*) from kernel.measure_point where measure = 'orders-placed' and day < '2026-02-08'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_slice_that_has_no_rows_any_more_is_gone_and_old_points_are_forgotten()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 1);
        var order = await shop.TakesFromBazaar(("MUG-BL", 2));
        await shop.Measures();
        (await shop.Number("select count(*) from kernel.measure_point where measure = 'orders-backordered' and slice = 'bazaar'")).ShouldBe(1);

        await shop.Cancels(order);
        await shop.Measures();
        (await shop.Number("select count(*) from kernel.measure_point where measure = 'orders-backordered' and slice = 'bazaar'")).ShouldBe(0);
        shop.Clock.Step(TimeSpan.FromDays(TakeMeasures.KeptDays + 2));
        await shop.Measures();

        (await shop.Number("select count(*) from kernel.measure_point where day < '2026-04-01'")).ShouldBe(0);
    }

    [Fact, Feature("KP-30")]
    public async Task A_target_holds_from_its_day_on_has_an_owner_and_stands_in_the_log()
    {
        await using var shop = await MeasureShop.Busy();
        var lead = await shop.Person("Hanna", "operations");
        await shop.Measures();
        (await shop.Seen("orders-late")).ShouldSatisfyAllConditions(s => s.Value.ShouldBe(1), s => s.Target.ShouldBe(0), s => s.Standing.ShouldBe(Standing.Missed), s => s.Owner.ShouldBe("operations"));

        (await shop.Does<SetTarget, SetTarget.Request, Done>(new("orders-late", 3, lead.Id), shop.By(lead))).Ok.ShouldBeTrue();
        (await shop.Does<SetTarget, SetTarget.Request, Done>(new("orders-late", 0, lead.Id, From: new DateOnly(2026, 3, 12)), shop.By(lead))).Ok.ShouldBeTrue();

        (await shop.Seen("orders-late")).ShouldSatisfyAllConditions(s => s.Target.ShouldBe(3), s => s.Standing.ShouldBe(Standing.Met), s => s.Owner.ShouldBe("Hanna"));
        shop.Clock.Step(TimeSpan.FromDays(2));
        (await shop.Seen("orders-late")).Target.ShouldBe(0);
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'kernel.set-target' and actor_name = 'Hanna' and outcome = 'done'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_target_of_a_past_day_an_unknown_measure_and_who_may_not_are_refused()
    {
        await using var shop = await Shop.Open();
        var (lead, picker) = (await shop.Person("Hanna", "operations"), await shop.Person("Piet", "picker"));

        async Task<string> Tries(SetTarget.Request request, Actor who) => (await shop.Does<SetTarget, SetTarget.Request, Done>(request, shop.By(who))).Error!.Code;

        (await Tries(new("orders-late", 1, From: new DateOnly(2026, 3, 9)), lead)).ShouldBe("target.past");
        (await Tries(new("luck", 1), lead)).ShouldBe("target.measure-unknown");
        (await Tries(new("shipped-on-time", 101), lead)).ShouldBe("target.share");
        (await Tries(new("orders-late", -1), lead)).ShouldBe("target.negative");
        (await Tries(new("orders-late", 1, lead.Id, "warehouse"), lead)).ShouldBe("data-owner.one");
        (await Tries(new("orders-late", 1), picker)).ShouldBe("gate.no-permission");
    }

    [Fact]
    public async Task Who_may_not_see_a_list_does_not_see_its_measure()
    {
        await using var shop = await MeasureShop.Busy();
        await shop.Measures();
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Keel.App.Doors.Lookout>().Viewer = new Viewer(p => p == SalesPermissions.Read);

        var seen = await scope.ServiceProvider.GetRequiredService<MeasureDesk>().Look(["orders-late", "revenue", "shipments-left", "orders-placed"]);

        seen.Select(s => s.Measure.Name).ShouldBe(["orders-late", "orders-placed"]);
    }

    [Fact]
    public async Task Who_works_at_one_site_sees_that_sites_part_of_it()
    {
        await using var shop = await MeasureShop.Busy();
        await shop.Stocks("CANDLE", 3, node: "OVERFLOW");
        await shop.Releases(await shop.Takes(("CANDLE", 2)));
        await shop.Measures();
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Keel.App.Doors.Lookout>().Viewer = new Viewer(static _ => true) { Reach = new(["OVERFLOW"] , null)};

        var seen = (await scope.ServiceProvider.GetRequiredService<MeasureDesk>().Look(["to-pick", "shipments-left", "shipped-on-time"])).ToDictionary(s => s.Measure.Name);

        seen["to-pick"].Value.ShouldBe(1);
        (await shop.Seen("to-pick")).Value!.Value.ShouldBeGreaterThan(1);
        seen["shipments-left"].Days.Sum(d => d.Value).ShouldBe(0);
        seen["shipped-on-time"].Value.ShouldBeNull();
    }
}

/// A shop with something to measure, and what measures say.
internal static class MeasureShop
{
    /// Two days of trade: shipped in time and late, waiting, stopped, cancelled, credited, paid, with cases that nobody is at.
    public static async Task<Shop> Busy()
    {
        var shop = await Shop.Open();
        shop.Clock.StepTo(new DateTimeOffset(2026, 3, 9, 8, 0, 0, TimeSpan.Zero));
        await shop.Stocks("MUG-BL", 20, worth: 100_00);
        await shop.Stocks("TEE-M", 3, worth: 10_00);
        var intime = await shop.Takes(("MUG-BL", 2));
        await shop.Ships(intime);
        var late = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 2)) with { ShipBy = new DateOnly(2026, 3, 9) })).Value;

        shop.Clock.StepTo(Shop.Morning);
        await shop.Ships(late);
        await shop.Ships(await shop.Takes(("MUG-BL", 1)));
        await shop.Ships(await shop.TakesFromBazaar(("MUG-BL", 3)));
        var waiting = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 2)) with { PlacedAt = Shop.Morning.AddDays(-2), ShipBy = new DateOnly(2026, 3, 9) })).Value;
        await shop.Pays(waiting, PaymentKind.Captured, 10_00);
        await shop.Takes(("TEE-M", 5));
        await shop.TakesFromBazaar(("NOPE", 1));
        await shop.Cancels(await shop.Takes(("MUG-BL", 1)));
        await shop.Releases(await shop.Takes(("MUG-BL", 1)));
        await shop.Credits(intime, 1, 1);
        return shop;
    }

    public static Task Measures(this Shop shop) => shop.Runs<TakeMeasuresJob>();

    public static IReadOnlyList<Measure> Watched(this Shop shop) => shop.Services.GetRequiredService<Measures>().All;

    public static async Task<MeasureSeen> Seen(this Shop shop, string name)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<MeasureDesk>().Look([name])).Single();
    }

    /// What was taken of today.
    public static async Task<decimal?> Point(this Shop shop, string name)
    {
        var day = DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime);
        var text = await shop.Text($"select value from kernel.measure_point where measure = '{name}' and slice = '' and day = '{day:yyyy-MM-dd}'");
        return text.Length == 0 ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// How many rows the list behind it shows whoever may see all.
    public static async Task<int> RowsOf(this Shop shop, Measure measure, string question)
    {
        await using var scope = shop.Scope();
        var count = scope.ServiceProvider.GetRequiredService<ViewRunner>().AskCount(measure.View!, question);
        if (!count.Ok) throw new InvariantBroken($"{measure.Name}: {count.Error!.Message}");
        await scope.ServiceProvider.GetRequiredService<KeelDb>().Flush();
        return count.Value.Value.Rows;
    }
}
