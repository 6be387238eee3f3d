using Keel.Pricing.Contract;
using Keel.Pricing.PriceLists;
using Keel.Pricing.Taxes;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Pricing;

public class PriceTests
{
    private static readonly DateOnly Today = new(2026, 3, 10);

    /// Half past midnight in Amsterdam is yesterday in Greenwich.
    [Fact]
    public async Task A_price_set_after_midnight_holds_at_once_where_the_company_is()
    {
        await using var shop = await Shop.Open();
        shop.Clock.StepTo(new DateTimeOffset(2026, 3, 10, 23, 30, 0, TimeSpan.Zero));
        await shop.Sells(new("LATE", "Night light"));

        (await shop.Takes(("LATE", 1))).Total.ShouldBe(Money.Of(10, Currency.Eur));
        (await shop.Text("select from_day::text from pricing.price where sku = 'LATE'")).ShouldBe("2026-03-11");
    }

    [Fact, Feature("PD-03")]
    public async Task The_more_special_list_goes_first()
    {
        await using var shop = await Shop.Open();
        await shop.Lists(new("web", "Web", Channel: "webshop"), new SetPrices.Item("BOWL", 22));
        await shop.Lists(new("hotel", "Hotel", Customer: "P-2026-000009", IncludesTax: false), new SetPrices.Item("BOWL", 15));

        var book = await shop.Prices("webshop", "BOWL", Today, new Buyer("P-2026-000009"));

        book.Find("webshop", "BOWL", 1, Currency.Eur)!.Price.Price.ShouldBe(22);
        book.Find("webshop", "BOWL", 1, Currency.Eur, new("P-2026-000009"))
            .ShouldBe(new ListPrice(UnitPrice.Of(15, Currency.Eur), false, "hotel"));
        book.Find("till", "BOWL", 1, Currency.Eur)!.List.ShouldBe("retail");
        book.Find("webshop", "BOWL", 1, Currency.Gbp).ShouldBeNull();
    }

    [Fact, Feature("PD-03", "MD-12")]
    public async Task A_price_holds_from_its_quantity_and_its_day_until_another_begins()
    {
        await using var shop = await Shop.Open();
        await shop.Lists(new("retail", "Retail"),
            new("BOWL", 20, MinQuantity: 10), new("BOWL", 18, From: Today.AddDays(5), To: Today.AddDays(6)),
            new("BOWL", 26, From: Today.AddDays(20)));

        async Task<decimal> Costs(int quantity, int inDays) =>
            (await shop.Prices("webshop", "BOWL", Today.AddDays(inDays))).Find("webshop", "BOWL", quantity, Currency.Eur)!.Price.Price;

        (await Costs(1, 0)).ShouldBe(24.20m);
        (await Costs(12, 0)).ShouldBe(20);
        (await Costs(1, 5)).ShouldBe(18);
        (await Costs(1, 7)).ShouldBe(24.20m);
        (await Costs(1, 20)).ShouldBe(26);
    }

    [Fact, Feature("PD-03")]
    public async Task A_list_for_a_class_of_customers_goes_before_a_channels_and_behind_the_customers_own()
    {
        await using var shop = await Shop.Open();
        await shop.Lists(new("web", "Web", Channel: "webshop", Priority: 900), new SetPrices.Item("BOWL", 22), new SetPrices.Item("MUG-BL", 11));
        await shop.Lists(new("trade", "Trade", CustomerClass: "b2b"), new SetPrices.Item("BOWL", 17), new SetPrices.Item("MUG-BL", 9));
        await shop.Lists(new("hotel", "Hotel", Customer: "P-2026-000009"), new SetPrices.Item("BOWL", 15));

        var book = await shop.Prices("webshop", "BOWL", Today, new Buyer("P-2026-000009", "b2b"), new Buyer("P-2026-000010"));

        book.Find("webshop", "BOWL", 1, Currency.Eur, new("P-2026-000009", "b2b"))!.List.ShouldBe("hotel");
        book.Find("webshop", "BOWL", 1, Currency.Eur, new("P-2026-000011", "b2b"))!.List.ShouldBe("trade");
        book.Find("webshop", "BOWL", 1, Currency.Eur, new("P-2026-000011", "chain"))!.List.ShouldBe("web");
        book.Find("webshop", "BOWL", 1, Currency.Eur, new("P-2026-000010"))!.List.ShouldBe("web");
    }

    [Fact, Feature("PD-03")]
    public async Task Two_lists_for_the_same_customers_on_the_same_days_differ_by_their_priority()
    {
        await using var shop = await Shop.Open();
        async Task<string?> Why(SavePriceList.Request list) => (await shop.Does<SavePriceList, SavePriceList.Request, Saved[]>(list)).Error?.Code;
        (await Why(new("spring", "Spring", CustomerClass: "b2b", ValidTo: Today.AddDays(30)))).ShouldBeNull();

        (await Why(new("easter", "Easter", CustomerClass: "b2b", ValidFrom: Today.AddDays(30)))).ShouldBe("price-list.overlaps");
        (await Why(new("easter", "Easter", CustomerClass: "b2b", ValidFrom: Today.AddDays(30), Priority: 200))).ShouldBeNull();
        (await Why(new("summer", "Summer", CustomerClass: "b2b", ValidFrom: Today.AddDays(31)))).ShouldBeNull();
        (await Why(new("chains", "Chains", CustomerClass: "chain"))).ShouldBeNull();
        (await Why(new("dollars", "Dollars", Currency.Of("USD"), CustomerClass: "chain"))).ShouldBeNull();
        (await Why(new("summer", "Summer", CustomerClass: "b2b", ValidFrom: Today))).ShouldBe("price-list.overlaps", "a change is looked at as a new one is");
        (await Why(new("odd", "Odd", Customer: "P-1", CustomerClass: "b2b"))).ShouldBe("price-list.customer-and-class");
    }

