using System.Text.Json;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class WaitingOrdersTests
{
    [Fact, Feature("IN-08")]
    public async Task Everybody_who_waits_is_served_however_many_they_are()
    {
        await using var shop = await Shop.Open();
        var waiting = ReserveWaiting.Most + 20;
        var taken = await shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([.. Enumerable.Range(0, waiting).Select(_ => shop.NewOrder("webshop", ("TEE-M", 1)))]));
        taken.Value.ShouldAllBe(o => o.Status == OrderStatus.Backordered);

        await shop.Stocks("TEE-M", onHand: waiting - 5);
        await shop.Services.GetRequiredService<OutboxDispatcher>().Drain();

        (await shop.Number("select count(*) from sales.orders where status = 'Reserved'")).ShouldBe(waiting - 5);
        (await shop.Number("select count(*) from sales.orders where status = 'Backordered'")).ShouldBe(5);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(waiting - 5);
    }

    [Fact, Feature("IN-05")]
    public async Task Where_goods_are_set_aside_at_payment_the_payment_sets_them_aside()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        (await shop.Does<SetPolicy, SetPolicy.Request, int>(new(ReservationTiming.Kind, JsonSerializer.SerializeToElement(new { when = "AtPayment" }), "operations"))).Ok.ShouldBeTrue();
        var order = await shop.Takes(("TEE-M", 2));
        order.Status.ShouldBe(OrderStatus.Confirmed);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(0);

        var paid = await shop.Does<RecordPayments, RecordPayments.Request, IReadOnlyList<RecordPayments.Answer>>(
            new([new RecordPayments.Fact(order.Id!.Value, PaymentKind.Captured, "card", order.Total!.Value, "pay-1")]));

        paid.Value[0].Booked.ShouldBeTrue();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(2);
    }
}
