using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Goods that are made only when they are ordered.
public class MakingTests
{
    [Fact, Feature("OM-30", "OM-41")]
    public async Task What_is_ordered_is_asked_to_be_made_the_order_waits_for_its_day_and_goes_on_when_it_is_made()
    {
        await using var shop = await Shop.Open();
        await Makes(shop, "THROW", 3);
        await shop.Stocks("MUG-BL", 5);

        var order = (await shop.Tries(shop.NewOrder("webshop", ("THROW", 2), ("MUG-BL", 1)))).Value;
        order.Status.ShouldBe(OrderStatus.Backordered);
        (await shop.Text("select kind || ' ' || node || ' ' || open / 1000 || ' ' || expected_on || ' ' || document_number from stock.supply")).ShouldBe($"Production MAIN 2 2026-03-13 {order.Number}");
        (await shop.Text($"select expected_on::text from stock.waiting where document_id = '{order.Id}'")).ShouldBe("2026-03-13");
        (await shop.Text($"select ship_by || ' ' || coalesce(plan_ship::text, 'nobody knows') from sales.orders where id = '{order.Id}'")).ShouldBe("2026-03-13 2026-03-13");
        (await shop.Number("select count(*) from kernel.work_case where state <> 'Closed'")).ShouldBe(0, "nobody has to find goods");
        (await Row(shop)).ShouldBe("ToMake 2 2 2026-03-13");
        (await shop.Ships(order)).Shipments.Count.ShouldBe(1, "what is there may leave");

        await shop.Must<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([order.Id!.Value]));
        (await shop.Number("select count(*) from sales.making")).ShouldBe(1, "it is asked for once");
        await Receives(shop, "THROW", 2);
        await shop.Delivers();

        (await Row(shop)).ShouldBe("Made 2 0 2026-03-13");
        await shop.Ships(order);
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Shipped);
        await shop.Proves();
    }

    [Fact, Feature("OM-30")]
    public async Task What_nobody_wants_any_more_is_not_promised_and_somebody_stops_making_it()
    {
        await using var shop = await Shop.Open();
        await Makes(shop, "THROW", 3);
        var one = await shop.Takes(("THROW", 4));
        var other = await shop.Takes(("THROW", 1));

        await shop.Must<ChangeOrder, ChangeOrder.Request, ChangeOrder.Answer>(new(one.Id!.Value, 1, "fewer", [new(1, 3)]));
        await shop.Runs<TendMakingJob>();
        (await shop.Number("select sum(open) / 1000 from stock.supply")).ShouldBe(4);
        await shop.Cancels(one);
        await shop.Runs<TendMakingJob>();
        await shop.Runs<TendMakingJob>();

        (await shop.Text("select string_agg(document_number || ' ' || open / 1000, ', ' order by document_number) from stock.supply")).ShouldBe($"{one.Number} 0, {other.Number} 1");
        (await shop.Text("select string_agg(sentence, ' | ' order by opened_at, id) from kernel.work_case where kind = 'made-for-nothing'")).ShouldContain($"were being made for {one.Number}");
        await shop.Proves();
    }

    [Fact, Feature("OM-30")]
    public async Task Goods_of_a_category_are_made_by_the_working_days_of_the_site_and_others_are_not()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(MadeToOrder.Kind, new MadeToOrder([new MadeGoods(["THROW"], "MAIN", 0), new MadeGoods(["nothing-such"], "MAIN", 2)]));
        await shop.Takes(("THROW", 1));
        var usual = await shop.Takes(("BOWL", 1));

        (await shop.Text("select string_agg(sku || ' ' || expected_on, ', ') from stock.supply")).ShouldBe("THROW 2026-03-10");
        (await shop.Text("select string_agg(kind, ', ') from kernel.work_case where state <> 'Closed'")).ShouldBe("backorder");
        usual.Status.ShouldBe(OrderStatus.Backordered);
    }

    [Fact, Feature("OM-30", "MF-06")]
    public async Task What_is_put_together_for_an_order_takes_its_parts_and_lets_the_order_go_on()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("CHEST", "Chest"));
        await Keel.Tests.Catalog.KitTests.Says(shop, "CHEST", Keel.Catalog.Contract.KitKind.PreBuilt, ("MUG-BL", 2), ("CANDLE", 1));
        await shop.Stocks("MUG-BL", 10);
        await shop.Stocks("CANDLE", 10);
        await Makes(shop, "CHEST", 1);
        var order = await shop.Takes(("CHEST", 2));
        (await shop.Rows<MakingList, MakingList.Row>("")).Single().IsAssembled.ShouldBeTrue();
        var supply = await shop.Text("select number from stock.supply");

        (await shop.Does<AssembleKits, AssembleKits.Request, DocumentRef>(new("CHEST", "OVERFLOW", 2, Supply: supply))).Error!.Code.ShouldBe("stock.supply-other");
        await shop.Must<AssembleKits, AssembleKits.Request, DocumentRef>(new("CHEST", "MAIN", 2, Supply: supply));
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number("select open from stock.supply")).ShouldBe(0);
        await shop.Ships(order);
        await shop.Proves();
    }

    [Fact, Feature("OM-30")]
    public async Task Many_orders_at_once_are_each_made_for_once()
    {
        await using var shop = await Shop.Open();
        await Makes(shop, "THROW", 3);
        await shop.Stocks("THROW", 3);

        var orders = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.Tries(shop.NewOrder("webshop", ("THROW", 2)))));

        orders.ShouldAllBe(o => o.Ok);
        (await shop.Number("select sum(open) / 1000 from stock.supply")).ShouldBe(13, "sixteen are wanted, three are there");
        (await shop.Number("select count(*) from sales.making m group by order_id having count(*) > 1")).ShouldBe(0);
        await shop.Proves();
    }

    internal static Task Makes(Shop shop, string sku, int days) => shop.Chooses(MadeToOrder.Kind, new MadeToOrder([new MadeGoods([sku], "MAIN", days)]));

    private static async Task Receives(Shop shop, Sku sku, int units)
    {
        var supply = await shop.Text("select number from stock.supply where open > 0");
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new(sku, units, UnitPrice.Of(10, Currency.Eur), Supply: supply)])]));
    }

    private static async Task<string> Row(Shop shop) => (await shop.Rows<MakingList, MakingList.Row>("")).Select(r => $"{r.State} {r.Quantity} {r.Open} {r.DueOn:yyyy-MM-dd}").Single();
}
