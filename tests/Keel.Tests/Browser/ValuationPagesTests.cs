using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Stock;
using Keel.Tests.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// What goods are worth, on its pages: freight is landed on half-sold goods, layers are looked at, a method is changed, goods are written down.
public class ValuationPagesTests
{
    [Fact, Feature("AC-05", "AC-07", "AC-08")]
    public async Task Freight_is_landed_on_half_sold_goods_and_taken_back()
    {
        await using var shop = await Shop.Open();
        await ValuationTests.Values(shop, CostingMethod.Fifo);
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3, also: ("BOWL", 10, 1));
        await ValuationTests.Receives(shop, "MUG-BL", 5, 4);
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        await using var site = await Site.Open(shop);

        await site.Goes("/receipts/" + await shop.Text($"select id from stock.document where number = '{receipt}'"));
        await site.Follows("Land costs on it");
        await site.Page.SelectOptionAsync("[name='charges[0].kind']", "freight");
        await site.Page.FillAsync("[name='charges[0].amount.amount']", "8");
        await site.Pictures("land-costs");
        await site.Page.Keyboard.PressAsync("Tab");
        await site.Sees("MUG-BL is worth 3.60 EUR more");
        await site.Presses("Land them");
        await site.Page.WaitForURLAsync(u => u.Contains("/stock/landed-costs/", StringComparison.Ordinal) && !u.Contains("new", StringComparison.Ordinal));
        await site.Sees("5.60 in stock, 2.40 on what was sold");
        await site.Pictures("landed-cost");
        (await shop.Balance("landed-cost-clearing")).ShouldBe(-8_00);

        await site.Goes("/stock/value");
        await site.Sees("MUG-BL");
        await site.Pictures("stock-value");
        await site.Follows("MUG-BL");
        await site.Sees("Layers and pool agree: 11 worth 41.60");
        await site.Pictures("product-value");
        await site.Follows("Value at what it brings");
        await site.Page.FillAsync("[name='lines[0].unitValue.price']", "2.50");
        await site.Page.FillAsync("[name='reason']", "out of fashion");
        await site.Pictures("write-down");
        await site.Presses("Value them so");
        await site.Page.WaitForURLAsync(u => u.Contains("/stock/revaluations/", StringComparison.Ordinal));
        await site.Sees("−14.10");
        await site.Pictures("revaluation");

        await site.Goes("/stock/landed-costs");
        await site.Follows("LC-");
        await site.Presses("Take it back");
        await site.Page.FillAsync("#ask input", "the wrong bill");
        await site.Agrees();
        await site.Sees("Taken back");
        await site.Goes("/stock/landed-costs");
        await site.Pictures("landed-costs");
        (await shop.Balance("landed-cost-clearing")).ShouldBe(0);
        await shop.Proves();
        string[] meant = ["422", "400"];
        site.Complaints.Where(c => !meant.Any(m => c.Contains(m, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact, Feature("AC-05", "AC-20")]
    public async Task A_category_is_valued_in_another_way_and_a_bill_says_another_price()
    {
        await using var shop = await Shop.Open();
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        await using var site = await Site.Open(shop);

        await site.Goes("/stock/costing");
        await site.Sees("everything else");
        await site.Pictures("costing");
        await site.Follows("Set a method");
        await site.Page.SelectOptionAsync("[name='method']", "fifo");
        await site.Page.FillAsync("[name='reason']", "the auditor asked for it");
        await site.Pictures("costing-form");
        await site.Presses("Value them so");
        await site.Page.WaitForURLAsync(u => u.EndsWith("/stock/costing", StringComparison.Ordinal));
        await site.Sees("First in, first out");

        await site.Goes("/stock/billed?receipt=" + receipt);
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='lines[0].unitCost.price']", "3.20");
        await site.Page.FillAsync("[name='reason']", "the bill");
        await site.Presses("Put it right");
        await site.Page.WaitForURLAsync(u => u.Contains("/stock/revaluations/", StringComparison.Ordinal));
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-32_00);
        await site.Goes("/stock/standards");
        await site.Pictures("standards");
        await shop.Proves();
    }

    [Fact, Feature("AC-36")]
    public async Task Each_site_gets_a_cost_of_its_own_and_goods_that_are_sent_bring_theirs()
    {
        await using var shop = await Shop.Open();
        await ValuationTests.Receives(shop, "MUG-BL", 10, 3);
        await using var site = await Site.Open(shop);
        await site.Goes("/stock/site-values");
        await site.Sees("All sites share one cost");
        await site.Goes("/stock/costing/edit?method=Fifo");
        await site.Page.CheckAsync("[type=checkbox][name='bySite']");
        await site.Page.FillAsync("[name='reason']", "the island pays its own freight");
        await site.Pictures("costing-by-site");
        await site.Presses("Value them so");
        await site.Page.WaitForURLAsync(u => u.EndsWith("/stock/costing", StringComparison.Ordinal));
        await site.Pictures("costing-list-by-site");

        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new ReceiveGoods.Receipt("OVERFLOW", [new("MUG-BL", 8, UnitPrice.Of(5m, Currency.Eur))])]));
        foreach (var (from, to, quantity) in new (NodeCode, NodeCode, int)[] { ("OVERFLOW", "MAIN", 3), ("MAIN", "OVERFLOW", 4) })
        {
            var transfer = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new(from, to, [new("MUG-BL", quantity)]));
            await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(transfer.Id)));
            if (to == (NodeCode)"MAIN") await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(transfer.Id)));
        }

        await site.Goes("/stock/site-values");
        await site.Sees("TF-");
        await site.Sees("on its way");
        await site.Pictures("site-values");
        await site.Follows("MUG-BL");
        await site.Sees("All together");
        await site.Pictures("product-value-by-site");
        await site.Goes("/stock/as-of");
        await site.Pictures("as-of-by-site");
        await site.Goes("/write-downs");
        await site.Sees("Suggested write-downs");
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("MUG-BL", 4m)]));
        await site.Goes("/write-downs");
        await site.Sees("OVERFLOW");
        await site.Pictures("write-downs-by-site");
        await site.Page.SetViewportSizeAsync(390, 844);
        foreach (var (name, address) in new[] { ("site-values", "/stock/site-values"), ("product-value", "/stock/value/MUG-BL"), ("write-downs", "/write-downs"), ("write-down", "/stock/write-down"), ("costing", "/stock/costing") })
        {
            await site.Goes(address);
            await site.Pictures(name + "-by-site-390", dark: true);
        }

        await site.Page.SetViewportSizeAsync(1440, 900);
        await site.Goes("/stock/write-down");
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='lines[0].unitValue.price']", "2.50");
        await site.Page.SelectOptionAsync("[name='lines[0].node']", "OVERFLOW");
        await site.Page.FillAsync("[name='reason']", "out of fashion there");
        await site.Pictures("write-down-at-a-site");
        await site.Presses("Value them so");
        await site.Page.WaitForURLAsync(u => u.Contains("/stock/revaluations/", StringComparison.Ordinal));
        (await shop.Number("select value from stock.site_pool where node = 'OVERFLOW'")).ShouldBe(5 * 250);
        await shop.Proves();
        string[] meant = ["422", "400"];
        site.Complaints.Where(c => !meant.Any(m => c.Contains(m, StringComparison.Ordinal))).ShouldBeEmpty();
    }
}
