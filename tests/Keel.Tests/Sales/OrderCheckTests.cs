using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class OrderCheckTests
{
    [Fact, Feature("OM-22", "EX-08")]
    public async Task A_large_order_waits_in_its_own_queue_and_goes_on_when_somebody_has_looked()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await Checks(shop, new OrderCheck(CheckKind.HighValue, CheckEffect.Hold, From: new Money(200_00, Currency.Eur)));

        var small = await shop.Takes(("BOWL", 8));
        var large = await shop.Takes(("BOWL", 9));

        small.Status.ShouldBe(OrderStatus.Reserved);
        (large.Status, large.Hold).ShouldBe((OrderStatus.OnHold, "high-value"));
        (await shop.Text($"select kind || ': ' || sentence from kernel.work_case where subject_id = '{large.Id}'")).ShouldBe($"order-high-value: {large.Number}: The order is over 217.80 EUR; from 200.00 EUR on somebody looks.");
        (await shop.Position("BOWL")).Reserved.ShouldBe(8, "what waits for a look reserves nothing");

        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([large.Id!.Value])))[0].Status.ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select count(*) from kernel.work_case where state <> 'Closed'")).ShouldBe(0);
        (await shop.Text("select name || ' ' || effect || ' ' || policy_version from sales.order_check")).ShouldBe("high-value Hold 1", "what was found stays");
        await shop.Proves();
    }

    [Fact, Feature("OM-03", "AP-02")]
    public async Task A_price_below_the_list_and_a_line_below_its_cost_are_found_and_only_what_is_to_stop_stops()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", onHand: 20, worth: 160_00);
        await Checks(shop, new OrderCheck(CheckKind.BelowList, CheckEffect.Warn, Percent: 10), new OrderCheck(CheckKind.LowMargin, CheckEffect.Hold, Percent: 5));

        var fair = (await shop.Tries(Priced(shop, 11m))).Value;
        var cheap = (await shop.Tries(Priced(shop, 10.50m))).Value;
        var loss = (await shop.Tries(Priced(shop, 9.90m))).Value;

        (fair.Status, cheap.Status, loss.Status).ShouldBe((OrderStatus.Reserved, OrderStatus.Reserved, OrderStatus.OnHold));
        (await Found(shop, fair)).ShouldBe("");
        (await Found(shop, cheap)).ShouldBe("Warn MUG-BL is sold for 21.00 EUR; the list says 24.20 EUR.");
        (await Found(shop, loss)).ShouldBe("Hold 2 × MUG-BL bring 16.36 EUR without tax, less than 16.80 EUR. Warn MUG-BL is sold for 19.80 EUR; the list says 24.20 EUR.");
        loss.Hold.ShouldBe("low-margin");
    }

    [Fact, Feature("OM-46", "AI-09")]
    public async Task A_marketplaces_order_is_a_commitment_and_is_checked_only_where_the_check_names_the_channel()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 500);
        await Checks(shop, new OrderCheck(CheckKind.ManyUnits, CheckEffect.Hold, Units: 100));
        (await shop.TakesFromBazaar(("BOWL", 120))).Status.ShouldBe(OrderStatus.Reserved);
        (await shop.Takes(("BOWL", 120))).Hold.ShouldBe("many-units");

        await Checks(shop, new OrderCheck(CheckKind.ManyUnits, CheckEffect.Hold, ["bazaar"], Units: 100), new OrderCheck(CheckKind.HighValue, CheckEffect.Hold, ["bazaar"], new Money(100_00, Currency.Eur)));
        var both = await shop.TakesFromBazaar(("BOWL", 120));

        both.Hold.ShouldBe("high-value");
        (await shop.Text($"select string_agg(kind, ', ' order by kind) from kernel.work_case where subject_id = '{both.Id}'")).ShouldBe("order-high-value, order-many-units", "each doubt has its own queue");
        await shop.Cancels(both);
        (await shop.Number($"select count(*) from kernel.work_case where subject_id = '{both.Id}' and state <> 'Closed'")).ShouldBe(0);
    }

    [Fact, Feature("OM-46", "OM-18")]
    public async Task An_edit_is_looked_at_as_a_new_order_is_and_only_what_it_makes_doubtful_stops_the_order()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 500);
        await Checks(shop, new OrderCheck(CheckKind.ManyUnits, CheckEffect.Hold, Units: 100), new OrderCheck(CheckKind.HighValue, CheckEffect.Warn, From: new Money(5_000_00, Currency.Eur)));
        var order = await shop.Takes(("BOWL", 2));
        (await shop.Changes(order, [new(1, 90)])).Value.Status.ShouldBe(OrderStatus.Reserved);

        var many = (await shop.Changes(order, [new(1, 300)])).Value;

        many.Status.ShouldBe(OrderStatus.OnHold);
        many.Sentences.ShouldContain("300 × BOWL in one line; from 100 on somebody looks.");
        many.Sentences.ShouldContain("The order waits until somebody has looked.");
        (await shop.Text("select string_agg(name || ' ' || effect, ', ' order by name) from sales.order_check")).ShouldBe("high-value Warn, many-units Hold");
        (await shop.Number($"select count(*) from kernel.work_case where subject_id = '{order.Id}' and kind = 'order-many-units' and state <> 'Closed'")).ShouldBe(1);
        (await shop.Position("BOWL")).Reserved.ShouldBe(300, "what is promised to it stays, and does not leave");
        (await shop.Ships(order)).Why.ShouldNotBeNull();

        await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value]));
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Changes(order, [new(1, 290)])).Value.Status.ShouldBe(OrderStatus.Reserved, "so many were looked at already");
        (await shop.Ships(order)).Why.ShouldBeNull();
        await shop.Proves();
    }

    private static Task Checks(Shop shop, params OrderCheck[] checks) => shop.Chooses(OrderChecks.Kind, new OrderChecks(checks));

    private static NewOrder Priced(Shop shop, decimal price) => shop.NewOrder("webshop", ("MUG-BL", 2)) with { Lines = [new NewLine("MUG-BL", 2, UnitPrice.Of(price, Currency.Eur))] };

    private static Task<string> Found(Shop shop, CapturedOrder order) => shop.Text($"select coalesce(string_agg(effect || ' ' || sentence, ' ' order by effect), '') from sales.order_check where order_id = '{order.Id}'");
}
