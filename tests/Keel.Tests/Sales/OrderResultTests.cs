using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class OrderResultTests
{
    [Fact, Feature("OM-36", "OM-38")]
    public async Task What_an_order_brings_is_expected_at_first_and_then_what_it_was()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, worth: 40_00);
        await shop.Chooses(OrderCosts.Kind, new OrderCosts(
        [
            new ChannelCost("webshop", PaymentPercent: 1.5m, PaymentFixed: Euro(25), Parcel: Euro(4_00), ReturnPercent: 10, Return: Euro(5_00)),
            new ChannelCost(null, FeePercent: 15, Parcel: Euro(3_00)),
        ]));
        var order = await shop.Takes(("MUG-BL", 2));
        var bazaar = await shop.TakesFromBazaar(("MUG-BL", 1));

        // 24.20 with tax are 20.00 without; two mugs cost 4.00 each; 1.5 % of 24.20 and 0.25; nobody knows the way; a tenth of 5.00.
        (await Of(shop, order)).ShouldBe("2000 0 800 0 61 400 50 689 34.5 False");
        (await Of(shop, bazaar)).ShouldBe("1000 0 400 182 0 300 0 118 11.8 False");

        await shop.Stocks("MUG-BL", 8, worth: 80_00);
        (await Of(shop, order)).ShouldStartWith("2000 0 1333 ", customMessage: "what has not left costs what it costs now");
        await shop.Ships(order);
        await shop.Stocks("MUG-BL", 8, worth: 160_00);
        (await Of(shop, order)).ShouldBe("2000 0 1333 0 61 400 50 156 7.8 True");
        await shop.Proves();
    }

    [Fact, Feature("OM-36")]
    public async Task What_was_cancelled_counts_for_nothing_and_what_came_back_costs_its_return()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, worth: 40_00);
        await shop.Chooses(OrderCosts.Kind, new OrderCosts([new ChannelCost(null, FeePercent: 10, Parcel: Euro(3_00), Return: Euro(5_00))]));
        var (gone, back) = (await shop.Takes(("MUG-BL", 2)), await shop.Takes(("MUG-BL", 2)));

        await shop.Cancels(gone);
        (await Of(shop, gone)).ShouldBe("0 0 0 0 0 0 0 0  True");

        await shop.Ships(back);
        await shop.Must<CreditOrders, CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>(new([new(back.Id!.Value, [new(1, 1)], "did not please")]));
        (await Of(shop, back)).ShouldBe("2000 1000 400 242 0 300 500 -442 -44.2 True");
        await shop.Proves();
    }

    [Fact, Feature("OM-36")]
    public async Task What_nobody_has_bought_yet_has_no_cost_and_no_margin_is_claimed()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("NEW", "New cup"));
        var order = await shop.Takes(("NEW", 1));

        var row = (await shop.Rows<OrderResults, OrderResults.Row>($"order={order.Id}")).Single();

        (row.Unknown, row.Percent, row.Goods.Minor).ShouldBe((1, null, 0));
    }

    private static async Task<string> Of(Shop shop, CapturedOrder order)
    {
        var row = (await shop.Rows<OrderResults, OrderResults.Row>($"order={order.Id}")).Single();
        return FormattableString.Invariant($"{row.Revenue.Minor} {row.Credited.Minor} {row.Goods.Minor} {row.Fee.Minor} {row.PaymentFee.Minor} {row.Parcels.Minor} {row.Returns.Minor} {row.Result.Minor} {row.Percent} {row.HasLeft}");
    }

    private static Money Euro(long cents) => new(cents, Currency.Eur);
}
