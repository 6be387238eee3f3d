using Keel.Accounting;
using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Stock;
using Keel.Tests.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Inventory at month's end, on its pages: freight in dollars, both books side by side, what was worth what on a day, what should be written down, and another unit.
public class InventoryTiePagesTests
{
    [Fact, Feature("AC-09", "AC-14", "AC-35")]
    public async Task Freight_in_dollars_is_landed_and_both_books_say_the_same()
    {
        await using var shop = await Shop.Open();
        await ForeignCostTests.Rate(shop, 0.9m);
        await ValuationTests.Values(shop, CostingMethod.Fifo);
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3, also: ("BOWL", 10, 1));
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        await using var site = await Site.Open(shop);

        await site.Goes("/stock/landed-costs/new?receipt=" + receipt);
        await site.Page.SelectOptionAsync("[name='charges[0].kind']", "freight");
        await site.Page.FillAsync("[name='charges[0].amount.amount']", "100");
        await site.Page.FillAsync("[name='charges[0].amount.currency']", "USD");
        await site.Page.FillAsync("[name='charges[0].rate']", "0.95");
        await site.Page.CheckAsync("input[type=checkbox][name='billToCome']");
        await site.Pictures("land-dollars");
        await site.Presses("Land them");
        await site.Page.WaitForURLAsync(u => u.Contains("/stock/landed-costs/", StringComparison.Ordinal) && !u.Contains("new", StringComparison.Ordinal));
        await site.Sees("100.00 USD at a rate of 0.95");

        await site.Goes("/inventory-tie");
        await site.Sees("Ties");
        await site.Goes("/stock/value/MUG-BL");
        await site.Goes("/inventory-tie/product/MUG-BL");
        await site.Sees("What made it, in both books");
        shop.Clock.Step(TimeSpan.FromDays(2));
        await site.Goes("/inventory-tie?day=2026-03-10");
        await site.Sees("Inventory tied out at the end of 10 Mar 2026");
        await site.Goes("/stock/value-at?day=2026-03-10");
        await site.Sees("On hand");
        await Walks(site, ("inventory-tie", "/inventory-tie"), ("inventory-tie-day", "/inventory-tie?day=2026-03-10"), ("inventory-tie-product", "/inventory-tie/product/MUG-BL"), ("value-at", "/stock/value-at?day=2026-03-10"),
            ("billed-dollars", "/stock/billed?receipt=" + receipt), ("receipt-rate", "/receipts/new"), ("land-dollars", "/stock/landed-costs/new?receipt=" + receipt), ("settle-clearing", "/clearing/settle?account=landed-cost-clearing"), ("landed-dollars", "/stock/landed-costs/" + await shop.Text("select id from stock.landed_cost")));
        await site.Goes("/clearing/landed-cost-clearing");
        await site.Follows("Pay it");
        await site.Page.FillAsync("[name='rate']", "1.05");
        await site.Pictures("settle-clearing");
        await site.Presses("Pay it");
        await site.Page.WaitForURLAsync(u => u.EndsWith("/clearing/landed-cost-clearing", StringComparison.Ordinal));
        (await shop.Balance("exchange-difference")).ShouldBe(10_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-05", "AC-09")]
    public async Task Inventory_is_stated_at_the_end_of_a_period_and_then_kept_as_goods_move()
    {
        await using var shop = await Shop.Open();
        await shop.Must<ChooseInventoryMethod, ChooseInventoryMethod.Request, Done>(new(InventoryMethod.Periodic));
        await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        await using var site = await Site.Open(shop, "finance");

        await site.Goes("/inventory-tie");
        await site.Sees("Inventory is stated at the end of a period");
        await site.Pictures("inventory-tie-periodic");
        await site.Goes("/inventory-closes");
        await site.Follows("State inventory");
        await site.Sees("Debits Cost of goods sold");
        await site.Pictures("state-inventory");
        await site.Presses("State it");
        await site.Page.WaitForURLAsync(u => u.EndsWith("/inventory-closes", StringComparison.Ordinal));
        (await shop.Balance("inventory"), await shop.Balance("cost-of-goods-sold")).ShouldBe((18_00L, 12_00L));
        await site.Follows("By period: change");
        await site.Pictures("inventory-method");
        await site.Presses("Account for them so");
        await site.Page.WaitForURLAsync(u => u.EndsWith("/inventory-closes", StringComparison.Ordinal));
        await site.Sees("As goods move: change");
        await Walks(site, ("inventory-closes", "/inventory-closes"));
        await shop.Proves();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("AC-33")]
    public async Task What_should_be_written_down_fills_the_form()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("LAMP", "Lamp"));
        await shop.Sells(new SaveProducts.Item("SHADE", "Shade"));
        await shop.Must<SavePriceList, SavePriceList.Request, Saved[]>(new("sale", "Sale", Currency.Eur, IncludesTax: true, Priority: 90));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("sale", [new("LAMP", 6.05m), new("SHADE", 1.21m)]));
        await shop.Chooses("net-realisable-value", new { costOfSellingPercent = 10, deadAfterDays = 3650, deadAreWorthPercent = 50, priceLists = Array.Empty<string>() });
        await shop.Stocks("LAMP", 10, worth: 80_00);
        await shop.Stocks("SHADE", 3, worth: 10_00);
        await using var site = await Site.Open(shop);

        await site.Goes("/write-downs");
        await site.Sees("Sells below cost");
        await Walks(site, ("write-downs", "/write-downs"), ("stock-value", "/stock/value"));
        await site.Goes("/write-downs");
        await site.Follows("Fill in the 2 largest");
        await site.Pictures("write-downs-form");
        await site.Presses("Value them so");
        await site.Page.WaitForURLAsync(u => u.Contains("/stock/revaluations/", StringComparison.Ordinal));
        (await shop.Balance("inventory-write-down")).ShouldBe(35_00 + 7_30);
        await site.Goes("/write-downs");
        await site.Sees("Nothing should be written down");
        await site.Pictures("write-downs-none");
        await shop.Proves();
    }

    [Fact, Feature("AC-36")]
    public async Task Whoever_wants_another_unit_is_shown_the_way()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("PEN-CASE", "Pens by the case", Unit: "case"));
        await shop.Sells(new SaveProducts.Item("PEN", "Pen"));
        await shop.Stocks("PEN-CASE", 3, worth: 37_00);
        await using var site = await Site.Open(shop);

        await site.Goes("/product/PEN-CASE");
        await site.Sees("it stays, for what there is and was is counted in it");
        await site.Goes("/stock/another-unit?sku=PEN-CASE");
        await Walks(site, ("another-unit", "/stock/another-unit?sku=PEN-CASE"), ("another-unit-product", "/product/PEN-CASE"));
        await site.Goes("/stock/another-unit?sku=PEN-CASE");
        await site.Follows("Turn the 3 into it");
        await site.Page.FillAsync("[name='into']", "PEN");
        await site.Page.FillAsync("[name='becomes']", "36");
        await site.Pictures("another-unit-form");
        await site.Presses("Turn them");
        await site.Page.WaitForURLAsync(u => u.Contains("/conversions/", StringComparison.Ordinal));
        (await shop.Text("select sku || ' ' || quantity / 1000 || ' ' || value from stock.cost_pool where quantity > 0")).ShouldBe("PEN 36 3700");
        await shop.Proves();
    }

    /// Each page wide and narrow.
    private static async Task Walks(Site site, params (string Name, string Address)[] pages)
    {
        (await site.Walks(pages.SelectMany(p => new[] { p, p }))).ShouldBeEmpty();
        await site.Page.SetViewportSizeAsync(1440, 900);
    }
}
