using Keel.Pricing.Promotions;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class PromotionPagesTests
{
    [Fact, Feature("PD-04", "PD-05")]
    public async Task A_merchandiser_makes_a_promotion_with_a_coupon_and_the_desk_sells_with_it()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations");
        await shop.Stocks("MUG-BL", 30, worth: 90_00);

        await site.Goes("/promotions");
        await site.Sees("No promotions yet");
        await site.Follows("New promotion");
        await site.Sees("What is it to do?");
        await site.Pictures("promotion-kinds");
        await site.Follows("Per cent off each line");
        await site.Page.FillAsync("[name=code]", "spring");
        await site.Page.FillAsync("[name=name]", "Ten per cent in spring");
        await site.Page.FillAsync("[name=percent]", "10");
        await site.Page.FillAsync("[name=skus]", "MUG-BL");
        await site.Page.CheckAsync("[name=needsCoupon][type=checkbox]");
        await site.Pictures("promotion-new");
        await site.Presses("Create the promotion");
        await site.Sees("Add its coupons");
        await site.Pictures("promotions");
        await site.Goes("/promotions/coupons?promotion=spring");
        await site.Follows("Add coupons");
        await site.Page.FillAsync("[name='coupons[0].code']", "hello-10");
        await site.Presses("Add");
        await site.Sees("HELLO-10");
        await site.Pictures("coupons");

        var order = await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 2)) with { Coupons = ["hello-10"] });
        await site.Goes($"/orders/{order.Value.Id}");
        await site.Sees("Ten per cent in spring (HELLO-10)");
        await site.Pictures("order-promoted");
        await site.Goes("/promotions/uses");
        await site.Sees(order.Value.Number!);
        await site.Pictures("promotion-uses");
        await site.Goes("/promotions");
        await site.Follows("Try on past orders");
        await site.Page.SelectOptionAsync("[name=promotion]", "spring");
        await site.Presses("What would it have done?");
        await site.Sees("1 of 1 orders would have been given Ten per cent in spring.");
        await site.Pictures("promotion-trial");
        await site.Goes("/orders/new");
        await site.Sees("Coupon");
        await site.Pictures("order-form-coupon");

        await site.Goes("/promotions/edit?code=spring");
        await site.Page.FillAsync("[name=percent]", "15");
        await site.Pictures("promotion-edit");
        await site.Presses("Save");
        await site.Sees("Ten per cent in spring");
        (await shop.Text("select percent::text || ' ' || version from pricing.promotion")).ShouldBe("15 2");
        await site.Page.SetViewportSizeAsync(390, 844);
        await site.Goes("/promotions");
        await site.Pictures("promotions-phone", dark: true);
        (await site.TooWide()).ShouldBe(0);
    }
}
