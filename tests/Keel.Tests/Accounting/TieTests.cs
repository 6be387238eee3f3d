using Keel.Accounting;
using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Ledger;
using Keel.Pricing.PriceLists;
using Keel.Stock;
using Keel.Tests.Stock;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Accounting;

/// Inventory tied out: today, at the end of a day, with what is on its way, and product by product; and what should be written down.
public class TieTests
{
    [Fact, Feature("AC-09", "AC-38")]
    public async Task What_goods_are_worth_is_what_the_ledger_says_by_category_and_on_the_way()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("LENS", "Lens", Attributes: new Dictionary<string, string> { ["category"] = "optics" }));
        await shop.Stocks("LENS", 4, worth: 10_00);
        await shop.Stocks("MUG-BL", 3, worth: 10_00);
        await Sends(shop, "MUG-BL", 1);
        var owner = await OwnerTests.Agrees(shop, ("BOWL", 3m));
        await OwnerTests.Receives(shop, owner, ("BOWL", 10));

        var tie = await Ties(shop);
        (tie.Book.OnHand.Minor, tie.Book.InTransit.Minor, tie.Book.Whole.Minor).ShouldBe((16_67, 3_33, 20_00));
        (tie.Ledger.Minor, tie.Difference.Minor).ShouldBe((20_00, 0));
        tie.Categories.Select(c => $"{c.Category} {c.Products} {c.Value.Minor}").ShouldBe(["optics 1 1000", " 1 1000"]);
        (tie.OfOthers.Products, (int)tie.OfOthers.Units.Units).ShouldBe((1, 10));
        tie.Suspended.ShouldBeEmpty();
        await shop.Proves();
    }

    [Fact, Feature("AC-09", "IN-30")]
    public async Task At_the_end_of_any_day_both_books_say_the_same_as_known_now_and_as_known_then()
    {
        await using var shop = await Shop.Open();
        var day = DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime);
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        await Sends(shop, "MUG-BL", 4);
        shop.Clock.Step(TimeSpan.FromDays(3));
        await shop.Ships(await shop.Takes(("MUG-BL", 2)));
        await ValuationTests.Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Money.Of(8, Currency.Eur)));
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("BOWL", 1, UnitPrice.Of(5, Currency.Eur))], HappenedAt: shop.Clock.GetUtcNow().AddDays(-2))]));

        Told(await Ties(shop, day)).ShouldBe("1800 0 1200 = 3000, ledger 3000");
        Told(await Ties(shop, day.AddDays(1))).ShouldBe("2300 0 1200 = 3500, ledger 3500");
        Told(await Ties(shop, day.AddDays(1), knownThen: true)).ShouldBe("1800 0 1200 = 3000, ledger 3000");
        var now = await Ties(shop);
        now.Difference.IsZero.ShouldBeTrue();
        now.Book.Whole.Minor.ShouldBe(24_00 + 6_40 + 5_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-09", "AC-34")]
    public async Task What_a_locked_month_sent_to_a_later_day_explains_the_difference()
    {
        await using var shop = await Shop.Open();
        var day = DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime);
        var end = new DateOnly(day.Year, day.Month, 1).AddMonths(1).AddDays(-1);
        await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        var happened = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromDays(35));
        await shop.Must<LockPeriod, LockPeriod.Request, Done>(new(new DateOnly(day.Year, day.Month, 1)));
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("BOWL", 1, UnitPrice.Of(5, Currency.Eur))], HappenedAt: happened)]));

        var tie = await Ties(shop, end);
        (tie.Book.Whole.Minor, tie.Ledger.Minor, tie.Difference.Minor, tie.Explained.Minor).ShouldBe((35_00, 30_00, -5_00, -5_00));
        tie.Late.Count.ShouldBe(1);
        (await Ties(shop)).Difference.IsZero.ShouldBeTrue();
        await shop.Proves();
    }

    [Fact, Feature("AC-09")]
    public async Task Goods_at_customers_are_ours_and_told_apart_on_any_day()
    {
        await using var shop = await Shop.Open();
        var day = DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime);
        await shop.Stocks("MUG-BL", 10, worth: 30_00);
        var (customer, _) = await OwnerTests.Partner(shop, "Cafe");
        var place = await shop.Must<OpenCustomerPlace, OpenCustomerPlace.Request, LocationCode>(new(customer, "MAIN"));
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("MUG-BL", "MAIN/STOCK", place, 4)], "consignment"));
        shop.Clock.Step(TimeSpan.FromDays(2));
        await shop.Must<UseAtCustomer, UseAtCustomer.Request, DocumentRef>(new(place, [new("MUG-BL", 3)]));
        Told(await Ties(shop, day)).ShouldBe("1800 1200 0 = 3000, ledger 3000");
        Told(await Ties(shop, day.AddDays(1))).ShouldBe("1800 1200 0 = 3000, ledger 3000");
        await shop.Proves();
    }

    [Fact, Feature("AC-09", "AC-05")]
    public async Task Every_change_of_a_product_stands_in_both_books()
    {
        await using var shop = await Shop.Open();
        await ValuationTests.Values(shop, CostingMethod.Fifo);
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        await ValuationTests.Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Money.Of(8, Currency.Eur)));
        await using var scope = shop.Scope();
        var card = scope.ServiceProvider.GetRequiredService<ProductTieCard>();
        (await card.Load("MUG-BL")).ShouldBeTrue();
        card.Pool!.Value.Minor.ShouldBe(18_00 + 4_80);
        card.Layers.Sum(l => l.Value.Minor).ShouldBe(22_80);
        card.Steps.Select(s => s.Book.Minor).Order().ShouldBe([-12_00, 4_80, 30_00]);
        card.Steps.ShouldAllBe(s => s.Book == s.Ledger && s.Entry != null);
    }

    [Fact, Feature("AC-33")]
    public async Task What_sells_below_cost_and_what_is_dead_is_suggested_and_written_down_as_suggested()
    {
        await using var shop = await Shop.Open();
        foreach (var (sku, name) in new[] { ("LAMP", "Lamp"), ("OLD", "Old lamp"), ("GOOD", "Good lamp") }) await shop.Sells(new SaveProducts.Item(sku, name));
        await shop.Must<SavePriceList, SavePriceList.Request, Saved[]>(new("sale", "Sale", Currency.Eur, IncludesTax: true, Priority: 90));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("sale", [new("LAMP", 6.05m), new("GOOD", 60.50m)]));
        await shop.Stocks("OLD", 3, worth: 10_00);
        shop.Clock.Step(TimeSpan.FromDays(400));
        await shop.Stocks("LAMP", 10, worth: 80_00);
        await shop.Stocks("GOOD", 10, worth: 60_00);

        (await Suggested(shop)).ShouldBe("LAMP BelowCost 4.5 -3500, OLD Dead 1.66 -502", "6.05 is 5.00 without a fifth and one per cent of tax, less a tenth for selling it");
        await shop.Must<WriteDown, WriteDown.Request, DocumentRef>(new([new("LAMP", UnitPrice.Of(4.5m, Currency.Eur)), new("OLD", UnitPrice.Of(1.66m, Currency.Eur))], "what they bring"));
        (await Suggested(shop)).ShouldBe("");
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("sale", [new("LAMP", 9.68m)]));
        (await Suggested(shop)).ShouldBe("LAMP BringsMore 7.2 2700");
        await shop.Chooses("net-realisable-value", new { costOfSellingPercent = 0, deadAfterDays = 365, deadAreWorthPercent = 50, priceLists = new[] { "other" } });
        (await Suggested(shop)).ShouldBe("", "no price of these lists is known");
        await shop.Proves();
    }

    [Fact, Feature("AC-25", "AC-36")]
    public async Task A_site_that_is_valued_for_itself_is_judged_for_itself()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("net-realisable-value", new { costOfSellingPercent = 10, deadAfterDays = 365, deadAreWorthPercent = 50, priceLists = Array.Empty<string>() });
        await shop.Sells(new("LAMP", "Lamp"));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("LAMP", 6.05m)]));
        await shop.Must<SetCosting, SetCosting.Request, DocumentRef>(new(CostingMethod.Average, null, "rents differ", BySite: true));
        await shop.Stocks("LAMP", 10, worth: 20_00);
        await shop.Stocks("LAMP", 5, worth: 45_00, node: "OVERFLOW");

        (await Suggested(shop)).ShouldBe("LAMP@OVERFLOW BelowCost 4.5 -2250", "what all cost on average is not the question");
        await shop.Must<WriteDown, WriteDown.Request, DocumentRef>(new([new("LAMP", UnitPrice.Of(4.5m, Currency.Eur), "OVERFLOW")], "what they bring"));
        (await Suggested(shop)).ShouldBe("");
        await shop.Proves();
    }

    private static string Told(TieCard tie) => $"{tie.Book.OnHand.Minor} {tie.Book.AtCustomers.Minor} {tie.Book.InTransit.Minor} = {tie.Book.Whole.Minor}, ledger {tie.Ledger.Minor}";

    private static async Task<TieCard> Ties(Shop shop, DateOnly? day = null, bool knownThen = false)
    {
        await using var scope = shop.Scope();
        var card = scope.ServiceProvider.GetRequiredService<TieCard>();
        await card.Load(day, knownThen);
        return card;
    }

    private static async Task Sends(Shop shop, Sku sku, int quantity)
    {
        var sent = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new(sku, quantity)]));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new Id<Transfer>(sent.Id)));
    }

    private static async Task<string> Suggested(Shop shop)
    {
        await using var scope = shop.Scope();
        var view = ActivatorUtilities.CreateInstance<WriteDownSuggestions>(scope.ServiceProvider);
        await view.Prepare(default);
        var rows = await scope.ServiceProvider.GetRequiredService<KeelDb>().Query<WriteDownSuggestions.Row>(view.Rows());
        return string.Join(", ", rows.OrderBy(r => r.Sku.Text, StringComparer.Ordinal).Select(r => $"{r.Id} {r.Reason} {r.Brings!.Value.Price.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)} {r.Change!.Value.Minor}"));
    }
}
