using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

public class TwoParcelsStory
{
    [Fact, Feature("OM-01", "OM-33", "AC-16", "AC-40", "IN-05")]
    public async Task A_prepaid_web_order_leaves_in_two_parcels_and_one_piece_comes_back()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 3, worth: 15_00);
        await shop.Stocks("MUG-BL", onHand: 1, worth: 4_00);
        var asked = shop.NewOrder("webshop", ("TEE-M", 2), ("MUG-BL", 3)) with { Payments = [new NewPayment(PaymentKind.Captured, "card", new Money(76_30, Currency.Eur), "PAY-1")] };
        var order = (await shop.Tries(asked)).Value;
        (order.Status, order.Total!.Value.Minor).ShouldBe((OrderStatus.Backordered, 76_30));
        (await shop.Balance("customer-deposits")).ShouldBe(-76_30);

        await shop.Ships(order);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.PartlyShipped);
        (await shop.Text($"select sentence from kernel.work_case where subject_id = '{order.Id}' and state = 'Open'")).ShouldContain("2 × MUG-BL");

        await shop.Stocks("MUG-BL", onHand: 2, worth: 9_00);
        await shop.Delivers();
        (await shop.Number($"select sum(open) from stock.reservation where document_id = '{order.Id}'")).ShouldBe(2_000, "the rest is promised as soon as it arrives");
        (await shop.Number($"select count(*) from kernel.work_case where subject_id = '{order.Id}' and state = 'Open'")).ShouldBe(0);
        await using (var scope = shop.Scope())
        {
            var board = scope.ServiceProvider.GetRequiredService<ShippingBoard>();
            await board.Load(null, DateOnly.FromDateTime(Shop.Morning.UtcDateTime));
            board.ToRelease.Cards.Single().Units.ShouldBe(2, "the floor sees what is left to send");
        }

        await shop.Ships(order);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Number($"select count(*) from sales.invoice where order_id = '{order.Id}'")).ShouldBe(2);
        (await shop.Number($"select sum(gross) from sales.invoice where order_id = '{order.Id}'")).ShouldBe(76_30, "parts add up to the whole");
        (await shop.Balance("customer-deposits"), await shop.Balance("customer-receivable")).ShouldBe((0, 0));

        (await shop.Credits(order, line: 2, quantity: 1)).Gross!.Value.Minor.ShouldBe(12_10);
        await shop.Pays(order, PaymentKind.Refunded, 12_10);

        (await shop.Balance("customer-deposits"), await shop.Balance("gateway-clearing")).ShouldBe((0, 64_20));
        (await shop.Balance("inventory")).ShouldBe(5_00 + 4_33, "one shirt is left, and a mug is back at the cost at which it had left");
        await shop.Proves();
    }
}