    [Fact, Feature("PD-03")]
    public async Task Prices_whose_days_cross_are_refused_and_one_may_interrupt_another()
    {
        await using var shop = await Shop.Open();
        SetPrices.Item Bowl(decimal price, int from, int? to, decimal least = 0.001m) => new("BOWL", price, Quantity.Of(least), Today.AddDays(from), to is { } last ? Today.AddDays(last) : null);

        var saved = await shop.Lists(new("retail", "Retail"), Bowl(20, 10, 20), Bowl(18, 12, 14), Bowl(19, 15, 25), Bowl(17, 5, 12), Bowl(16, 21, 25), Bowl(30, 18, null), Bowl(15, 15, 25, 10));

        saved.Select(s => s.Refusal?.Code).ShouldBe([null, null, "price.days-cross", "price.days-cross", null, null, null]);
        saved[2].Refusal!.Message.ShouldContain("from 2026-03-20 to 2026-03-30 overlaps");
        (await shop.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [Bowl(20, 10, 13)]))).Error!.Code.ShouldBe("price.days-cross", "what was interrupted would end within");
    }

    [Fact, Feature("PD-03")]
    public async Task A_wrong_price_is_refused_and_the_others_are_set()
    {
        await using var shop = await Shop.Open();

        var saved = await shop.Lists(new("retail", "Retail"), new("BOWL", 25), new("NONE", 1), new("TEE-M", 1.0000001m), new("BOWL", 26),
            new("MUG-BL", 9, From: Today, To: Today.AddDays(-1)));

        saved.Select(s => s.Refusal?.Code).ShouldBe([null, "product.unknown", "price.too-fine", "price.twice",
            "price.ends-before-it-begins"]);
    }

    [Theory, Feature("AC-04", "AC-29")]
    [InlineData("NL", false, false, "NL", "domestic", LiableParty.Us, 21)]
    [InlineData("DE", false, false, "DE", "oss", LiableParty.Us, 19)]
    [InlineData("DE", true, false, "DE", "reverse-charge", LiableParty.Customer, 0)]
    [InlineData("DE", false, true, "DE", "oss", LiableParty.Marketplace, 19)]
    [InlineData("US", false, false, "US", "export", LiableParty.Us, 0)]
    [InlineData("GB", false, true, "GB", "marketplace", LiableParty.Marketplace, 20)]
    public async Task The_place_decides_who_taxes(string to, bool hasVatId, bool isCollected, string jurisdiction, string scheme,
        LiableParty liable, int rate)
    {
        await using var shop = await Shop.Open();
        var taxes = await shop.Taxes();

        var terms = taxes.Terms(new TaxSituation("NL", to, Today) { HasCheckedVatId = hasVatId, MarketplaceCollects = isCollected },
            Currency.Eur, true);

        (terms.Jurisdiction, terms.Scheme, terms.Liable, terms.RateOf("standard")).ShouldBe((jurisdiction, scheme, liable, rate));
    }

    [Fact, Feature("AC-04")]
    public async Task A_rate_holds_from_its_day_and_is_known_at_once()
    {
        await using var shop = await Shop.Open();
        decimal Rate(TaxTable taxes, DateOnly day) => taxes.Terms(new TaxSituation("NL", "NL", day), Currency.Eur, true).RateOf("standard");
        Rate(await shop.Taxes(), Today).ShouldBe(21);

        await shop.Does<SetTaxRates, SetTaxRates.Request, Saved[]>(new([new("NL", "standard", 22.5m, Today.AddDays(1))]));

        var taxes = await shop.Taxes();
        (Rate(taxes, Today), Rate(taxes, Today.AddDays(1))).ShouldBe((21m, 22.5m));
        var german = taxes.Terms(new TaxSituation("NL", "DE", new DateOnly(2020, 8, 1)), Currency.Eur, true);
        (german.RateOf("standard"), german.RateOf("reduced")).ShouldBe((16m, 5m));
    }
}

internal static class PriceVerbs
{
    /// Somebody makes a price list and sets its prices.
    public static async Task<Saved[]> Lists(this Shop shop, SavePriceList.Request list, params SetPrices.Item[] prices)
    {
        (await shop.Does<SavePriceList, SavePriceList.Request, Saved[]>(list)).Ok.ShouldBeTrue();
        return (await shop.Does<SetPrices, SetPrices.Request, Saved[]>(new(list.Code, prices))).Value;
    }

    public static async Task<PriceBook> Prices(this Shop shop, ChannelCode channel, Sku sku, DateOnly day, params Buyer[] buyers)
    {
        await using var scope = shop.Scope();
        var asked = scope.ServiceProvider.GetRequiredService<PricingDesk>().Ask([channel], [sku], day, buyers);
        await scope.ServiceProvider.GetRequiredService<KeelDb>().Flush();
        return asked.Value;
    }

    public static async Task<TaxTable> Taxes(this Shop shop)
    {
        await using var scope = shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<PricingDesk>().Taxes();
    }
}
