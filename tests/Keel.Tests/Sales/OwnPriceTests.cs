using Keel.Kernel;
using Keel.Partners.Customers;
using Keel.Pricing.PriceLists;
using Keel.Pricing.Promotions;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact, Feature("PD-03", "PD-04", "CR-03")]
    public async Task Customers_of_a_class_pay_its_list_are_given_its_promotions_and_the_desk_is_told_so_while_it_types()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 50);
        await shop.Stocks("BOWL", 50);
        var known = shop.NewOrder("webshop", ("MUG-BL", 1));
        await shop.Tries(known);
        var number = await shop.Text($"select number from partners.partner where email = '{known.Customer!.Email}'");
        await shop.Must<ClassifyCustomers, ClassifyCustomers.Request, Saved[]>(new([number], Class: "b2b"));
        await shop.Must<SavePriceList, SavePriceList.Request, Saved[]>(new("trade", "Trade", CustomerClass: "b2b"));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("trade", [new("MUG-BL", 10m)]));
        await shop.Must<SavePromotion, SavePromotion.Request, Saved[]>(new("bowls", "Bowls for the trade", PromotionKind.Percent, "Sales", new(2026, 3, 1), Percent: 50, Skus: "BOWL", CustomerClasses: "b2b, chain"));
        await shop.Must<SavePromotion, SavePromotion.Request, Saved[]>(new("card", "With a card", PromotionKind.Percent, "Sales", new(2026, 3, 1), Percent: 10, NeedsCoupon: true, CustomerClasses: "dealer"));
        await shop.Must<AddCoupons, AddCoupons.Request, Saved[]>(new([new("card", "DEALER10")]));

        (await Total(shop, shop.NewOrder("webshop", ("MUG-BL", 1), ("BOWL", 1)))).ShouldBe(36_30, "everybody else");
        (await Total(shop, known with { Number = "K-1", Lines = shop.NewOrder("webshop", ("MUG-BL", 1), ("BOWL", 1)).Lines })).ShouldBe(22_10);
        (await shop.Tries(known with { Number = "K-2", Coupons = ["DEALER10"] })).Error!.Message.ShouldContain("it is for customers of the class dealer only");

        await using var scope = shop.Scope();
        var desk = scope.ServiceProvider.GetRequiredService<OfferDesk>();
        (await desk.Of("webshop", [("MUG-BL", 1)], known.Customer.Email))[0].Price.ShouldBe("10.00");
        (await desk.Of("webshop", [("MUG-BL", 1)], "nobody@example.org"))[0].Price.ShouldBe("12.10");
        await shop.Proves();
    }

    [Fact, Feature("CR-03", "OM-03")]
    public async Task An_order_below_the_minimum_waits_whether_it_is_its_value_its_units_or_its_multiple()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 100);
        await shop.Stocks("BOWL", 100);
        await shop.Chooses(OrderChecks.Kind, new OrderChecks(
        [
            new(CheckKind.BelowMinimum, CheckEffect.Hold, ["webshop"], From: new Money(40_00, Currency.Eur)), new(CheckKind.BelowMinimum, CheckEffect.Hold, ["webshop"], Units: 6, Goods: ["MUG-BL"], Multiple: 3),
        ]));
        async Task<string?> Hold(params (Sku, int)[] lines) => (await shop.Tries(shop.NewOrder("webshop", lines))).Value.Hold;

        (await Hold(("BOWL", 1))).ShouldBe("below-minimum");
        (await Hold(("BOWL", 2))).ShouldBeNull();
        (await Hold(("BOWL", 2), ("MUG-BL", 5))).ShouldBe("below-minimum");
        (await Hold(("MUG-BL", 7))).ShouldBe("below-minimum");
        (await Hold(("MUG-BL", 9))).ShouldBeNull();
        async Task<long> Cases(string says) => await shop.Number($"select count(*) from kernel.work_case where kind = 'order-below-minimum' and sentence like '%{says}.'");
        (await Cases("the least is 40.00 EUR"), await Cases("the least is 6"), await Cases("it is sold in multiples of 3")).ShouldBe((1, 1, 1));
    }

    private static async Task<long> Total(Shop shop, NewOrder order) => (await shop.Tries(order)).Value.Total!.Value.Minor;
}
