using Keel.Sales;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class CreditOrdersTests
{
    [Fact, Feature("AC-02")]
    public async Task What_comes_back_in_parts_adds_up_to_what_was_sold_and_to_what_it_cost()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 3, worth: 10_00);
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Ships(order);

        for (var i = 1; i <= 3; i++) (await Credits(shop, order, 1, $"R-{i}")).Why.ShouldBeNull();

        (await shop.Balance("cost-of-goods-sold")).ShouldBe(0);
        (await shop.Balance("inventory")).ShouldBe(10_00);
        (await shop.Balance("customer-receivable")).ShouldBe(0);
        (await shop.Number($"select invoiced from sales.orders where id = '{order.Id}'")).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_credit_delivered_twice_is_one_credit_note()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 3);
        var order = await shop.Takes(("TEE-M", 3));
        await shop.Ships(order);

        var first = await Credits(shop, order, 1, "R-1");
        var again = await Credits(shop, order, 1, "R-1");

        first.CreditNote.ShouldNotBeNull();
        again.CreditNote.ShouldBeNull();
        (await shop.Number("select count(*) from sales.invoice where is_credit")).ShouldBe(1);
    }

    [Fact]
    public async Task More_than_was_shipped_is_not_credited()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 3);
        var order = await shop.Takes(("TEE-M", 2));
        var early = await Credits(shop, order, 1, "R-0");
        await shop.Ships(order);

        var tooMany = await Credits(shop, order, 3, "R-1");

        early.Why!.ShouldContain("not invoiced yet");
        tooMany.Why!.ShouldContain("only 2");
        (await shop.Number("select count(*) from sales.invoice where is_credit")).ShouldBe(0);
    }

    [Fact]
    public async Task Goods_that_the_customer_keeps_stay_sold()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 2, worth: 10_00);
        var order = await shop.Takes(("TEE-M", 2));
        await shop.Ships(order);

        await Credits(shop, order, 1, "R-1", goodsBack: false);

        (await shop.Balance("cost-of-goods-sold")).ShouldBe(10_00);
        (await shop.Position("TEE-M")).OnHand.ShouldBe(0);
    }

    private static async Task<CreditOrders.Answer> Credits(Shop shop, CapturedOrder order, int quantity, string reference, bool goodsBack = true)
    {
        var answers = await shop.Does<CreditOrders, CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>(
            new([new CreditOrders.Credit(order.Id!.Value, [new CreditOrders.Part(1, quantity, goodsBack)], "too small", reference)]));
        return answers.Value[0];
    }
}
