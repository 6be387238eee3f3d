using Keel.Kernel;
using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Stock;
using Keel.Tests.Stock;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Who waits for goods stands in a queue with the day on which they come, and goes on by themselves when they are there.
public class BackorderQueueTests
{
    private const string Open = "f.kind=stock-conflict,promise-displaced&f.state=Open";

    [Fact, Feature("OM-17", "EX-02")]
    public async Task Who_waits_stands_in_turn_with_the_expected_day_and_goes_on_when_the_goods_come()
    {
        await using var shop = await Shop.Open();
        var first = await shop.Takes(("MUG-BL", 3));
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var second = await shop.Takes(("MUG-BL", 4));
        (await Waiting(shop)).ShouldBe([(first.Number!, 3, null), (second.Number!, 4, null)]);
        (await shop.Rows<WhoWaits, WhoWaits.Row>("")).ShouldAllBe(r => r.Next.StartsWith("Nothing that is to come serves it", StringComparison.Ordinal));
        (await shop.Number("select count(*) from kernel.work_case where kind = 'backorder' and owner = 'operations' and state = 'Open' and due_at > opened_at")).ShouldBe(2);

        await SupplyTests.Announces(shop, "MUG-BL", 5, 7);
        (await Waiting(shop)).ShouldBe([(first.Number!, 3, new DateOnly(2026, 3, 17)), (second.Number!, 4, null)], "five serve the first, and not all of the second");
        (await shop.Rows<WhoWaits, WhoWaits.Row>(""))[0].Next.ShouldBe("Comes later than promised: tell them, or take over");

        shop.Clock.Step(TimeSpan.FromDays(7));
        await shop.Stocks("MUG-BL", 5);
        await shop.Delivers();

        (await shop.StatusOf(first), await shop.StatusOf(second)).ShouldBe((OrderStatus.Reserved, OrderStatus.Backordered));
        (await Waiting(shop)).Select(w => (w.Order, w.Units)).ShouldBe([(second.Number!, 2)]);
        (await shop.Text("select string_agg(subject, ' ') from kernel.work_case where kind = 'backorder' and state = 'Open'")).ShouldBe(second.Number, "whoever was served needs nobody any more");
        await shop.Stocks("MUG-BL", 2);
        await shop.Delivers();
        (await shop.StatusOf(second)).ShouldBe(OrderStatus.Reserved);
        (await Waiting(shop)).ShouldBeEmpty();
        await shop.Proves();
    }

    [Fact, Feature("OM-26")]
    public async Task What_was_sold_and_is_not_there_is_given_in_another_product_in_parts_later_or_not_at_all()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", 10);
        await shop.Stocks("THROW", 1);
        var other = await shop.Takes(("THROW", 1));
        (await shop.Counts("MAIN/STOCK", "THROW", 0)).Ok.ShouldBeTrue();
        await shop.Delivers();
        var (parts, later, none) = (await shop.TakesFromBazaar(("BOWL", 1), ("THROW", 1)), await shop.TakesFromBazaar(("THROW", 2)), await shop.TakesFromBazaar(("THROW", 1)));
        (await Queue(shop)).ShouldBe([$"promise-displaced {other.Number}", $"stock-conflict {parts.Number}", $"stock-conflict {later.Number}", $"stock-conflict {none.Number}"], ignoreOrder: true);
        (await shop.Number("select count(*) from kernel.work_case where owner = 'operations' and severity = 'High' and due_at > opened_at")).ShouldBe(4);

