using Keel.Partners.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class RoutedOrderTests
{
    private static readonly PostalAddress Haarlem = new("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL");
    private static readonly PostalAddress Maastricht = new("Markt 1", null, "6211 CJ", "Maastricht", null, "NL");

    [Fact, Feature("OM-09")]
    public async Task An_order_leaves_from_where_it_costs_least_by_the_longest_postcode_that_fits()
    {
        await using var shop = await Opened();
        await Chooses(shop, Route("NL", new SourcingRule("cheapest", First: SourcingSort.Cost)));

        var north = await Sent(shop, Haarlem, ("TEE-M", 1));
        var south = await Sent(shop, Maastricht, ("TEE-M", 1));

        north.Promised.Single().Node.Text.ShouldBe("MAIN");
        south.Promised.Single().Node.Text.ShouldBe("OVERFLOW");
        (await Said(shop, south)).ShouldBe("OVERFLOW was chosen because it costs least: 3.00 EUR. Rule cheapest of NL.");
        (await Fact(shop, south, "MAIN", "why not")).ShouldBe("it costs 2.00 EUR more");
        await shop.Proves();
    }

    [Fact, Feature("OM-13")]
    public async Task The_promise_follows_from_the_site_that_was_chosen_its_days_and_the_way()
    {
        await using var shop = await Opened();
        await shop.Must<SetSiteTerms, SetSiteTerms.Request, Saved[]>(new([new("OVERFLOW", PrepareDays: 2)]));
        await Chooses(shop, Route("NL", new SourcingRule("cheapest", First: SourcingSort.Cost)));

        var near = await Sent(shop, Haarlem, ("TEE-M", 1));
        var slow = await Sent(shop, Maastricht, ("TEE-M", 1));

        near.ShipBy.ShouldBe(new DateOnly(2026, 3, 10));
        slow.ShipBy.ShouldBe(new DateOnly(2026, 3, 12));
        (await shop.Text($"select deliver_by::text from sales.orders where id = '{slow.Id}'")).ShouldBe("2026-03-13");
    }

    [Fact, Feature("OM-44")]
    public async Task What_a_channel_demands_stays_and_the_own_plan_stands_beside_it()
    {
        await using var shop = await Opened();
        await shop.Must<SetSiteTerms, SetSiteTerms.Request, Saved[]>(new([new("MAIN", PrepareDays: 3)]));

        var order = (await shop.Tries(shop.NewOrder("bazaar", ("TEE-M", 1)) with { ShipBy = new DateOnly(2026, 3, 11) })).Value;

        order.ShipBy.ShouldBe(new DateOnly(2026, 3, 11));
        (await shop.Text($"select ship_by || ' ' || plan_ship from sales.orders where id = '{order.Id}'")).ShouldBe("2026-03-11 2026-03-13");
    }

    [Fact, Feature("OM-19")]
    public async Task A_full_day_sends_orders_elsewhere_or_to_the_next_day()
    {
        await using var shop = await Opened();
        await shop.Must<SetSiteTerms, SetSiteTerms.Request, Saved[]>(new([new("MAIN", Capacity: 2), new("OVERFLOW", Capacity: 1)]));
        await Chooses(shop, Route("NL", new SourcingRule("soon", First: SourcingSort.Departure)));

        var orders = new List<CapturedOrder>();
        for (var i = 0; i < 4; i++) orders.Add(await Sent(shop, Haarlem, ("TEE-M", 1)));

        orders.Select(o => $"{o.Promised.Single().Node} {o.ShipBy:dd}").ShouldBe(["MAIN 10", "MAIN 10", "OVERFLOW 10", "MAIN 11"]);
    }

    [Fact, Feature("OM-11")]
    public async Task Each_channel_and_each_value_has_its_own_route()
    {
        await using var shop = await Opened();
        await Chooses(shop,
            Route("dear", new SourcingRule("safe", Sites: ["MAIN"])) with { From = new Money(5_000, Currency.Eur) },
            Route("web", new SourcingRule("far", Sites: ["OVERFLOW"])) with { Channels = ["webshop"] });

        var cheap = await Sent(shop, Haarlem, ("TEE-M", 1));
        var dear = await Sent(shop, Haarlem, ("TEE-M", 3));

        cheap.Promised.Single().Node.Text.ShouldBe("OVERFLOW");
        dear.Promised.Single().Node.Text.ShouldBe("MAIN");
        (await LeftOut(shop, cheap, "MAIN")).ShouldBe("the rule asks other sites");
    }

    [Fact, Feature("OM-16")]
    public async Task A_site_that_cannot_send_a_line_is_not_asked_again_and_the_order_goes_elsewhere()
    {
        await using var shop = await Opened();
        var order = await Sent(shop, Haarlem, ("TEE-M", 2), ("MUG-BL", 1));
        order.Promised.ShouldAllBe(p => p.Node == "MAIN");

        var answer = await shop.Must<RefuseLines, RefuseLines.Request, RouteOrders.Answer>(new(order.Id!.Value, "MAIN", "water damage", [1]));

        answer.Status.ShouldBe(OrderStatus.Reserved);
        (await From(shop, order)).ShouldBe("1 OVERFLOW 2, 2 OVERFLOW 1");
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        (await shop.Must<RouteOrders, RouteOrders.Request, IReadOnlyList<RouteOrders.Answer>>(new([order.Id!.Value])))[0].Status.ShouldBe(OrderStatus.Reserved);
        (await From(shop, order)).ShouldBe("1 OVERFLOW 2, 2 OVERFLOW 1", "it is not asked again");
        (await Fact(shop, order, "MAIN", "why not")).ShouldBe("it lacks 2 × TEE-M");

        (await shop.Does<RefuseLines, RefuseLines.Request, RouteOrders.Answer>(new(order.Id!.Value, "MAIN", "again"))).Error!.Code.ShouldBe("order.refused-nothing");
        await shop.Must<RefuseLines, RefuseLines.Request, RouteOrders.Answer>(new(order.Id!.Value, "OVERFLOW", "closed", [1]));
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Backordered);
        (await From(shop, order)).ShouldBe("2 MAIN 1");
        await shop.Proves();
    }

    [Fact, Feature("OM-08", "IN-03")]
    public async Task What_a_site_keeps_back_stays_there_whoever_asks()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        await Chooses(shop, Route("NL", new SourcingRule("reserve", KeepsBack: 2)));

        var order = await Sent(shop, Haarlem, ("TEE-M", 4));

        order.Status.ShouldBe(OrderStatus.Backordered);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(3, "two stay there");
        (await Sent(shop, Haarlem, ("TEE-M", 1))).Promised.ShouldBeEmpty();
        await shop.Proves();
    }

    [Fact, Feature("OM-13", "OM-19")]
    public async Task An_order_that_comes_in_late_keeps_the_day_that_it_was_promised_for_and_is_planned_from_now()
    {
        await using var shop = await Opened();

        var order = (await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)) with { PlacedAt = Shop.Morning.AddDays(-4) })).Value;

        (await shop.Text($"select ship_by || ' ' || plan_ship from sales.orders where id = '{order.Id}'")).ShouldBe("2026-03-06 2026-03-10");
    }

    [Fact, Feature("OM-08", "IN-09")]
    public async Task A_cart_that_was_held_at_one_site_is_free_there_when_its_order_goes_to_another()
    {
        await using var shop = await Opened();
        await Chooses(shop, Route("NL", new SourcingRule("cheapest", First: SourcingSort.Cost)));
        var hold = Guid.CreateVersion7();
        await shop.Must<HoldStock, HoldStock.Request, HoldStock.Answer>(new(hold, "MAIN", "TEE-M", 2, 600, "webshop"));
        (await shop.Position("TEE-M")).Reserved.ShouldBe(2);

        var order = (await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 2)) with { ShipTo = Maastricht, Hold = hold })).Value;

        order.Promised.Single().Node.Text.ShouldBe("OVERFLOW");
        (await shop.Position("TEE-M")).Reserved.ShouldBe(0, "the cart has become the order");
        (await shop.Position("TEE-M", "OVERFLOW")).Reserved.ShouldBe(2);
        await shop.Proves();
    }

    [Fact, Feature("OM-19")]
    public async Task A_cancelled_order_is_no_sites_work_any_more_and_a_site_that_takes_none_is_not_asked()
    {
        await using var shop = await Opened();
        await shop.Must<SetSiteTerms, SetSiteTerms.Request, Saved[]>(new([new("MAIN", Capacity: 1), new("OVERFLOW", Capacity: 0)]));
        await Chooses(shop, Route("NL", new SourcingRule("soon", First: SourcingSort.Departure)));

        var first = await Sent(shop, Haarlem, ("TEE-M", 1));
        await shop.Cancels(first);
        var second = await Sent(shop, Haarlem, ("TEE-M", 1));
        var third = await Sent(shop, Haarlem, ("TEE-M", 1));

        (first.ShipBy, second.ShipBy, third.ShipBy).ShouldBe((new DateOnly(2026, 3, 10), new DateOnly(2026, 3, 10), new DateOnly(2026, 3, 11)));
        (await LeftOut(shop, third, "OVERFLOW")).ShouldBe("it takes no orders");
    }

    [Fact, Feature("OM-15")]
    public async Task What_is_sent_as_a_whole_waits_until_everything_is_there_and_takes_nothing_before()
    {
        await using var shop = await Opened();
        await Chooses(shop, Route("NL", new SourcingRule("whole", MostParcels: 1, Whole: true)));

        var order = await Sent(shop, Haarlem, ("TEE-M", 60));

        order.Status.ShouldBe(OrderStatus.Backordered);
        (await From(shop, order)).ShouldBe("");
        (await Said(shop, order)).ShouldBe("Nothing is promised yet. No single site has everything. The order is sent as a whole only.");
        (await shop.Position("TEE-M")).Reserved.ShouldBe(0);

        await shop.Stocks("TEE-M", onHand: 20);
        await shop.Delivers();
        (await From(shop, order)).ShouldBe("1 MAIN 60");
        await shop.Proves();
    }

    [Fact, Feature("OM-41", "OM-13")]
    public async Task What_waits_for_a_supply_is_promised_for_the_day_on_which_it_comes_and_no_more_than_it_brings()
    {
        await using var shop = await Shop.Open();
        await shop.Must<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new([new("BOWL", "MAIN", 3, new DateOnly(2026, 3, 21))]));

        var first = (await shop.Tries(shop.NewOrder("webshop", ("BOWL", 2)))).Value;
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var second = (await shop.Tries(shop.NewOrder("webshop", ("BOWL", 2)))).Value;
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var market = (await shop.Tries(shop.NewOrder("bazaar", ("BOWL", 1)) with { ShipBy = new DateOnly(2026, 3, 12) })).Value;

        (await shop.Text($"select ship_by || ' ' || plan_ship from sales.orders where id = '{first.Id}'")).ShouldBe("2026-03-23 2026-03-23", "the Monday after it comes");
        (await shop.Text($"select coalesce(plan_ship::text, 'unknown') from sales.orders where id = '{second.Id}'")).ShouldBe("unknown", "one is left of the supply, and two are wanted");
        (await shop.Text($"select ship_by || ' ' || plan_ship from sales.orders where id = '{market.Id}'")).ShouldBe("2026-03-12 2026-03-23");
        first.ShipBy.ShouldBe(new DateOnly(2026, 3, 23));
    }

    [Fact, Feature("OM-12")]
    public async Task The_strongest_claim_of_a_batch_is_served_first()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 1);

        var taken = await shop.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([shop.NewOrder("webshop", ("BOWL", 1)), shop.NewOrder("bazaar", ("BOWL", 1))]));

        taken.Select(t => t.Status).ShouldBe([OrderStatus.Backordered, OrderStatus.Reserved]);
    }

    [Fact, Feature("OM-08")]
    public async Task Who_is_quicker_never_leaves_the_others_short_while_another_site_has_goods()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 20);
        await shop.Stocks("TEE-M", onHand: 20, node: "OVERFLOW");

        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() =>
            shop.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([shop.NewOrder("webshop", ("TEE-M", 1))])))));

        taken.ShouldAllBe(t => t[0].Status == OrderStatus.Reserved);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(20);
        (await shop.Position("TEE-M", "OVERFLOW")).Reserved.ShouldBe(20);
        await shop.Proves();
    }

    [Fact, Feature("OM-08")]
    public async Task An_order_is_tried_by_any_version_and_nothing_is_promised()
    {
        await using var shop = await Opened();
        await Chooses(shop, Route("NL", new SourcingRule("cheapest", First: SourcingSort.Cost)));
        await using var scope = shop.Scope();
        var trial = scope.ServiceProvider.GetRequiredService<RouteTrial>();

        var now = (await trial.Try(new("webshop", "NL", "6211 CJ", "TEE-M 2\nMUG-BL", null))).Value;
        var before = (await trial.Try(new("webshop", "NL", "6211 CJ", "TEE-M 2\nMUG-BL", 0))).Value;

        now.Route.Nodes.Single().Text.ShouldBe("OVERFLOW");
        now.Route.Name.ShouldBe("NL");
        before.Route.Nodes.Single().Text.ShouldBe("MAIN");
        (await trial.Try(new("webshop", "NL", null, "TEE-M two", null))).Error!.Message.ShouldContain("TEE-M two");
        (await trial.Try(new("webshop", "NL", null, "NOBODY 2", null))).Error!.Message.ShouldContain("NOBODY");
        (await trial.Try(new("webshop", "NL", null, "TEE-M 2", 9))).Error!.Code.ShouldBe("routing.no-version");
        (await shop.Position("TEE-M")).Reserved.ShouldBe(0);
    }

    [Fact, Feature("OM-09")]
    public async Task A_lane_that_is_wrong_is_refused_and_the_others_are_taken()
    {
        await using var shop = await Shop.Open();

        var answers = await shop.Must<SetLanes, SetLanes.Request, Saved[]>(new([
            new("MAIN", "NL", 1, 4.50m), new("NOWHERE", "NL", 1, 4.50m), new("MAIN", "NL", 2, 5m), new("MAIN", "DE", 2, 5.005m), new("MAIN", "DE", 2, 6m, Postcode: "10 1")]));

        answers.Select(a => a.Refusal?.Code).ShouldBe([null, "lane.site-unknown", "lane.twice", "lane.too-fine", null]);
        (await shop.Text("select string_agg(node || country || postcode || ' ' || parcel, ', ' order by country) from sales.lane")).ShouldBe("MAINDE101 600, MAINNL 450");
        await shop.Must<DropLanes, DropLanes.Request, Done>(new(["MAIN/DE/101"]));
        (await shop.Does<DropLanes, DropLanes.Request, Done>(new(["MAIN/DE/101"]))).Error!.Code.ShouldBe("lane.gone");
    }

    /// Both sites have goods; from MAIN it is near to the north, from OVERFLOW to the south.
    [Fact, Feature("OM-08")]
    public async Task A_site_that_lost_an_order_is_not_busy_with_it_any_more()
    {
        await using var shop = await Opened();
        var order = await Sent(shop, Haarlem, ("TEE-M", 1));
        (await Routes(shop, order)).ShouldBe("MAIN");

        await shop.Must<MovePromise, MovePromise.Request, Quantity>(new($"{order.Id}/1", "OVERFLOW", "it is nearer"));
        await shop.Delivers();
        (await Routes(shop, order)).ShouldBe("OVERFLOW");

        await shop.Must<ReleasePromise, ReleasePromise.Request, Quantity>(new($"{order.Id}/1", "somebody needs it more"));
        await shop.Must<BackorderDisplaced, BackorderDisplaced.Request, Done>(new(order.Id!.Value));
        (await Routes(shop, order)).ShouldBe("");
    }

    private static Task<string> Routes(Shop shop, CapturedOrder order) => shop.Text($"select coalesce(string_agg(node, ' ' order by node), '') from sales.route where order_id = '{order.Id}'");

    private static async Task<Shop> Opened()
    {
        var shop = await Shop.Open();
        foreach (var (sku, node) in ((string, string)[])[("TEE-M", "MAIN"), ("TEE-M", "OVERFLOW"), ("MUG-BL", "MAIN"), ("MUG-BL", "OVERFLOW")]) await shop.Stocks(sku, onHand: 50, node: node);
        await shop.Must<SetLanes, SetLanes.Request, Saved[]>(new([
            new("MAIN", "NL", 1, 4m), new("MAIN", "NL", 2, 5m, Postcode: "6"), new("OVERFLOW", "NL", 2, 6m), new("OVERFLOW", "NL", 1, 3m, Postcode: "62")]));
        return shop;
    }

    private static SourcingRoute Route(string name, params SourcingRule[] rules) => new(name, rules);

    private static Task Chooses(Shop shop, params SourcingRoute[] routes) => shop.Chooses(Sourcing.Kind, new Sourcing(true, routes));

    private static async Task<CapturedOrder> Sent(Shop shop, PostalAddress to, params (Sku, int)[] lines) => (await shop.Tries(shop.NewOrder("webshop", lines) with { ShipTo = to })).Value;

    private static Task<string> From(Shop shop, CapturedOrder order) => shop.Text(
        $"select coalesce(string_agg(line || ' ' || node || ' ' || trim_scale(open / 1000.0), ', ' order by line, node), '') from stock.reservation where document_id = '{order.Id}' and open > 0");

    private static Task<string> Said(Shop shop, CapturedOrder order) => shop.Text($"select sentence from kernel.decision where subject_id = '{order.Id}' order by id desc limit 1");

    private static Task<string> Fact(Shop shop, CapturedOrder order, string node, string fact) => shop.Text(
        $"select c->'facts'->>'{fact}' from kernel.decision d, jsonb_array_elements(d.detail->'candidates') c where d.subject_id = '{order.Id}' and c->>'name' = '{node}' order by d.id desc limit 1");

    private static Task<string> LeftOut(Shop shop, CapturedOrder order, string node) => shop.Text(
        $"select e->>'reason' from kernel.decision d, jsonb_array_elements(d.detail->'excluded') e where d.subject_id = '{order.Id}' and e->>'name' = '{node}' order by d.id desc limit 1");
}
