using System.Text.Json;
using Keel.Kernel;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// Orders of very many lines are taken whole, with right sums, or refused with what to do; nothing in between.
public class BigOrderTests
{
    private const int Most = 1200;
    private static readonly (string Sku, int Cents)[] Goods = [("TEE-M", 2000), ("MUG-BL", 1210), ("BOWL", 2420), ("THROW", 6050), ("CANDLE", 999)];

    [Fact, Feature("OM-03")]
    public async Task An_order_of_as_many_lines_as_there_may_be_is_taken_whole_and_each_sum_is_right()
    {
        await using var shop = await Shop.Open();
        foreach (var (sku, _) in Goods) await shop.Stocks(sku, 1000);

        var order = (await shop.Tries(Order(shop, Most))).Value;

        (order.Status, order.Total!.Value.Minor, order.Promised.Sum(p => p.Quantity.Thousandths)).ShouldBe((OrderStatus.Reserved, Sum(Most), Units(Most) * 1000L));
        (await shop.Number("select count(*) from sales.order_line"), await shop.Number("select sum(gross) from sales.order_line"), await shop.Number("select sum(net + tax) from sales.order_line")).ShouldBe((Most, Sum(Most), Sum(Most)));
        await shop.Ships(order);
        (await shop.Number("select sum(gross) from sales.invoice"), await shop.Balance("customer-receivable")).ShouldBe((Sum(Most), Sum(Most)));
        await shop.Proves();
    }

    [Theory, Feature("OM-03"), InlineData(Most + 1), InlineData(5000)]
    public async Task An_order_of_more_lines_is_refused_with_what_to_do_and_takes_nothing(int lines)
    {
        await using var shop = await Shop.Open();
        foreach (var (sku, _) in Goods) await shop.Stocks(sku, 10_000);

        var refused = (await shop.Tries(Order(shop, lines))).Error!;

        (refused.Code, refused.Message).ShouldBe(("gate.invalid", "lines has more than 1200 lines. Place the rest as an order of its own."));
        (await shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([shop.NewOrder("bazaar", ("BOWL", 1)), Order(shop, lines)]))).Error!.Message
            .ShouldBe("orders[1].lines has more than 1200 lines. Place the rest as an order of its own.");
        (await shop.Number("select count(*) from sales.orders"), await shop.Number("select coalesce(sum(reserved), 0)::bigint from stock.position")).ShouldBe((0, 0));
    }

    [Fact, Feature("OM-03")]
    public async Task The_door_of_programs_takes_and_refuses_the_same()
    {
        await using var web = await WebShop.Open();
        foreach (var (sku, _) in Goods) await web.Shop.Stocks(sku, 1000);

        var refused = await web.Post("/api/v1/sales/place-order", Json("W-5000", 5000));
        (refused.Status, refused.Code, refused.Field).ShouldBe((400, "gate.invalid", "lines"));
        refused.Json.GetProperty("fields")[0].GetProperty("message").GetString().ShouldBe("has more than 1200 lines. Place the rest as an order of its own.");
        refused.Json.GetProperty("fields").GetArrayLength().ShouldBe(1);
        (await web.Shop.Number("select count(*) from sales.orders")).ShouldBe(0);

        var taken = await web.Post("/api/v1/sales/place-order", Json("W-1200", Most));
        taken.Status.ShouldBe(200);
        (await web.Shop.Number("select gross from sales.orders"), await web.Shop.Number("select count(*) from sales.order_line")).ShouldBe((Sum(Most), Most));
    }

    private static NewOrder Order(Shop shop, int lines) => shop.NewOrder("webshop", [.. Enumerable.Range(0, lines).Select(i => ((Sku)Goods[i % Goods.Length].Sku, Pieces(i)))]);

    private static string Json(string number, int lines) => JsonSerializer.Serialize(new
    {
        channel = "webshop", number, customer = new { name = "Ann" }, lines = Enumerable.Range(0, lines).Select(i => new { sku = Goods[i % Goods.Length].Sku, quantity = Pieces(i) }),
    });

    private static int Pieces(int line) => 1 + line % 3;

    private static long Units(int lines) => Enumerable.Range(0, lines).Sum(i => (long)Pieces(i));

    private static long Sum(int lines) => Enumerable.Range(0, lines).Sum(i => (long)Pieces(i) * Goods[i % Goods.Length].Cents);
}
