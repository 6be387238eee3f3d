using Keel.Kernel;
using Keel.Pricing.PriceLists;
using Keel.Pricing.Promotions;
using Keel.Sales;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Promotions and coupons on orders: given once, kept on the order, counted to the last one.
public class PromotedOrderTests
{
    [Fact, Feature("PD-04", "PD-13")]
    public async Task What_promotions_take_off_stands_on_each_line_and_is_invoiced_and_credited_in_its_parts()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, worth: 30_00);
        await shop.Stocks("BOWL", 10, worth: 30_00);
        var before = await shop.Takes(("MUG-BL", 3), ("BOWL", 1));
        await Saves(shop, Ten() with { Amount = new Money(5_00, Currency.Eur), Kind = PromotionKind.AmountOff, Percent = null });

        var order = await shop.Takes(("MUG-BL", 3), ("BOWL", 1));

        (before.Total!.Value.Minor - order.Total!.Value.Minor).ShouldBe(5_00);
        (await shop.Number($"select sum(discount) from sales.order_line where order_id = '{order.Id}'")).ShouldBe(5_00);
        (await shop.Text($"select string_agg(promotion || ' ' || name, ', ') from sales.order_discount where order_id = '{order.Id}' and line = 1")).ShouldBe("spring Ten per cent in spring");
        (await shop.Number($"select count(distinct unit_price) from sales.order_line where line = 1")).ShouldBe(1, "the price of the list stays the price");
        await shop.Ships(order);
        (await shop.Number($"select sum(gross) from sales.invoice where order_id = '{order.Id}'")).ShouldBe(order.Total!.Value.Minor);
        await shop.Must<CreditOrders, CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>(new([new CreditOrders.Credit(order.Id!.Value, [new CreditOrders.Part(1, 3), new(2, 1)], "sent back", Location: "MAIN/STOCK")]));
        (await shop.Number($"select sum(case when is_credit then -gross else gross end) from sales.invoice where order_id = '{order.Id}'")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("PD-04")]
    public async Task What_a_channel_states_as_paid_is_a_fact_that_no_promotion_touches()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        await Saves(shop, Ten());

        var stated = await shop.Tries(shop.NewOrder("webshop") with { Lines = [new NewLine("MUG-BL", 1, UnitPrice.Of(9.99m, Currency.Eur))] });
        stated.Value.Total!.Value.Minor.ShouldBe(9_99);
        await shop.TakesFromBazaar(("MUG-BL", 1));
        (await shop.Number("select count(*) from sales.order_discount")).ShouldBe(0);
        var both = await shop.Tries(shop.NewOrder("webshop") with { Lines = [new NewLine("MUG-BL", 1, UnitPrice.Of(9.99m, Currency.Eur)), new NewLine("MUG-BL", 1), new NewLine(null, 1, UnitPrice.Of(4.95m, Currency.Eur), Kind: LineKind.Shipping)] });
        (await shop.Text($"select string_agg(line::text, ',') from sales.order_discount where order_id = '{both.Value.Id}'")).ShouldBe("2");
        await shop.Proves();
    }

    [Fact, Feature("PD-04")]
    public async Task A_coupon_is_given_its_promotion_and_one_that_gives_nothing_is_refused_with_the_reason()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 30);
        await Saves(shop, Ten() with { NeedsCoupon = true, MinQuantity = 2, MaxPerCustomer = 1 });
        await Saves(shop, Ten("till-only") with { NeedsCoupon = true, Channels = "bazaar" });
        await Saves(shop, Ten("later") with { NeedsCoupon = true, FromDay = new DateOnly(2026, 4, 1) });
        await Coupons(shop, ("spring", "Hello-10", null), ("spring", "ONCE", 1), ("till-only", "TILLONLY", null), ("later", "LATER", null));

        (await Tries(shop, 2)).ShouldBe("");
        (await shop.Number("select count(*) from sales.order_discount")).ShouldBe(0, "nobody named a coupon");
        (await Tries(shop, 2, "hello-10")).ShouldBe("");
        (await shop.Text("select string_agg(coupon, ',') from sales.order_discount")).ShouldBe("HELLO-10");
        (await Tries(shop, 1, "HELLO-10")).ShouldBe("The coupon HELLO-10 gives nothing here: it wants 2 or more of what it is for. Leave it out.");
        (await Tries(shop, 2, "HELO-10")).ShouldBe("Nobody knows the coupon HELO-10. Correct it, or leave it out.");
        (await Tries(shop, 2, "TILLONLY")).ShouldBe("The coupon TILLONLY gives nothing here: it has ended, or is not for webshop. Leave it out.");
        (await Tries(shop, 2, "LATER")).ShouldBe("The coupon LATER gives nothing here: it begins on 2026-04-01. Leave it out.");
        (await Tries(shop, 2, "ONCE")).ShouldBe("");
        (await Tries(shop, 2, "ONCE")).ShouldBe("The coupon ONCE gives nothing here: it was used already. Leave it out.");
        var again = shop.NewOrder("webshop", ("MUG-BL", 2)) with { Coupons = ["HELLO-10"] };
        again = again with { Customer = again.Customer! with { Email = "CUSTOMER2@example.org" } };
        (await shop.Tries(again)).Error!.Message.ShouldBe("The coupon HELLO-10 gives nothing here: this customer was given it as often as each may be. Leave it out.");
        (await shop.Number("select count(*) from sales.orders")).ShouldBe(3);
        var stated = await shop.Tries(shop.NewOrder("webshop") with { Lines = [new NewLine("MUG-BL", 1, UnitPrice.Of(9.99m, Currency.Eur))], Coupons = ["HELLO-10"] });
        stated.Error!.Message.ShouldBe("The coupon HELLO-10 gives nothing here: each price of the order was stated, and is what is paid. Leave it out.");
        (await Tries(shop, 1, "", " ")).ShouldBe("", "a field left empty names none");
        await shop.Proves();
    }

    [Fact, Feature("PD-04")]
    public async Task The_last_of_a_limited_promotion_is_given_once_and_a_cancelled_order_gives_it_back()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 100);
        await Saves(shop, Ten() with { MaxUses = 4 });

        var orders = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => shop.Takes(("MUG-BL", 1))));

        (await shop.Number("select count(*) from sales.order_discount")).ShouldBe(4);
        (await shop.Number("select count(*) from pricing.promotion_use")).ShouldBe(4);
        var given = Guid.Parse(await shop.Text("select order_id from sales.order_discount limit 1"));
        await shop.Cancels(orders.Single(o => o.Id!.Value.Value == given));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.Takes(("MUG-BL", 1))));
        (await shop.Number("select count(*) from pricing.promotion_use where given_back_at is null")).ShouldBe(4);
        (await shop.Number("select count(*) from sales.order_discount")).ShouldBe(5);
        await shop.Proves();
    }

    [Fact, Feature("PD-04")]
    public async Task A_refused_order_of_a_list_takes_nothing_of_the_limit_and_amounts_are_meant_as_the_channel_states_its_prices()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 100);
        await Saves(shop, Ten() with { MaxUses = 1, NeedsCoupon = true });
        await Saves(shop, Ten("five-off") with { Kind = PromotionKind.AmountOff, Percent = null, Amount = new Money(5_00, Currency.Eur), NeedsCoupon = true });
        await Coupons(shop, ("spring", "HELLO", null), ("five-off", "FIVE", null));
        var list = new[] { shop.NewOrder("webshop", ("MUG-BL", 1)) with { Coupons = ["HELLO", "NOBODY-KNOWS"] }, shop.NewOrder("webshop", ("MUG-BL", 1)) with { Coupons = ["HELLO"] } };

        var answers = await shop.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new(list));

        (answers[0].Refused?.Code, answers[1].Refused).ShouldBe(("coupon.unknown", null));
        (await shop.Number("select count(*) from pricing.promotion_use")).ShouldBe(1);
        (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 1)) with { Coupons = ["FIVE"], PricesIncludeTax = false })).Error!.Code.ShouldBe("coupon.void", "five off with tax is not five off without");
        (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 1)) with { Coupons = ["FIVE"] })).Ok.ShouldBeTrue();
        await shop.Proves();
    }

    [Fact, Feature("PD-03")]
    public async Task A_list_without_tax_is_charged_with_tax_where_the_channel_states_prices_with_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        await shop.Must<SavePriceList, SavePriceList.Request, Saved[]>(new("trade", "Trade, without tax", IncludesTax: false, Priority: 900));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("trade", [new("MUG-BL", 10m)]));

        var order = await shop.Takes(("MUG-BL", 1));

        order.Total!.Value.Minor.ShouldBe(12_10, "ten and 21 per cent of it");
        (await shop.Number($"select net from sales.orders where id = '{order.Id}'")).ShouldBe(10_00);
        await shop.Proves();
    }

    [Fact, Feature("PD-04", "PD-05")]
    public async Task A_promotion_that_cannot_be_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        (await Refused(shop, Ten() with { Percent = null })).ShouldBe("Say how many per cent come off.");
        (await Refused(shop, Ten() with { ToDay = new DateOnly(2026, 2, 1) })).ShouldBe("The promotion ends before it begins. Correct one of the days.");
        (await Refused(shop, Ten() with { Skus = "MUG-BL, NOBODY" })).ShouldBe("There is no product NOBODY. Create it in the catalogue first.");
        (await Refused(shop, Ten() with { Channels = "moon" })).ShouldBe("There is no channel moon. Choose one of the list.");
        (await Refused(shop, Ten() with { Categories = "nothing-like-it" })).ShouldBe("There is no category nothing-like-it. Choose one of the list.");
        (await Refused(shop, Ten() with { Kind = PromotionKind.ByQuantity, Tiers = "3 ten" })).ShouldBe("Steps are a quantity and per cent each, such as 3: 10, 6: 15.");
        (await Refused(shop, Ten() with { Kind = PromotionKind.FixedPrice, Amount = new Money(5_00, Currency.Eur), Skus = " , " })).ShouldStartWith("Say which products, or which categories");
        (await Refused(shop, Ten() with { Kind = PromotionKind.Bundle, Skus = "MUG-BL", Amount = new Money(5_00, Currency.Eur) })).ShouldStartWith("Say which two products or more make the bundle");
        await Saves(shop, Ten());
        (await Refused(shop, Ten() with { Version = 4 })).ShouldBe("Somebody changed this promotion meanwhile. Look at it again, then save.");
        await Coupons(shop, ("spring", "HELLO", null));
        (await shop.Does<AddCoupons, AddCoupons.Request, Saved[]>(new([new("spring", "hello")]))).Error!.Message.ShouldBe("The coupon HELLO is there already. Choose another word.");
        (await shop.Does<AddCoupons, AddCoupons.Request, Saved[]>(new([new("summer", "SUN")]))).Error!.Message.ShouldBe("There is no promotion summer. Create it first.");
    }

    internal static SavePromotion.Request Ten(string code = "spring") => new(code, "Ten per cent in spring", PromotionKind.Percent, "Mary", new DateOnly(2026, 3, 1), Percent: 10);

    internal static Task<Saved[]> Saves(Shop shop, SavePromotion.Request promotion) => shop.Must<SavePromotion, SavePromotion.Request, Saved[]>(promotion);

    private static Task<Saved[]> Coupons(Shop shop, params (string Promotion, string Code, int? MaxUses)[] coupons) =>
        shop.Must<AddCoupons, AddCoupons.Request, Saved[]>(new([.. coupons.Select(c => new AddCoupons.Item(c.Promotion, c.Code, c.MaxUses))]));

    private static async Task<string> Tries(Shop shop, int units, params string[] coupons) => (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", units)) with { Coupons = coupons })).Error?.Message ?? "";

    private static async Task<string> Refused(Shop shop, SavePromotion.Request promotion) => (await shop.Does<SavePromotion, SavePromotion.Request, Saved[]>(promotion)).Error?.Message ?? "";
}
