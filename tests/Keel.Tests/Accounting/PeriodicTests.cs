using Keel.Accounting;
using Keel.Catalog.Products;
using Keel.Ledger;
using Keel.Stock;
using Keel.Tests.Stock;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Accounting;

/// A company that states its inventory at the end of a period: purchases are an expense until then.
public class PeriodicTests
{
    /// The Spy Who Loves You Corporation: OpenStax, Principles of Accounting 1, chapter 10.2 (periodic method, first in first out), CC BY-NC-SA 4.0: 150 at 21, 225
    /// at 27 and 210 at 33 are 16,155; 300 are sold, 285 left are worth 8,955, and 7,200 was the cost of goods sold.
    [Fact, Feature("AC-05", "AC-06")]
    public async Task What_is_left_is_stated_and_the_rest_was_sold_as_the_textbook_says()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("LENS", "Lens"));
        await ValuationTests.Values(shop, CostingMethod.Fifo);
        await Chooses(shop, InventoryMethod.Periodic);
        await ValuationTests.Receives(shop, "LENS", 150, 21);
        await shop.Ships(await shop.Takes(("LENS", 120)));
        await ValuationTests.Receives(shop, "LENS", 225, 27);
        await shop.Ships(await shop.Takes(("LENS", 180)));
        await ValuationTests.Receives(shop, "LENS", 210, 33);
        (await Stands(shop)).ShouldBe((0, 16_155_00, 0), "nothing but purchases until it is stated");
        (await shop.Number("select count(*) from ledger.entry where document_kind = 'shipment' and journal = 'stock'")).ShouldBe(0, "what was bought once is bought once");
        await shop.Proves();

        shop.Clock.Step(TimeSpan.FromDays(1));
        var stated = await States(shop, new DateOnly(2026, 3, 10));
        (stated.Inventory.Minor, stated.Purchases.Minor, stated.CostOfGoodsSold.Minor).ShouldBe((8_955_00, 16_155_00, 7_200_00));
        (await Stands(shop)).ShouldBe((8_955_00, 0, 7_200_00));
        await shop.Proves();

        await shop.Text("update accounting.inventory_close set value = value + 1 where number = 2");
        (await shop.Differences()).ShouldBe(["accounting.inventory-is-cost-pools"]);
    }

    [Fact, Feature("AC-05", "AC-08", "AC-09")]
    public async Task Losses_freight_and_returns_find_their_way_and_what_is_known_later_is_stated_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, worth: 40_00);
        await Chooses(shop, InventoryMethod.Periodic);
        (await Stands(shop)).ShouldBe((40_00, 0, 0), "what was inventory stays it until it is stated");
        var receipt = await ValuationTests.Receives(shop, "MUG-BL", 10, 4);
        var order = await shop.Takes(("MUG-BL", 6));
        await shop.Ships(order);
        await shop.Credits(order, 1, 1);
        (await shop.Counts("MAIN/STOCK", "MUG-BL", 13, "lost")).Error.ShouldBeNull();
        await ValuationTests.Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Money.Of(10, Currency.Eur)));
        await shop.Proves();

        shop.Clock.Step(TimeSpan.FromDays(1));
        var day = new DateOnly(2026, 3, 10);
        var stated = await States(shop, day);
        var worth = await shop.Number("select sum(value)::bigint from stock.cost_pool");
        stated.Inventory.Minor.ShouldBe(worth);
        var (inventory, purchases, cost) = await Stands(shop);
        (inventory, purchases, await shop.Balance("shrinkage")).ShouldBe((worth, 0L, 4_00L));
        (cost + inventory + 4_00).ShouldBe(40_00 + 40_00 + 10_00, "opening and purchases are what is left, lost or sold");

        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("BOWL", 1, UnitPrice.Of(5, Currency.Eur))], HappenedAt: shop.Clock.GetUtcNow().AddDays(-1))]));
        await shop.Stocks("CANDLE", 2, worth: 7_00);
        var again = await States(shop, day);
        (again.Inventory.Minor, again.Purchases.Minor, again.CostOfGoodsSold.Minor).ShouldBe((worth + 5_00, 5_00, 0), "the candles came a day later");
        await shop.Proves();

        await Chooses(shop, InventoryMethod.Perpetual);
        (await Stands(shop)).ShouldBe((worth + 12_00, 0, cost));
        await shop.Ships(await shop.Takes(("CANDLE", 1)));
        (await Stands(shop)).ShouldBe((worth + 8_50, 0, cost + 3_50), "each sale has its cost again");
        await shop.Proves();
    }

    [Fact, Feature("AC-05")]
    public async Task What_cannot_be_stated_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        (await Asks(shop, new DateOnly(2026, 3, 9))).ShouldBe("inventory.perpetual");
        (await shop.Does<ChooseInventoryMethod, ChooseInventoryMethod.Request, Done>(new(InventoryMethod.Perpetual))).Error!.Code.ShouldBe("inventory.method-is-so");
        await Chooses(shop, InventoryMethod.Periodic);
        (await Asks(shop, new DateOnly(2026, 3, 10))).ShouldBe("inventory.day-not-over");
        (await Asks(shop, new DateOnly(2026, 3, 9))).ShouldBe("inventory.stated-later");
        shop.Clock.Step(TimeSpan.FromDays(40));
        await shop.Must<LockPeriod, LockPeriod.Request, Done>(new(new DateOnly(2026, 3, 1)));
        (await Asks(shop, new DateOnly(2026, 3, 31))).ShouldBe("inventory.month-locked");
    }

    /// Deliveries that are under way while the method changes wait for it, and are posted by the new one.
    [Fact, Feature("AC-05", "AC-09")]
    public async Task Goods_that_arrive_while_the_method_changes_stand_in_both_books()
    {
        await using var shop = await Shop.Open();
        Sku[] skus = ["TEE-M", "MUG-BL", "BOWL", "THROW"];
        for (var round = 0; round < 4; round++)
        {
            var method = round % 2 == 0 ? InventoryMethod.Periodic : InventoryMethod.Perpetual;
            var goods = Enumerable.Range(0, 12).Select(async i =>
            {
                await Task.Delay(i);
                await shop.Stocks(skus[i % 4], 3, worth: 10_00);
            }).ToList();
            await Task.WhenAll([.. goods, Chooses(shop, method)]);
            await shop.Proves();
        }
    }

    private static Task<Done> Chooses(Shop shop, InventoryMethod method) => shop.Must<ChooseInventoryMethod, ChooseInventoryMethod.Request, Done>(new(method));

    private static Task<CloseInventory.Closed> States(Shop shop, DateOnly day) => shop.Must<CloseInventory, CloseInventory.Request, CloseInventory.Closed>(new(day));

    private static async Task<string> Asks(Shop shop, DateOnly day) => (await shop.Does<CloseInventory, CloseInventory.Request, CloseInventory.Closed>(new(day))).Error!.Code;

    private static async Task<(long Inventory, long Purchases, long Cost)> Stands(Shop shop) =>
        (await shop.Balance("inventory"), await shop.Balance("purchases"), await shop.Balance("cost-of-goods-sold"));
}
