using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Sales;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// What goods are worth, in the stock book and in the money book: methods of costing, landed cost, billed prices, write-downs.
public class ValuationTests
{
    [Fact, Feature("AC-05", "AC-06", "AC-09", "AC-10", "AC-36")]
    public async Task Goods_that_came_first_leave_first_and_come_back_at_the_cost_at_which_they_left()
    {
        await using var shop = await Shop.Open();
        await Values(shop, CostingMethod.Fifo);
        await Receives(shop, "MUG-BL", 4, 3);
        await Receives(shop, "MUG-BL", 6, 5.001667m);

        var order = await shop.Takes(("MUG-BL", 5));
        await shop.Ships(order);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(12_00 + 5_00, "four at three euros and one of six that cost 30.01");
        (await shop.Text("select string_agg(quantity / 1000 || ' for ' || value, ', ' order by value desc) from stock.layer_take")).ShouldBe("4 for 1200, 1 for 500");
        await shop.Credits(order, 1, 2);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(1700 - 680, "two fifths of what had left");
        (await shop.Text("select string_agg(open / 1000 || ' ' || value, ', ' order by happened_at) from stock.cost_layer where open > 0")).ShouldBe("5 2501, 2 680");
        await shop.Counts("MAIN/STOCK", "MUG-BL", 4);
        await shop.Proves();
    }

