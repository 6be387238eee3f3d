using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Boards;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Goods that were lost, broken or wrong are sent again.
public class ReshipTests
{
    [Fact, Feature("OM-39")]
    public async Task What_was_lost_goes_out_once_more_at_no_charge_and_its_cost_is_the_cost_of_an_error()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, worth: 40_00);
        var order = await shop.Takes(("MUG-BL", 3));
        await shop.Ships(order);

        var again = (await Again(shop, order, ReshipReason.Lost, new ReshipOrder.Part(1, 2))).Value;

        (again.Status, again.Worth, again.Original).ShouldBe((OrderStatus.Reserved, new Money(24_20, Currency.Eur), order.Number));
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(2);
        (await shop.Text($"select channel_number || ' ' || gross || ' ' || paid from sales.orders where id = '{again.Id}'")).ShouldBe($"{order.Number}-R1 0 0");
        await Ships(shop, again);
        (await shop.StatusOf(Order(again))).ShouldBe(OrderStatus.Shipped);
        (await shop.Number("select sum(gross) from sales.invoice")).ShouldBe(36_30, "nothing is invoiced twice");
        var listed = (await shop.Rows<ReshipmentList, ReshipmentList.Row>("")).Single();
        (listed.Original, listed.Goods, listed.Reason, listed.Cost).ShouldBe((order.Number!, "2 × MUG-BL", ReshipReason.Lost, new Money(8_00, Currency.Eur)));
        await shop.Measures();
        (await shop.Text("select string_agg(slice || ' ' || value::bigint, ', ' order by slice) from kernel.measure_point where measure = 'sent-again'")).ShouldBe(" 800, Lost 800");
        await shop.Proves();
    }

    [Fact, Feature("OM-39")]
    public async Task Only_what_has_left_is_sent_again_and_each_piece_once()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        var order = await shop.Takes(("MUG-BL", 3));
        (await Again(shop, order, ReshipReason.Lost, new ReshipOrder.Part(1, 1))).Error!.Message.ShouldBe($"Nothing of {order.Number} has left yet: change the order instead.");
        await shop.Ships(order);

        (await Again(shop, order, ReshipReason.Lost, new ReshipOrder.Part(1, 0))).Error.ShouldBe(ReshipOrder.Nothing);
        (await Again(shop, order, ReshipReason.Lost, new ReshipOrder.Part(7, 1))).Error!.Code.ShouldBe("reship.no-such-line");
        (await Again(shop, order, ReshipReason.Lost, new ReshipOrder.Part(1, 1), new ReshipOrder.Part(1, 1))).Error.ShouldBe(ReshipOrder.Twice);
        (await Again(shop, order, ReshipReason.Lost, new ReshipOrder.Part(1, 4))).Error!.Message.ShouldBe("3 × MUG-BL can be sent again: 3 have left.");
        var first = (await Again(shop, order, ReshipReason.Damaged, new ReshipOrder.Part(1, 3))).Value;
        (await Again(shop, order, ReshipReason.Damaged, new ReshipOrder.Part(1, 1))).Error!.Message.ShouldBe("No MUG-BL can be sent again: 3 have left, and 3 were sent again.");

        await shop.Must<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new([new Id<Order>(first.Id)], "found it"));
        (await Again(shop, order, ReshipReason.Damaged, new ReshipOrder.Part(1, 1))).Value.Status.ShouldBe(OrderStatus.Reserved, "what was called off has not left");
        await shop.Proves();
    }

    [Fact, Feature("OM-39")]
    public async Task Two_at_once_send_each_piece_again_once()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 20);
        var order = await shop.Takes(("MUG-BL", 3));
        await shop.Ships(order);

        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Again(shop, order, ReshipReason.Lost, new ReshipOrder.Part(1, 1))));

        all.Count(a => a.Ok).ShouldBe(3);
        (await shop.Number("select sum(quantity) from sales.reshipment")).ShouldBe(3_000);
        await shop.Proves();
    }

    [Fact, Feature("OM-39", "OM-28")]
    public async Task A_marketplaces_order_short_of_goods_waits_as_any_other_and_no_check_stops_what_is_free()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 2);
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.BelowList, CheckEffect.Hold, ["bazaar", "webshop"]), new OrderCheck(CheckKind.LowMargin, CheckEffect.Hold, ["bazaar", "webshop"])]));
        await shop.Chooses(ReservationTiming.Kind, new ReservationTiming(ReserveWhen.AtPayment));
        var order = await shop.TakesFromBazaar(("MUG-BL", 2));
        await shop.Pays(order, PaymentKind.Captured, 24_20);
        await shop.Delivers();
        await shop.Must<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([order.Id!.Value]));
        await shop.Ships(order);

        (await Again(shop, order, ReshipReason.Wrong, new ReshipOrder.Part(1, 2))).Value.Status.ShouldBe(OrderStatus.Backordered);
        await shop.Stocks("MUG-BL", 2);
        await shop.Delivers();
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(2);
    }

    [Fact, Feature("OM-39", "AP-02")]
    public async Task It_is_worth_what_the_customer_paid_for_the_goods()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        var order = await shop.Takes(("MUG-BL", 4));
        await shop.Ships(order);
        await using var scope = shop.Scope();
        var sending = ActivatorUtilities.CreateInstance<ReshipOrder>(scope.ServiceProvider);
        var request = new ReshipOrder.Request(order.Id!.Value, [new(1, 2)], ReshipReason.Goodwill);

        var effect = await sending.Assess(request, (await sending.Run(request, default)).Value, default);

        effect.Amount.ShouldBe(new Money(24_20, Currency.Eur));
        effect.Sentence.ShouldBe($"Sends goods of {order.Number} again that were sold for 24.20 EUR.");
    }

    private static Task<Result<ReshipOrder.Answer>> Again(Shop shop, CapturedOrder order, ReshipReason reason, params ReshipOrder.Part[] parts) =>
        shop.Does<ReshipOrder, ReshipOrder.Request, ReshipOrder.Answer>(new(order.Id!.Value, parts, reason));

    private static Task Ships(Shop shop, ReshipOrder.Answer again) => shop.Ships(Order(again));

    private static CapturedOrder Order(ReshipOrder.Answer again) => new("", new Id<Order>(again.Id), again.Order, again.Status, false, again.ShipBy, null, [], [], null, null);
}