        (await shop.Changes(parts, [new(2, 0)], [new("BOWL", 1)])).Error!.Message.ShouldStartWith("The marketplace agreed on this order with its customer.");
        (await shop.Changes(other, [new(1, 0)], [new("BOWL", 1)])).Value.Status.ShouldBe(OrderStatus.Reserved, "an own customer takes another product");
        (await shop.Ships(parts)).Why.ShouldBeNull();
        (await shop.StatusOf(parts)).ShouldBe(OrderStatus.PartlyShipped);
        (await shop.Cancels(none)).Cancelled.ShouldBeTrue();
        (await Queue(shop)).ShouldBe([$"stock-conflict {parts.Number}", $"stock-conflict {later.Number}"], ignoreOrder: true);
        var waits = (await shop.Rows<CaseList, CaseList.Row>(Open)).Single(c => c.Subject == later.Number);
        (await shop.Does<CloseCase, CloseCase.Request, Done>(new(new Id<Keel.Kernel.Case>(waits.Id), "the customer waits until Friday", "customer-waits"))).Ok.ShouldBeTrue();
        (await Queue(shop)).ShouldBe([$"stock-conflict {parts.Number}"]);

        await shop.Stocks("THROW", 3);
        await shop.Delivers();
        (await shop.StatusOf(later)).ShouldBe(OrderStatus.Reserved);
        (await shop.Ships(parts)).Why.ShouldBeNull();
        (await shop.StatusOf(parts), await shop.StatusOf(none), await shop.StatusOf(other)).ShouldBe((OrderStatus.Shipped, OrderStatus.Cancelled, OrderStatus.Reserved));
        (await Queue(shop)).ShouldBeEmpty();
        await shop.Proves();
    }

    [Fact, Feature("OM-32")]
    public async Task Who_asks_is_told_the_state_of_the_order_when_it_comes_and_where_its_parcel_is()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("MUG-BL", 2));
        var asked = await shop.Text($"select channel_number from sales.orders where id = '{order.Id}'");
        async Task<OrderList.Row> Told() => (await shop.Rows<OrderList, OrderList.Row>($"q={asked}")).Single();

        (await Told()).ShouldSatisfyAllConditions(o => o.Status.ShouldBe(OrderStatus.Backordered), o => o.Next.ShouldBe("Waits for 2 × MUG-BL"), o => o.PlanShip.ShouldBeNull());
        await SupplyTests.Announces(shop, "MUG-BL", 5, 7);
        (await shop.Rows<WhoWaits, WhoWaits.Row>($"q={order.Number}")).Single().ExpectedOn.ShouldBe(new DateOnly(2026, 3, 17));

        await shop.Stocks("MUG-BL", 2);
        await shop.Delivers();
        (await Told()).ShouldSatisfyAllConditions(o => o.Status.ShouldBe(OrderStatus.Reserved), o => o.Next.ShouldBe("Release to picking"), o => o.ShipBy.ShouldBe(order.ShipBy!.Value));
        await shop.Releases(order);
        (await shop.Rows<ShipmentList, ShipmentList.Row>($"q={order.Number}")).Single().ShouldSatisfyAllConditions(s => s.Status.ShouldBe(ShipmentStatus.Released), s => s.Next.ShouldBe("Pick 1 bin"));

        var shipment = new Id<Shipment>(Guid.Parse(await shop.Text("select id::text from warehouse.shipment")));
        (await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([shipment])))[0].Why.ShouldBeNull();
        (await Told()).Status.ShouldBe(OrderStatus.Shipped);
        (await shop.Rows<ShipmentList, ShipmentList.Row>($"q={order.Number}")).Single().ShouldSatisfyAllConditions(s => s.Status.ShouldBe(ShipmentStatus.Shipped), s => s.ShippedAt.ShouldBe(shop.Clock.GetUtcNow()));
        await shop.Delivers(order);
        (await shop.Rows<ShipmentList, ShipmentList.Row>($"q={order.Number}")).Single().Next.ShouldBe("Nothing: the customer has it");
    }

    private static async Task<(string Order, int Units, DateOnly? Expected)[]> Waiting(Shop shop) =>
        [.. (await shop.Rows<WhoWaits, WhoWaits.Row>("sort=since")).Select(r => (r.DocumentNumber, (int)(r.Quantity.Thousandths / 1000), r.ExpectedOn))];

    private static async Task<string[]> Queue(Shop shop) => [.. (await shop.Rows<CaseList, CaseList.Row>(Open)).Select(c => $"{c.Kind} {c.Subject}")];
}