    [Fact, Feature("AC-05", "AC-36")]
    public async Task A_category_has_a_method_of_its_own_and_it_may_change_with_what_is_there()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("LENS", "Lens", Attributes: new Dictionary<string, string> { ["category"] = "optics" }));
        await shop.Stocks("LENS", 3, worth: 10_00);
        await shop.Stocks("MUG-BL", 3, worth: 10_00);
        await Values(shop, CostingMethod.Fifo, "optics");
        (await Methods(shop)).ShouldBe("LENS Fifo, MUG-BL Average");
        await shop.Stocks("BOWL", 1, worth: 1_00);
        await Values(shop, CostingMethod.Lot);
        (await Methods(shop)).ShouldBe("BOWL Lot, LENS Fifo, MUG-BL Lot");
        await shop.Must<SetStandards, SetStandards.Request, DocumentRef>(new([new("LENS", UnitPrice.Of(3.5m, Currency.Eur))], "prices of the year"));
        (await shop.Balance("inventory-revaluation")).ShouldBe(0, "no standard counts yet");
        await Values(shop, CostingMethod.Standard, "optics");
        (await shop.Balance("inventory-revaluation")).ShouldBe(-50);
        await shop.Stocks("LENS", 2, worth: 8_00);
        (await shop.Balance("purchase-price-variance")).ShouldBe(100);
        (await shop.Number("select value from stock.cost_pool where sku = 'LENS'")).ShouldBe(5 * 350);
        await shop.Must<SetStandards, SetStandards.Request, DocumentRef>(new([new("LENS", UnitPrice.Of(3m, Currency.Eur))], "prices of the year"));
        (await shop.Balance("inventory-revaluation")).ShouldBe(-50 + 250);
        await shop.Ships(await shop.Takes(("LENS", 2)));
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(600);
        await Values(shop, CostingMethod.Average);
        await Values(shop, CostingMethod.Average, "optics");
        (await Methods(shop)).ShouldBe("BOWL Average, LENS Average, MUG-BL Average");
        await shop.Proves();
    }

    [Fact, Feature("AC-05", "IN-18")]
    public async Task Each_lot_costs_what_was_paid_for_it()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new SaveProducts.Item("TEA", "Tea", Tracking: Tracking.Lot));
        await Receives(shop, "TEA", 4, 2, "A");
        await Receives(shop, "TEA", 4, 3, "B");
        await Values(shop, CostingMethod.Lot);
        (await shop.Text("select string_agg(lot || ' ' || value, ', ' order by lot) from stock.cost_layer")).ShouldBe("A 1000, B 1000", "before, both cost the average");
        await Receives(shop, "TEA", 4, 4, "C");
        await shop.Ships(await shop.Takes(("TEA", 9)));
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(2000 + 400);
        await shop.Proves();
    }

    [Theory, Feature("AC-07", "AC-08")]
    [InlineData(CostingMethod.Average)]
    [InlineData(CostingMethod.Fifo)]
    [InlineData(CostingMethod.Lot)]
    public async Task Freight_that_comes_weeks_later_falls_on_what_is_there_and_on_what_is_sold(CostingMethod method)
    {
        await using var shop = await Shop.Open();
        await Values(shop, method);
        var receipt = await Receives(shop, "MUG-BL", 10, 3, also: ("BOWL", 10, 1));
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        shop.Clock.Step(TimeSpan.FromDays(21));

        var landed = await Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Euros(8), SplitBy.Value), new(ChargeKind.Duty, Euros(1.01m), SplitBy.Equally));
        (await shop.Balance("landed-cost-clearing")).ShouldBe(-9_01);
        (await shop.Text("select total || ' = ' || to_stock || ' + ' || to_sold from stock.landed_cost")).ShouldBe("901 = 641 + 260", "six of ten mugs bear 360 of 600 and 31 of 51, ten bowls 200 and 50");
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(12_00 + 2_60);
        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(18_00 + 3_91);
        (await shop.Number("select value from stock.cost_pool where sku = 'BOWL'")).ShouldBe(10_00 + 2_50);

        await shop.Must<UndoLandedCost, UndoLandedCost.Request, DocumentRef>(new(landed.Id, "the wrong bill"));
        (await shop.Balance("landed-cost-clearing")).ShouldBe(0);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(12_00);
        (await shop.Does<UndoLandedCost, UndoLandedCost.Request, DocumentRef>(new(landed.Id, "again"))).Error?.Code.ShouldBe("stock.landed-over");
        await shop.Proves();
    }

    [Fact, Feature("AC-08", "IN-30")]
    public async Task What_was_landed_stands_in_the_value_of_any_instant_after_it_and_who_approves_sees_its_amount()
    {
        await using var shop = await Shop.Open();
        var receipt = await Receives(shop, "MUG-BL", 10, 3);
        shop.Clock.Step(TimeSpan.FromHours(1));
        var before = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromHours(1));
        await Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Euros(10)));

        await using var scope = shop.Scope();
        var view = ActivatorUtilities.CreateInstance<StockAsOf>(scope.ServiceProvider);
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var now = await db.Query<StockAsOf.Row>(view.Rows(new StockAsOf.Args()));
        now.Select(r => $"{r.Node} {r.OnHand} {r.Value!.Value.Minor}").ShouldBe(["MAIN 10 4000"]);
        (await db.Query<StockAsOf.Row>(view.Rows(new StockAsOf.Args(before)))).Select(r => $"{r.Node} {r.OnHand} {r.Value!.Value.Minor}").ShouldBe(["MAIN 10 3000"]);

        await shop.Chooses("approvals", new { rules = new[] { new { operation = "stock.land-costs", levels = new[] { new { permission = "kernel.approvals.decide" } } } } });
        var clerk = await shop.Person("Fenna", "finance");
        var asked = await shop.Asks<LandCosts>(new LandCosts.Request([receipt], [new(ChargeKind.Duty, Euros(7))]), shop.By(clerk));
        asked.Waiting.ShouldNotBeNull();
        (await shop.Text("select sentence from kernel.approval")).ShouldContain("worth 7.00 EUR");
        await shop.Proves();
    }

    [Fact, Feature("AC-08")]
    public async Task On_average_the_goods_that_came_last_are_those_that_are_there()
    {
        await using var shop = await Shop.Open();
        var first = await Receives(shop, "MUG-BL", 10, 3);
        var second = await Receives(shop, "MUG-BL", 10, 3);
        await shop.Ships(await shop.Takes(("MUG-BL", 14)));
        await Lands(shop, [first], new LandCosts.Item(ChargeKind.Freight, Euros(10)));
        (await shop.Text("select to_stock || ' ' || to_sold from stock.landed_cost")).ShouldBe("0 1000");
        await Lands(shop, [second], new LandCosts.Item(ChargeKind.Freight, Euros(10)));
        (await shop.Text("select to_stock || ' ' || to_sold from stock.landed_cost order by number desc limit 1")).ShouldBe("600 400");
        await shop.Proves();
    }

    [Fact, Feature("AC-35")]
    public async Task What_was_counted_on_at_receipt_is_cleared_by_the_bill_and_only_the_difference_is_spread()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("landed-estimates", new LandedEstimates([new("Sea freight", ChargeKind.Freight, 10, "MAIN"), new("Duty", ChargeKind.Duty, 5), new("Elsewhere", ChargeKind.Other, 50, "OVERFLOW")]));
        await Values(shop, CostingMethod.Fifo);
        var receipt = await Receives(shop, "MUG-BL", 10, 10);
        (await shop.Balance("inventory")).ShouldBe(115_00);
        (await shop.Balance("landed-cost-clearing")).ShouldBe(-15_00);
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(46_00);

        var estimate = await shop.Text("select number from stock.landed_cost");
        var bill = await shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new([], [new(ChargeKind.Freight, Euros(12)), new(ChargeKind.Duty, Euros(5.50m))], [estimate], Note: "bill of the carrier"));
        (await shop.Balance("landed-cost-clearing")).ShouldBe(-17_50);
        (await shop.Text($"select total || ' = ' || to_stock || ' + ' || to_sold from stock.landed_cost where id = '{bill.Id}'")).ShouldBe("250 = 150 + 100", "the difference alone");
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(47_00);
        (await shop.Text($"select status from stock.landed_cost where number = '{estimate}'")).ShouldBe("Cleared");
        (await shop.Does<LandCosts, LandCosts.Request, DocumentRef>(new([], [new(ChargeKind.Freight, Euros(12))], [estimate]))).Error?.Code.ShouldBe("stock.landed-no-estimate");
        receipt.ShouldStartWith("RC-");
        await shop.Proves();
    }

    [Fact, Feature("AC-20")]
    public async Task A_bill_at_another_price_changes_what_is_there_and_what_was_sold_and_a_second_bill_is_held_against_the_first()
    {
        await using var shop = await Shop.Open();
        await Values(shop, CostingMethod.Fifo);
        var receipt = await Receives(shop, "MUG-BL", 10, 3);
        await shop.Ships(await shop.Takes(("MUG-BL", 4)));
        await Bills(shop, receipt, 3.50m);
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-35_00);
        (await shop.Balance("inventory")).ShouldBe(21_00);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(14_00);
        (await shop.Does<CorrectCost, CorrectCost.Request, DocumentRef>(new(receipt, [new("MUG-BL", UnitPrice.Of(3.5m, Currency.Eur))], "again"))).Error?.Code.ShouldBe("stock.correct-cost-same");
        await Bills(shop, receipt, 2m);
        (await shop.Balance("goods-received-not-invoiced")).ShouldBe(-20_00);
        (await shop.Balance("inventory")).ShouldBe(12_00);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(8_00);
        await shop.Proves();
    }

    [Fact, Feature("AC-33", "AC-09")]
    public async Task Goods_are_written_down_revalued_and_valued_at_their_cost_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10, worth: 50_00);
        await shop.Must<WriteDown, WriteDown.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(3, Currency.Eur))], "out of fashion"));
        (await shop.Balance("inventory-write-down")).ShouldBe(20_00);
        (await shop.Does<Revalue, Revalue.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(9, Currency.Eur))], "no"))).Error?.Code.ShouldBe("stock.revalue-written-down");
        await shop.Must<WriteDown, WriteDown.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(8, Currency.Eur))], "in fashion"));
        (await shop.Balance("inventory-write-down")).ShouldBe(0, "no further than what they cost");
        await shop.Must<Revalue, Revalue.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(5.55m, Currency.Eur))], "booked at the wrong cost"));
        (await shop.Balance("inventory-revaluation")).ShouldBe(-5_50);
        (await shop.Does<WriteDown, WriteDown.Request, DocumentRef>(new([new("MUG-BL", UnitPrice.Of(8, Currency.Eur))], "no"))).Error?.Code.ShouldBe("stock.write-down-not-less");
        (await shop.Does<Revalue, Revalue.Request, DocumentRef>(new([new("BOWL", UnitPrice.Of(8, Currency.Eur))], "none there"))).Error?.Code.ShouldBe("stock.value-nothing-there");
        await shop.Proves();
    }

    [Fact, Feature("AC-07")]
    public async Task What_makes_no_sense_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        var receipt = await Receives(shop, "MUG-BL", 10, 3);
        async Task<string?> Refusal(LandCosts.Request request) => (await shop.Does<LandCosts, LandCosts.Request, DocumentRef>(request)).Error?.Message;
        var freight = new LandCosts.Item(ChargeKind.Freight, Euros(10));

        (await Refusal(new(["RC-9"], [freight]))).ShouldBe("There is no receipt RC-9 of goods of ours. Choose one of the list.");
        (await Refusal(new([], [freight]))).ShouldBe("Name the receipts that bear it, or the estimates that it clears.");
        (await Refusal(new([], [freight], Goods: [new(receipt, "MUG-BL", 11)]))).ShouldBe($"{receipt} brought 10 of MUG-BL; 11 cannot bear the cost. Name at most what the receipt says.");
        (await Refusal(new([receipt], [freight], Goods: [new(receipt, "MUG-BL", 4)]))).ShouldBe($"{receipt} bears the cost as a whole. Leave its goods out, or the receipt.");
        (await Refusal(new([], [freight], Goods: [new(receipt, "MUG-BL", 4), new(receipt, "MUG-BL", 2)]))).ShouldNotBeNull();
        (await Refusal(new([receipt], [freight with { Split = SplitBy.Weight }]))).ShouldBe("MUG-BL does not say what one weighs. Say it in the catalogue first, or split by value.");
        (await Refusal(new([receipt], [freight with { Amount = new Money(100, Currency.Of("USD")) }]))).ShouldNotBeNull();
        (await Refusal(new([receipt], [freight], HappenedAt: shop.Clock.GetUtcNow().AddDays(1)))).ShouldNotBeNull();
        (await shop.Does<SetStandards, SetStandards.Request, DocumentRef>(new([new("NONE", UnitPrice.Of(8, Currency.Eur))], "no"))).Error?.Code.ShouldBe("stock.sku-unknown");
        (await shop.Number("select count(*) from stock.landed_cost")).ShouldBe(0);
        await LandsOn(shop, freight, new LandCosts.Part(receipt, "MUG-BL", 4));
        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(40_00);
        await shop.Proves();
    }

    [Theory, Feature("AC-05", "AC-08", "AC-09")]
    [InlineData(1, CostingMethod.Average)]
    [InlineData(2, CostingMethod.Fifo)]
    [InlineData(3, CostingMethod.Lot)]
    [InlineData(4, CostingMethod.Standard)]
    public async Task Whatever_happens_the_books_tie(int seed, CostingMethod method)
    {
        await using var shop = await Shop.Open();
        var dice = new Random(seed);
        await Values(shop, method);
        List<string> receipts = [];
        List<CapturedOrder> orders = [];
        for (var i = 0; i < 40; i++)
        {
            var sku = (Sku)(dice.Next(2) == 0 ? "MUG-BL" : "BOWL");
            switch (dice.Next(9))
            {
                case 0 or 1: receipts.Add(await Receives(shop, sku, dice.Next(1, 12), dice.Next(1, 900) / 100m)); break;
                case 2 or 3: orders.Add(await shop.Takes((sku, dice.Next(1, 6)))); break;
                case 4 when orders.Count > 0: await shop.Ships(orders[dice.Next(orders.Count)]); break;
                case 5 when receipts.Count > 0: await Lands(shop, [receipts[dice.Next(receipts.Count)]], new LandCosts.Item(ChargeKind.Freight, new Money(dice.Next(-300, 900), Currency.Eur))); break;
                case 6 when receipts.Count > 0:
                    var number = receipts[dice.Next(receipts.Count)];
                    var of = (Sku)await shop.Text($"select sku from stock.move m join stock.document d on d.id = m.document_id where d.number = '{number}' limit 1");
                    await shop.Does<CorrectCost, CorrectCost.Request, DocumentRef>(new(number, [new(of, UnitPrice.Of(dice.Next(0, 900) / 100m, Currency.Eur))], "billed"));
                    break;
                case 7: await shop.Counts("MAIN/STOCK", sku, dice.Next(0, 15)); break;
                case 8: await shop.Does<WriteDown, WriteDown.Request, DocumentRef>(new([new(sku, UnitPrice.Of(dice.Next(1, 900) / 100m, Currency.Eur))], "what they bring")); break;
            }
        }

        await Values(shop, (CostingMethod)(((int)method + 1) % 4));
        foreach (var order in orders) await shop.Ships(order);
        await shop.Proves();
    }

    [Fact, Feature("AC-08", "AC-09")]
    public async Task Freight_is_landed_while_goods_leave_and_nothing_is_lost()
    {
        await using var shop = await Shop.Open();
        await Values(shop, CostingMethod.Fifo);
        var receipt = await Receives(shop, "MUG-BL", 20, 3);
        var orders = new List<CapturedOrder>();
        for (var i = 0; i < 10; i++) orders.Add(await shop.Takes(("MUG-BL", 2)));
        await Task.WhenAll(
            Task.Run(async () => { foreach (var order in orders) await shop.Ships(order); }),
            Task.Run(async () => { for (var i = 0; i < 8; i++) await Lands(shop, [receipt], new LandCosts.Item(ChargeKind.Freight, Euros(1.37m))); }));
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(60_00 + 8 * 1_37);
        (await shop.Balance("inventory")).ShouldBe(0);
        await shop.Proves();
    }

    internal static Task Values(Shop shop, CostingMethod method, string? category = null) => shop.Must<SetCosting, SetCosting.Request, DocumentRef>(new(method, category, "the auditor asked for it"));

    internal static async Task<string> Receives(Shop shop, Sku sku, int quantity, decimal cost, string? lot = null, (Sku Sku, int Quantity, decimal Cost)? also = null)
    {
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        List<ReceiveGoods.Line> lines = [new(sku, quantity, UnitPrice.Of(cost, Currency.Eur), lot)];
        if (also is { } more) lines.Add(new(more.Sku, more.Quantity, UnitPrice.Of(more.Cost, Currency.Eur)));
        return (await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new ReceiveGoods.Receipt("MAIN", lines)])))[0].Number;
    }

    internal static Task<DocumentRef> Lands(Shop shop, string[] receipts, params LandCosts.Item[] charges) => shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new(receipts, charges));

    private static Task<DocumentRef> LandsOn(Shop shop, LandCosts.Item charge, LandCosts.Part part) => shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new([], [charge], Goods: [part]));

    private static Task Bills(Shop shop, string receipt, decimal price) => shop.Must<CorrectCost, CorrectCost.Request, DocumentRef>(new(receipt, [new("MUG-BL", UnitPrice.Of(price, Currency.Eur))], "the bill"));

    private static Money Euros(decimal amount) => Money.Of(amount, Currency.Eur);

    private static Task<string> Methods(Shop shop) => shop.Text("select string_agg(sku || ' ' || method, ', ' order by sku) from stock.cost_pool");
}
