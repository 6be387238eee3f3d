using Keel.Kernel;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class OwnPriceTests
{
    [Fact, Feature("PD-06")]
    public async Task The_same_goods_cost_the_same_online_and_in_the_store_with_the_same_promotion()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 50);
        await shop.Must<CreateChannel, CreateChannel.Request, Done>(new("till", "Store in town", ChannelKind.Till, ["MAIN"]));
        async Task<(long Online, long Store)> Costs() => ((await shop.Takes(("MUG-BL", 3))).Total!.Value.Minor, (await shop.Tries(shop.NewOrder("till", ("MUG-BL", 3)))).Value.Total!.Value.Minor);

        (await Costs()).ShouldBe((36_30, 36_30));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("MUG-BL", 11)]));
        (await Costs()).ShouldBe((33_00, 33_00));
        await PromotedOrderTests.Saves(shop, PromotedOrderTests.Ten());
        (await Costs()).ShouldBe((29_70, 29_70));
        await shop.Proves();
    }

    [Fact, Feature("PD-03", "CR-03")]
    public async Task A_customer_with_prices_of_their_own_pays_those_and_everybody_else_the_lists()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 50);
        var known = shop.NewOrder("webshop", ("MUG-BL", 1));
        await shop.Tries(known);
        var number = await shop.Text($"select number from partners.partner where email = '{known.Customer!.Email}'");
        await shop.Must<SavePriceList, SavePriceList.Request, Saved[]>(new("own", "Of one customer", Customer: number));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("own", [new("MUG-BL", 9m), new("MUG-BL", 8m, MinQuantity: 10)]));

        (await Total(shop, known with { Number = "K-1" })).ShouldBe(9_00);
        (await Total(shop, known with { Number = "K-2", Lines = [known.Lines[0] with { Quantity = 10 }] })).ShouldBe(80_00);
        (await Total(shop, shop.NewOrder("webshop", ("MUG-BL", 1)))).ShouldBe(12_10, "who is somebody else pays what everybody pays");
        var order = (await shop.Tries(known with { Number = "K-3", Lines = [known.Lines[0] with { Sku = "MUG-BL", Price = UnitPrice.Of(9m, Currency.Eur) }] })).Value;

        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.BelowList, CheckEffect.Hold)]));
        (await shop.Tries(known with { Number = "K-4", Lines = [known.Lines[0] with { Price = UnitPrice.Of(9m, Currency.Eur) }] })).Value.Hold.ShouldBeNull("their own price is no price under the list");
        (await shop.Tries(known with { Number = "K-5", Lines = [known.Lines[0] with { Price = UnitPrice.Of(8.5m, Currency.Eur) }] })).Value.Hold.ShouldBe("below-list");

        var added = await shop.Must<ChangeOrder, ChangeOrder.Request, ChangeOrder.Answer>(new(order.Id!.Value, 1, "two more", Added: [new("MUG-BL", 2)]));
        added.Total.ShouldBe(new Money(27_00, Currency.Eur));
        await shop.Proves();
    }

    private static async Task<long> Total(Shop shop, NewOrder order) => (await shop.Tries(order)).Value.Total!.Value.Minor;
}
