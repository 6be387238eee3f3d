using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class HeldOrderTests
{
    [Fact, Feature("OM-47")]
    public async Task By_choice_a_stopped_order_is_promised_goods_at_once_and_gives_them_back_after_its_hours()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 2);
        await shop.Chooses(HeldOrders.Kind, new HeldOrders([new HoldTerm("total-mismatch", ReservesAtOnce: true, KeepsHours: 24)]));

        var order = await Mismatched(shop, 2);
        (order.Status, order.Hold, order.Promised.Count, order.Short.Count).ShouldBe((OrderStatus.OnHold, "total-mismatch", 1, 0));
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(2);
        (await Mismatched(shop, 1)).Status.ShouldBe(OrderStatus.OnHold, "what is short stays stopped, too");
        (await shop.Number("select count(*) from kernel.work_case where kind in ('backorder', 'stock-conflict')")).ShouldBe(0);

        shop.Clock.Step(TimeSpan.FromHours(23));
        await shop.Runs<LetGoHeldJob>();
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(2);

        shop.Clock.Step(TimeSpan.FromHours(1));
        await shop.Runs<LetGoHeldJob>();
        await shop.Delivers();
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(0);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.OnHold);
        (await shop.Text($"select sentence from kernel.decision where subject_id = '{order.Id}' and policy = 'held-orders'")).ShouldBe("What was promised to it was given back: it has been stopped for more than 24 hours. It is promised goods anew when it goes on.");

        var taken = await shop.Takes(("MUG-BL", 1));
        (await Confirms(shop, order)).ShouldBe(OrderStatus.Backordered, "another order has one of them now");
        taken.Status.ShouldBe(OrderStatus.Reserved);
        await shop.Proves();
    }

    [Fact, Feature("OM-47", "OM-18")]
    public async Task What_is_on_the_floor_keeps_its_goods_and_what_was_called_back_gives_them_back_by_its_hours()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        await shop.Chooses(HeldOrders.Kind, new HeldOrders([new HoldTerm("manual", ReservesAtOnce: true, KeepsHours: 24)]));
        var (working, back) = (await shop.Takes(("MUG-BL", 2)), await shop.Takes(("MUG-BL", 4)));
        await shop.Releases(working);
        await shop.Releases(back);
        (await shop.Changes(back, [new(1, 3)])).Value.Status.ShouldBe(OrderStatus.Reserved, "its work was called back");
        await shop.Delivers();
        await Holds(shop, working);
        await Holds(shop, back);

        shop.Clock.Step(TimeSpan.FromHours(25));
        await shop.Runs<LetGoHeldJob>();
        await shop.Delivers();

        (await shop.Number($"select coalesce(sum(open), 0) from stock.reservation where document_id = '{working.Id}'")).ShouldBe(2_000);
        (await shop.Number($"select coalesce(sum(open), 0) from stock.reservation where document_id = '{back.Id}'")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("OM-47")]
    public async Task Without_a_choice_new_orders_that_are_stopped_reserve_nothing_and_others_keep_what_they_have()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 5);

        (await Mismatched(shop, 2)).Promised.ShouldBeEmpty();
        var order = await shop.Takes(("MUG-BL", 1));
        await Holds(shop, order);
        shop.Clock.Step(TimeSpan.FromDays(40));
        await shop.Runs<LetGoHeldJob>();

        (await shop.Position("MUG-BL")).Reserved.ShouldBe(1);
        (await Confirms(shop, order)).ShouldBe(OrderStatus.Reserved);
    }

    [Fact, Feature("OM-37", "EX-01")]
    public async Task Queues_of_stopped_orders_say_how_many_wait_how_long_and_how_fast_they_are_settled()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 50);
        var first = await Mismatched(shop, 1);
        shop.Clock.Step(TimeSpan.FromHours(10));
        await Mismatched(shop, 1);
        await Confirms(shop, first);
        await Mismatched(shop, 1);
        shop.Clock.Step(TimeSpan.FromHours(9));

        var queue = (await shop.Rows<HeldQueues, HeldQueues.Row>("f.hold=total-mismatch")).Single();

        (queue.Orders, queue.Late, queue.Hours, queue.Came, queue.Settled, queue.HoursToSettle, queue.Target).ShouldBe((2L, 2L, 9.0m, 3L, 1L, 10.0m, 8));
        queue.Owner.ShouldBe("operations");
    }

    [Fact, Feature("EX-08")]
    public async Task Orders_with_a_product_or_to_a_postcode_are_stopped_together_and_go_on_together()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 50);
        await shop.Stocks("BOWL", 50);
        var (mug, bowl, both) = (await shop.Takes(("MUG-BL", 1)), await shop.Takes(("BOWL", 1)), await shop.Takes(("MUG-BL", 1), ("BOWL", 2)));
        var shipped = await shop.Takes(("MUG-BL", 1));
        await shop.Ships(shipped);
        var before = await shop.Takes(("MUG-BL", 1));
        await Holds(shop, before);

        (await With(shop, "sku=MUG-BL")).ShouldBe([mug.Number!, both.Number!, before.Number!], ignoreOrder: true);
        (await With(shop, "sku=BOWL&postcode=99")).ShouldBeEmpty();
        (await With(shop, "")).ShouldBeEmpty("who asks for nothing is shown nothing");
        var postcode = await shop.Text($"select ship_to->>'postalCode' from sales.orders where id = '{mug.Id}'");
        (await With(shop, $"postcode={postcode[..3]}&sku=BOWL")).ShouldBe([bowl.Number!, both.Number!], ignoreOrder: true);

        shop.Clock.Step(TimeSpan.FromMinutes(1));
        await shop.Must<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([mug.Id!.Value, both.Id!.Value], "the glaze is recalled"));
        var together = await shop.Rows<HeldTogether, HeldTogether.Row>("");
        together.Select(t => t.Orders).ShouldBe([2L, 1L]);
        var step = together.Single(t => t.Orders == 2).Step;
        (await shop.Rows<OrderList, OrderList.Row>($"f.status=OnHold&f.held-in={step}")).Select(r => r.Number).ShouldBe([mug.Number!, both.Number!], ignoreOrder: true);
        (await Confirms(shop, mug), await Confirms(shop, both), await shop.StatusOf(before)).ShouldBe((OrderStatus.Reserved, OrderStatus.Reserved, OrderStatus.OnHold));
    }

    private static async Task<IReadOnlyList<string>> With(Shop shop, string question) => [.. (await shop.Rows<OrdersWith, OrderList.Row>(question)).Select(r => r.Number)];

    private static async Task<CapturedOrder> Mismatched(Shop shop, int mugs) => (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", mugs)) with { Total = new Money(1, Currency.Eur) })).Value;

    private static Task Holds(Shop shop, CapturedOrder order) => shop.Must<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "looks odd"));

    private static async Task<OrderStatus?> Confirms(Shop shop, CapturedOrder order) => (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([order.Id!.Value])))[0].Status;
}
