using Keel.Pricing.Promotions;
using Keel.Sales;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class PromotionTrialTests
{
    [Fact, Feature("PD-04", "PD-05", "PD-09")]
    public async Task A_promotion_says_before_it_begins_what_it_would_have_taken_off_what_sells_below_cost_and_what_is_lacking()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", onHand: 20, worth: 160_00);
        await shop.Stocks("BOWL", onHand: 20, worth: 40_00);
        await shop.Takes(("MUG-BL", 2), ("BOWL", 1));
        await shop.Takes(("BOWL", 3));
        var gone = await shop.Takes(("MUG-BL", 5));
        await shop.Cancels(gone);
        await shop.TakesFromBazaar(("MUG-BL", 1));
        await shop.Must<SavePromotion, SavePromotion.Request, Saved[]>(new("half", "Half price mugs", PromotionKind.Percent, "Anna", new DateOnly(2026, 6, 1), Percent: 50, Skus: "MUG-BL", ExpectedUnits: 30, NeedsCoupon: true));

        var tried = await Try(shop, "half");

        (tried!.Orders, tried.Given, tried.TakenOff.ToString()).ShouldBe((2, 1, "12.10 EUR"));
        (tried.Before - tried.After).ToString().ShouldBe("10.00 EUR", "12.10 with 21 % tax");
        var mug = tried.Products.Single();
        (mug.Sku.Text, mug.Sold, mug.Before.ToString(), mug.After.ToString(), mug.Cost!.Value.ToString()).ShouldBe(("MUG-BL", (Quantity)2, "20.00 EUR", "10.00 EUR", "16.00 EUR"));
        mug.IsBelowCost.ShouldBeTrue();
        (tried.Available, tried.Lacking).ShouldBe((17, 13), "three are promised, and thirty are expected to be sold");
        (await shop.Number("select count(*) from pricing.promotion_use")).ShouldBe(0, "nothing was given");
        (await Try(shop, "nobody")).ShouldBeNull();
    }

    private static async Task<PromotionTrial.Answer?> Try(Shop shop, string code)
    {
        await using var scope = shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<PromotionTrial>().Try(code, 30);
    }
}
