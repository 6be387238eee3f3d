using Keel.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class PlaceOrderTests
{
    [Fact, Feature("IN-04", "IN-08")]
    public async Task Twenty_orders_for_ten_shirts_never_promise_an_eleventh()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 10);

        var orders = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.Takes(("TEE-M", 1))));

        orders.Count(o => o.Status is OrderStatus.Reserved).ShouldBe(10);
        orders.Count(o => o.Status is OrderStatus.Backordered).ShouldBe(10);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(10);
    }

    [Fact, Feature("OM-04")]
    public async Task The_same_order_delivered_twice_is_one_order()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 10);
        var order = shop.NewOrder("webshop", ("TEE-M", 2));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.Tries(order)));

        answers.Select(a => a.Value.Number).Distinct().Count().ShouldBe(1);
        answers.Count(a => !a.Value.Duplicate).ShouldBe(1);
        (await shop.Position("TEE-M")).Reserved.ShouldBe(2);
    }

    [Fact, Feature("AC-02", "AC-06", "AC-09")]
    public async Task Goods_and_books_move_together()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 3, worth: 10_00);
        var order = await shop.Takes(("TEE-M", 1));

        var shipped = await shop.Ships(order);

        shipped.Why.ShouldBeNull();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(3_33);
        (await shop.Balance("inventory")).ShouldBe(6_67);
        (await shop.Position("TEE-M")).OnHand.ShouldBe(2);
    }

    [Fact, Feature("IN-31")]
    public async Task A_count_below_what_is_promised_displaces_the_weakest_promise()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 3);
        var strong = await shop.TakesFromBazaar(("TEE-M", 2));
        var weak = await shop.Takes(("TEE-M", 1));

        var counted = await shop.Counts("MAIN/STOCK", "TEE-M", found: 2);

        counted.Ok.ShouldBeTrue();
        (await shop.Position("TEE-M")).Reserved.ShouldBe(2);
        (await shop.Number($"select count(*) from kernel.work_case where kind = 'promise-displaced' and subject_id = '{weak.Id}'")).ShouldBe(1);
        (await shop.Number($"select sum(open)::bigint from stock.reservation where document_id = '{strong.Id}'")).ShouldBe(2000);
    }
}
