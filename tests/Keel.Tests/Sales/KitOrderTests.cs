using Keel.Catalog.Contract;
using Keel.Catalog.Kits;
using Keel.Kernel;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Stock.Contract;
using Keel.Tests.Catalog;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Kits that are sold as one line: promised, shipped, invoiced, cancelled and taken back as a whole.
public class KitOrderTests
{
    [Fact, Feature("OM-28", "IN-37", "PD-07")]
    public async Task A_kit_is_one_line_to_the_customer_and_its_components_leave_the_shelf_at_their_cost()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 10, worth: 33_37);
        await shop.Stocks("CANDLE", 5, worth: 10_01);

        var order = await shop.Takes(("GIFT", 2), ("BOWL", 1));

        (order.Total!.Value.Amount, order.Status).ShouldBe((44.20m, OrderStatus.Backordered), "two gifts at ten and a bowl that waits");
        order.Promised.ShouldBe([new PromisedLine(1, "MAIN", 2)], "the customer hears of kits");
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(4);
        (await shop.Position("CANDLE")).Reserved.ShouldBe(2);
        await shop.Stocks("BOWL", 1);
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Ships(order)).Why.ShouldBeNull();

        (await shop.Text($"select string_agg(line || ' ' || kind || ' ' || sku || ' ' || quantity / 1000, ', ' order by line) from sales.invoice_line")).ShouldBe("1 Kit GIFT 2, 2 Goods BOWL 1");
        (await shop.Number("select line_count from sales.orders")).ShouldBe(2);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(13_35 + 4_00 + 5_00, "four of ten mugs, two of five candles and the bowl");
        await shop.Proves();
    }

    [Fact, Feature("IN-37", "MF-06")]
    public async Task What_is_missing_of_a_kit_waits_with_the_whole_kit_and_holds_nothing()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 5);
        await shop.Stocks("CANDLE", 5);

        var order = await shop.Takes(("GIFT", 3));

        order.Promised.ShouldBe([new PromisedLine(1, "MAIN", 2)]);
        order.Short.ShouldBe([new ShortLine(1, "GIFT", 1)]);
        ((await shop.Position("MUG-BL")).Available, (await shop.Position("CANDLE")).Available).ShouldBe((1, 3), "the mug that makes no kit is free for others");
        (await shop.Text("select sentence from kernel.work_case where kind = 'backorder'")).ShouldContain("waits for 1 × GIFT for want of MUG-BL.");
        (await Sellable(shop, "GIFT")).ShouldBe(0);
        (await shop.Ships(order)).Why.ShouldBeNull();
        (await shop.Text("select string_agg(sku || ' ' || quantity / 1000, ', ') from sales.invoice_line")).ShouldBe("GIFT 2", "whole kits are invoiced");
        await shop.Stocks("MUG-BL", 1);
        await shop.Delivers();
        (await shop.Ships(order)).Why.ShouldBeNull();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Number($"select sum(gross) from sales.invoice")).ShouldBe(order.Total!.Value.Minor);
        await shop.Proves();
    }

    [Fact, Feature("IN-37")]
    public async Task Two_orders_of_two_kits_that_share_a_component_get_one_kit_between_them()
    {
        await using var shop = await Gifts();
        await shop.Sells(new("PAIR", "A pair"));
        await KitTests.Says(shop, "PAIR", KitKind.Virtual, ("MUG-BL", 2), ("BOWL", 1));
        for (var round = 0; round < 5; round++)
        {
            await shop.Stocks("MUG-BL", 2);
            await shop.Stocks("CANDLE", 1);
            await shop.Stocks("BOWL", 1);

            var both = await Task.WhenAll(shop.Takes(("GIFT", 1)), shop.Takes(("PAIR", 1)));

            both.Count(o => o.Status is OrderStatus.Reserved).ShouldBe(1);
            both.Count(o => o.Status is OrderStatus.Backordered && o.Promised.Count == 0).ShouldBe(1, "whoever came second holds nothing");
            foreach (var order in both) await shop.Cancels(order);
            foreach (var sku in new Sku[] { "MUG-BL", "CANDLE", "BOWL" }) await shop.Counts("MAIN/STOCK", sku, 0);
        }

        await shop.Proves();
    }

    [Fact, Feature("IN-37")]
    public async Task A_kit_and_an_order_of_its_component_never_share_a_unit()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 10);
        await shop.Stocks("CANDLE", 10);

        var orders = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? shop.Takes(("GIFT", 1)) : shop.Takes(("MUG-BL", 1))));

        var mugs = orders.Where((_, i) => i % 2 == 1).Sum(o => o.Promised.Sum(p => p.Quantity)) + orders.Where((_, i) => i % 2 == 0).Sum(o => o.Promised.Sum(p => new Quantity(p.Quantity.Thousandths * 2)));
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(mugs);
        mugs.ShouldBeInRange(9, 10, "one mug may be left that makes no kit");
        await shop.Proves();
    }

    [Fact, Feature("IN-37", "IN-31")]
    public async Task A_kit_that_loses_a_component_waits_as_a_whole_and_is_served_again_as_a_whole()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 4);
        await shop.Stocks("CANDLE", 2);
        var order = await shop.Takes(("GIFT", 2));
        order.Status.ShouldBe(OrderStatus.Reserved);

        (await shop.Counts("MAIN/STOCK", "CANDLE", 1)).Ok.ShouldBeTrue();
        (await shop.Ships(order)).Why.ShouldBe(OrderToShip.Broken, "half a kit does not leave, not even for the moment until it is given free");
        (await shop.Releases(order)).Why.ShouldBe(OrderToShip.Broken);
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Backordered);
        ((await shop.Position("MUG-BL")).Reserved, (await shop.Position("CANDLE")).Reserved).ShouldBe((2, 1), "one whole kit is left, and two mugs are free");
        (await shop.Text("select string_agg(sku || ' ' || quantity / 1000, ', ' order by sku) from stock.waiting")).ShouldBe("CANDLE 1, MUG-BL 2");
        await shop.Proves();
        await shop.Stocks("CANDLE", 1);
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        ((await shop.Position("MUG-BL")).Reserved, (await shop.Position("CANDLE")).Reserved).ShouldBe((4, 2));
        await shop.Proves();
    }

    [Fact, Feature("IN-37", "IN-31")]
    public async Task What_a_broken_kit_gives_free_serves_who_waits_for_it()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 2);
        await shop.Stocks("CANDLE", 1);
        var gift = await shop.Takes(("GIFT", 1));
        var mug = await shop.Takes(("MUG-BL", 1));
        mug.Status.ShouldBe(OrderStatus.Backordered);

        await shop.Counts("MAIN/STOCK", "CANDLE", 0);
        await shop.Delivers();

        (await shop.StatusOf(mug)).ShouldBe(OrderStatus.Reserved);
        (await shop.StatusOf(gift)).ShouldBe(OrderStatus.Backordered);
        await shop.Stocks("CANDLE", 1);
        await shop.Delivers();
        (await shop.StatusOf(gift)).ShouldBe(OrderStatus.Backordered, "one mug is left, and a gift has two");
        await shop.Proves();
    }

    [Fact, Feature("IN-37", "IN-31")]
    public async Task A_kit_on_the_floor_that_loses_a_component_gives_its_bins_back_too()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 2);
        await shop.Stocks("CANDLE", 1);
        var order = await shop.Takes(("GIFT", 1));
        (await shop.Releases(order)).Why.ShouldBeNull();
        (await shop.Number("select sum(allocated) from stock.level where sku = 'MUG-BL'")).ShouldBe(2000);

        await shop.Counts("MAIN/STOCK", "CANDLE", 0);
        await shop.Delivers();

        (await shop.Number("select coalesce(sum(allocated), 0) from stock.level where sku = 'MUG-BL'")).ShouldBe(0);
        (await shop.Position("MUG-BL")).Available.ShouldBe(2);
        await shop.Proves();
    }

    [Fact, Feature("OM-28")]
    public async Task An_order_keeps_what_its_kit_was_made_of_when_it_came()
    {
        await using var shop = await Gifts();
        var order = await shop.Takes(("GIFT", 1));

        await KitTests.Says(shop, "GIFT", KitKind.Virtual, ("BOWL", 1));
        await shop.Stocks("BOWL", 5);
        await shop.Stocks("MUG-BL", 2);
        await shop.Stocks("CANDLE", 1);
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        ((await shop.Position("BOWL")).Reserved, (await shop.Position("MUG-BL")).Reserved).ShouldBe((0, 2));
        (await shop.Takes(("GIFT", 1))).Status.ShouldBe(OrderStatus.Reserved);
        (await shop.Position("BOWL")).Reserved.ShouldBe(1, "a new order is taken as it is now");
        await shop.Proves();
    }

    [Fact, Feature("OM-28")]
    public async Task A_kit_that_comes_back_brings_its_components_at_the_cost_at_which_they_left()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 7, worth: 20_00);
        await shop.Stocks("CANDLE", 3, worth: 10_00);
        var order = await shop.Takes(("GIFT", 3));
        await shop.Ships(order);
        await shop.Delivers(order);
        var sold = await shop.Balance("cost-of-goods-sold");

        (await shop.Credits(order, line: 2, quantity: 1)).Why.ShouldBe("Line 2 is part of a kit: credit line 1, and its goods come back with it.");
        (await shop.Credits(order, line: 1, quantity: 1)).Why.ShouldBeNull();
        (await shop.Credits(order, line: 1, quantity: 2)).Why.ShouldBeNull();

        (await shop.Text("select string_agg(sku || ' ' || on_hand / 1000, ', ' order by sku) from stock.level where location = 'MAIN/RETURNS' and on_hand > 0")).ShouldBe("CANDLE 3, MUG-BL 6");
        sold.ShouldBePositive();
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(0);
        (await shop.Credits(order, line: 1, quantity: 1)).Why.ShouldBe("Of line 1 only 0 can still be credited.");
        await shop.Proves();
    }

    [Fact, Feature("OM-28")]
    public async Task A_cancelled_kit_gives_all_its_components_back_and_a_rest_is_called_off_whole()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 4);
        await shop.Stocks("CANDLE", 1);
        var order = await shop.Takes(("GIFT", 2));
        await shop.Ships(order);

        (await shop.Cancels(order)).Cancelled.ShouldBeTrue();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0);
        (await shop.Position("MUG-BL")).Available.ShouldBe(2);
        await shop.Proves();
    }

    [Fact, Feature("OM-28", "MF-06", "PD-07")]
    public async Task What_is_shown_of_a_kit_is_what_can_be_ordered_from_channels_and_over_time()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 9);
        await shop.Stocks("CANDLE", 3);
        await shop.Stocks("MUG-BL", 2, node: "OVERFLOW");
        await shop.Stocks("CANDLE", 8, node: "OVERFLOW");
        await shop.Must<SetRings, SetRings.Request, Done>(new([new(RingKind.Most, "bazaar", Sku: "MUG-BL", Quantity: 4)]));
        await shop.Must<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new([new("CANDLE", "MAIN", 9, DateOnly.FromDateTime(Shop.Morning.UtcDateTime).AddDays(4))]));
        await using var scope = shop.Scope();
        var desk = scope.ServiceProvider.GetRequiredService<StockDesk>();

        (await desk.Availability(["GIFT", "MUG-BL"])).Where(a => a.Sku == "GIFT").OrderBy(a => a.Node).Select(a => (a.Node.Text, a.Available)).ShouldBe([("MAIN", 3), ("OVERFLOW", 1)]);
        var offer = (await desk.Offers("bazaar", [(Sku)"GIFT"], ["MAIN"])).Single();
        (offer.Available, offer.Quantity, offer.Kept).ShouldBe((3, 2, "MUG-BL: bazaar may have 4 promised at most"));
        (await desk.PromiseCurves(["GIFT"], 30)).Single(c => c.Node == "MAIN").Steps.Select(s => s.Quantity).ShouldBe([3, 4], "nine mugs make four gifts once there are candles");

        var bazaar = await shop.TakesFromBazaar(("GIFT", 3));
        bazaar.Promised.ShouldBe([new PromisedLine(1, "MAIN", 2)], "the same function decides");
        (await shop.Takes(("GIFT", 2))).Promised.ShouldBe([new PromisedLine(1, "MAIN", 1), new PromisedLine(1, "OVERFLOW", 1)], "each kit is whole at one site");
        await shop.Proves();
    }

    [Fact, Feature("OM-28")]
    public async Task A_kit_is_held_for_a_cart_and_its_order_takes_the_hold_over()
    {
        await using var shop = await Gifts();
        await shop.Stocks("MUG-BL", 5);
        await shop.Stocks("CANDLE", 5);
        var hold = Guid.NewGuid();

        (await shop.Must<HoldStock, HoldStock.Request, HoldStock.Answer>(new(hold, "MAIN", "GIFT", 3))).Held.ShouldBe(2);
        ((await shop.Position("MUG-BL")).Reserved, (await shop.Position("CANDLE")).Reserved).ShouldBe((4, 2));
        var order = (await shop.Tries(shop.NewOrder("webshop", ("GIFT", 2)) with { Hold = hold })).Value;

        order.Status.ShouldBe(OrderStatus.Reserved);
        ((await shop.Position("MUG-BL")).Reserved, (await shop.Position("CANDLE")).Reserved).ShouldBe((4, 2));
        await shop.Proves();
    }

    [Fact, Feature("IN-37")]
    public async Task Goods_of_a_kit_are_given_free_with_the_whole_kit_and_not_taken_over_one_by_one()
    {
        await using var shop = await Gifts();
        await shop.Chooses(TakingOver.Kind, new { allowed = true, safeDays = 0 });
        await shop.Stocks("MUG-BL", 2);
        await shop.Stocks("CANDLE", 1);
        var order = await shop.Takes(("GIFT", 1));
        var other = await shop.TakesFromBazaar(("MUG-BL", 1));

        (await shop.Does<TakeOver, TakeOver.Request, Quantity>(new($"{order.Id}/2", $"{other.Id}/1", "urgent"))).Error?.Code.ShouldBe("stock.part-of-a-kit");
        (await shop.Does<MovePromise, MovePromise.Request, Quantity>(new($"{order.Id}/2", "OVERFLOW", "nearer"))).Error?.Code.ShouldBe("stock.part-of-a-kit");
        (await shop.Does<ReleasePromise, ReleasePromise.Request, Quantity>(new($"{order.Id}/2", "not urgent"))).Value.ShouldBe(2);

        (await shop.Position("CANDLE")).Reserved.ShouldBe(0, "the candle goes with the mugs");
        await shop.Delivers();
        (await shop.StatusOf(other)).ShouldBe(OrderStatus.Reserved);
        await shop.Proves();
    }

    [Theory, Feature("IN-37", "MF-06"), InlineData(11), InlineData(13)]
    public async Task Whatever_happens_kits_are_promised_whole_and_every_book_ties(int seed)
    {
        await using var shop = await Gifts();
        await shop.Sells(new("PAIR", "A pair"));
        await shop.Sells(new("HAMPER", "Hamper"));
        await KitTests.Says(shop, "PAIR", KitKind.Virtual, ("MUG-BL", 1), ("BOWL", 2));
        await KitTests.Says(shop, "HAMPER", KitKind.Virtual, ("GIFT", 1), ("PAIR", 2), ("CORD", 1.5m));
        var dice = new Random(seed);
        Sku[] sold = ["GIFT", "PAIR", "HAMPER", "MUG-BL", "BOWL", "CANDLE"];
        Sku[] shelved = ["MUG-BL", "BOWL", "CANDLE", "CORD"];
        var orders = new List<CapturedOrder>();
        for (var step = 0; step < 60; step++)
        {
            switch (dice.Next(8))
            {
                case 0 or 1: await shop.Stocks(shelved[dice.Next(4)], dice.Next(4, 15), dice.Next(1, 90_00), dice.Next(4) == 0 ? "OVERFLOW" : "MAIN"); break;
                case 2 or 3 or 4: orders.Add(await shop.Takes((sold[dice.Next(6)], dice.Next(1, 4)), (sold[dice.Next(6)], dice.Next(1, 3)))); break;
                case 5: await shop.Counts("MAIN/STOCK", shelved[dice.Next(3)], dice.Next(0, 6)); break;
                case 6 when orders.Count > 0: await shop.Ships(orders[dice.Next(orders.Count)]); break;
                case 7 when orders.Count > 0: await shop.Cancels(orders[dice.Next(orders.Count)]); break;
            }

            if (dice.Next(3) > 0) await shop.Delivers();
        }

        await shop.Delivers();
        await shop.Proves();
        (await shop.Number("select count(*) from sales.order_line where kind = 'Kit' and shipped > 0")).ShouldBePositive();
    }

    internal static async Task<Shop> Gifts()
    {
        var shop = await Shop.Open();
        await shop.Sells(new("GIFT", "Gift set"));
        await KitTests.Says(shop, "GIFT", KitKind.Virtual, ("MUG-BL", 2), ("CANDLE", 1));
        return shop;
    }

    private static async Task<Quantity> Sellable(Shop shop, Sku sku) => (await shop.Position(sku)).Available;
}
