using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Rings around channels and safety stock: the same function shows and decides.
public class RingTests
{
    private static readonly PositionKey Mugs = new(default, "MUG-BL", "MAIN", PositionKey.Own);

    [Fact, Feature("IN-09", "IN-10")]
    public void Each_kind_of_ring_keeps_what_it_says_and_tells_why()
    {
        var ten = new Position(Mugs, 12, 12, 2);
        Allows(ten, "webshop").ShouldBe((10, null));
        Allows(ten, "webshop", [R(RingKind.Safety, 3)]).ShouldBe((7, "3 are safety stock"));
        Allows(ten, "webshop", [R(RingKind.Dedicated, 4, "till")], ("till", 1)).ShouldBe((7, "3 are kept for till"), "one of its four is promised already");
        Allows(ten, "till", [R(RingKind.Dedicated, 4, "till")], ("till", 1)).ShouldBe((3, "till has 4 of its own and no others"));
        Allows(ten, "till", [R(RingKind.Kept, 4, "till")], ("till", 1)).ShouldBe((10, null));
        Allows(ten, "webshop", [R(RingKind.Kept, 4, "till")]).ShouldBe((6, "4 are kept for till"));
        Allows(ten, "bazaar", [R(RingKind.Most, 5, "bazaar")], ("bazaar", 2)).ShouldBe((3, "bazaar may have 5 promised at most"));
        Allows(ten, "bazaar", [R(RingKind.Last, 6, "bazaar")]).ShouldBe((4, "bazaar leaves the last 6"));
        Allows(ten, "bazaar", [R(RingKind.Share, 0, "bazaar", percent: 30)], ("bazaar", 1)).ShouldBe((2, "bazaar may have 30 % promised at most"), "three of twelve, of which it has one");
        Allows(ten, "webshop", [R(RingKind.Safety, 3), R(RingKind.Kept, 4, "till"), R(RingKind.Most, 2, "webshop")]).ShouldBe((2, "webshop may have 2 promised at most"));
        Allows(ten, "webshop", [R(RingKind.Safety, 3), R(RingKind.Kept, 4, "till")]).ShouldBe((3, "3 are safety stock, 4 are kept for till"));
        Allows(ten, "webshop", [R(RingKind.Safety, 30)]).Quantity.ShouldBe(0);
        new Rings([R(RingKind.Safety, 3)]).Allows(OnOffer.Of(ten), null, DemandKind.Transfer).Quantity.ShouldBe(10, "goods may go to another site of ours");
        Allows(ten, "webshop", [R(RingKind.Safety, 3), R(RingKind.Safety, 5, node: "MAIN"), R(RingKind.Safety, 1, node: "MAIN", sku: "MUG-BL")]).Quantity.ShouldBe(9, "the nearest counts");
        Allows(ten, "webshop", [R(RingKind.Safety, 3), R(RingKind.Safety, 5, node: "EAST"), R(RingKind.Safety, 2, sku: "BOWL")]).Quantity.ShouldBe(7);
    }

    [Fact, Feature("IN-09")]
    public async Task A_cart_takes_what_the_rings_of_its_channel_leave_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        await Sets(shop, new SetRings.Item(RingKind.Dedicated, "bazaar", Quantity: 4), new(RingKind.Most, "webshop", Quantity: 5));

        (await Holds(shop, "bazaar", 9)).Value.Held.ShouldBe(4);
        (await Holds(shop, "webshop", 9)).Value.Held.ShouldBe(5);
        (await Holds(shop, null, 9)).Value.Held.ShouldBe(1, "what is kept for a channel is left to it");
        (await Holds(shop, "webshop", 1)).Error!.Code.ShouldBe("stock.not-available");
        await shop.Stocks("MUG-BL", 3);
        (await Holds(shop, "webshop", 1)).Error!.Message.ShouldContain("webshop may have 5 promised at most");
        await shop.Proves();
    }

    private static Task<Result<HoldStock.Answer>> Holds(Shop shop, ChannelCode? channel, int units) =>
        shop.Does<HoldStock, HoldStock.Request, HoldStock.Answer>(new(Guid.NewGuid(), "MAIN", "MUG-BL", units, Channel: channel));

    [Fact, Feature("IN-09", "IN-13")]
    public async Task What_a_channel_is_shown_is_what_it_may_order_and_the_rest_says_why()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        await Sets(shop, new SetRings.Item(RingKind.Most, "bazaar", Quantity: 4), new(RingKind.Safety, Sku: "MUG-BL", Quantity: 2));

        (await Shown(shop, "bazaar")).ShouldBe(4);
        (await Shown(shop, "webshop")).ShouldBe(8);
        var order = await shop.TakesFromBazaar(("MUG-BL", 6));
        order.Status.ShouldBe(OrderStatus.Backordered);
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(4);
        (await shop.Text("select sentence from kernel.work_case where kind = 'stock-conflict'")).ShouldContain("More is there, but bazaar may have 4 promised at most at MAIN.");
        (await shop.Text("select kept from stock.waiting")).ShouldBe("bazaar may have 4 promised at most at MAIN");
        (await Shown(shop, "bazaar")).ShouldBe(0);
        (await Shown(shop, "webshop")).ShouldBe(4, "a marketplace order is off the shelf for everybody at once");

        var refused = await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 5)) with { IfShort = IfShort.Refuse });
        (refused.Error?.Code, refused.Error?.Message).ShouldBe(("order.short", "Not everything may be sold here: of MUG-BL, 2 are safety stock at MAIN. The order was not to wait, so nothing was taken."));

        await shop.Runs<ExpectSuppliesJob>();
        (await shop.Text("select expected_on::text from stock.waiting")).ShouldBe("", "what is there and kept has no day");
        await shop.Must<DropRings, DropRings.Request, Done>(new([Guid.Parse(await shop.Text("select id from stock.ring where kind = 'Most'"))]));
        await shop.Delivers();
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved, "the ring is gone and two more were there");
        await shop.Proves();
    }

    [Fact, Feature("IN-10", "IN-35")]
    public async Task Who_gets_no_safety_stock_is_served_by_what_comes()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 5);
        await Sets(shop, new SetRings.Item(RingKind.Safety, Quantity: 2));
        await shop.Takes(("MUG-BL", 4));
        (await SupplyTests.OnDay(shop, "MUG-BL", 0)).ShouldBe(0, "two are there, and sold to nobody");

        await SupplyTests.Announces(shop, "MUG-BL", 6, 5);

        (await shop.Text("select expected_on::text from stock.waiting")).ShouldBe("2026-03-15");
        (await SupplyTests.OnDay(shop, "MUG-BL", 5)).ShouldBe(5);
        await shop.Stocks("MUG-BL", 1);
        await shop.Delivers();
        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-09", "IN-35")]
    public async Task What_a_ring_keeps_from_somebody_is_not_served_to_it_later_but_what_comes_beyond_it_is()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 6);
        await Sets(shop, new SetRings.Item(RingKind.Dedicated, "bazaar", Quantity: 6));
        await shop.Takes(("MUG-BL", 4));
        (await shop.Text("select kept from stock.waiting")).ShouldBe("6 are kept for bazaar at MAIN");

        await SupplyTests.Announces(shop, "MUG-BL", 10, 5);
        (await shop.Text("select expected_on::text from stock.waiting")).ShouldBe("2026-03-15", "six stay the bazaar's, and ten come");
        (await SupplyTests.OnDay(shop, "MUG-BL", 0)).ShouldBe(6, "the bazaar's are there for whoever may have them");
        (await SupplyTests.OnDay(shop, "MUG-BL", 5)).ShouldBe(12, "of sixteen, four are waited for");

        await shop.TakesFromBazaar(("MUG-BL", 8));
        await shop.Runs<ExpectSuppliesJob>();
        (await shop.Text("select string_agg(coalesce(channel, '') || ' ' || quantity / 1000 || ' ' || coalesce(expected_on::text, 'never'), ', ' order by channel) from stock.waiting"))
            .ShouldBe("bazaar 2 never, webshop 4 2026-03-15", "the bazaar has six of its own and no others, whatever comes");
        (await SupplyTests.OnDay(shop, "MUG-BL", 5)).ShouldBe(6);
        await shop.Proves();
    }

    [Fact, Feature("IN-09", "IN-35")]
    public async Task A_share_of_what_may_be_sold_grows_with_what_comes_and_the_last_ones_are_left()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 10);
        await Sets(shop, new SetRings.Item(RingKind.Share, "bazaar", Percent: 50), new(RingKind.Last, "webshop", Quantity: 3));
        await shop.TakesFromBazaar(("MUG-BL", 9));
        await shop.Takes(("MUG-BL", 4));
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(7, "five of ten for the bazaar, and the web shop leaves three of the other five");

        await SupplyTests.Announces(shop, "MUG-BL", 4, 3);
        await SupplyTests.Announces(shop, "MUG-BL", 4, 6);
        (await shop.Text("select string_agg(channel || ' ' || coalesce(expected_on::text, 'never'), ', ' order by channel) from stock.waiting"))
            .ShouldBe("bazaar 2026-03-16, webshop 2026-03-13", "two of the bazaar's when it may have seven of fourteen, two when nine of eighteen; the web shop leaves three of five");
        await shop.Proves();
    }

    [Fact, Feature("IN-14")]
    public async Task What_a_store_holds_for_itself_is_not_sold_online_and_the_other_way_round()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 5, node: "OVERFLOW");
        await Sets(shop, new SetRings.Item(RingKind.Dedicated, "webshop", "OVERFLOW", Quantity: 2), new(RingKind.Dedicated, "bazaar", "OVERFLOW", Quantity: 3));

        var online = await shop.Takes(("MUG-BL", 4));

        online.Status.ShouldBe(OrderStatus.Backordered);
        (await shop.Position("MUG-BL", "OVERFLOW")).Reserved.ShouldBe(2);
        (await Shown(shop, "bazaar", "OVERFLOW")).ShouldBe(3, "its own are still there");
        await shop.Proves();
    }

    [Theory, Feature("IN-09", "IN-04", "IN-13")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task However_many_buy_at_once_no_ring_is_ever_exceeded_and_nothing_is_oversold(int seed)
    {
        await using var shop = await Shop.Open();
        var dice = new Random(seed);
        await shop.Stocks("MUG-BL", 30);
        await Sets(shop, new SetRings.Item(RingKind.Most, "bazaar", Quantity: 8), new(RingKind.Kept, "webshop", "MAIN", "MUG-BL", 15), new(RingKind.Safety, Quantity: 4));
        var orders = Enumerable.Range(0, 40).Select(n => (n % 2 == 0 ? "bazaar" : "webshop", dice.Next(1, 4))).ToArray();

        await Task.WhenAll(orders.Select(o => shop.Tries(shop.NewOrder(o.Item1, ("MUG-BL", o.Item2)))));

        var bazaar = await shop.Number("select coalesce(sum(open), 0) from stock.reservation where channel = 'bazaar'");
        var webshop = await shop.Number("select coalesce(sum(open), 0) from stock.reservation where channel = 'webshop'");
        bazaar.ShouldBe(8000, "it wanted many more");
        webshop.ShouldBe(18_000);
        (bazaar + webshop).ShouldBe(26_000, "four are safety stock");
        await shop.Delivers();
        await shop.Proves();
    }

    [Fact, Feature("IN-09")]
    public async Task Where_no_ring_is_set_for_a_product_nothing_more_is_asked()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 100);
        await shop.Stocks("MUG-BL", 100);
        await shop.Takes(("TEE-M", 1));
        var before = await Statements(shop, "TEE-M");

        await Sets(shop, new SetRings.Item(RingKind.Most, "webshop", Sku: "MUG-BL", Quantity: 50));
        await shop.Takes(("TEE-M", 1));

        (await Statements(shop, "TEE-M")).ShouldBe(before);
        (await Statements(shop, "MUG-BL")).ShouldBe(before + 2, "what the channel has promised is asked before a site is chosen, and again with the lock");
    }

    [Fact, Feature("IN-09", "IN-10")]
    public async Task A_ring_that_makes_no_sense_is_refused()
    {
        await using var shop = await Shop.Open();
        (await Tries(shop, new(RingKind.Safety, "webshop", Quantity: 1))).ShouldBe("stock.ring-whose");
        (await Tries(shop, new(RingKind.Most, Quantity: 1))).ShouldBe("stock.ring-whose");
        (await Tries(shop, new(RingKind.Most, "webshop", Percent: 1))).ShouldBe("stock.ring-how-much");
        (await Tries(shop, new(RingKind.Most, "mars", Quantity: 1))).ShouldBe("stock.ring-channel");
        (await Tries(shop, new(RingKind.Most, "webshop", "MARS", Quantity: 1))).ShouldBe("stock.node-unknown");
        (await Tries(shop, new(RingKind.Most, "webshop", Sku: "NOTHING", Quantity: 1))).ShouldBe("stock.sku-unknown");
        await Sets(shop, new SetRings.Item(RingKind.Most, "webshop", Quantity: 1));
        await Sets(shop, new SetRings.Item(RingKind.Most, "webshop", Quantity: 2));
        (await shop.Number("select quantity from stock.ring")).ShouldBe(2000, "it is set again, not twice");
    }

    private static Ring R(RingKind kind, int quantity, string channel = "", string node = "", string sku = "", int percent = 0) =>
        new(default, default, kind, channel, node, sku, quantity, percent, null, Shop.Morning, "test", Guid.Empty);

    private static (Quantity Quantity, string? Kept) Allows(Position position, string channel, Ring[]? rings = null, params (string Channel, int Quantity)[] held) =>
        new Rings(rings ?? []).Allows(OnOffer.Of(position), channel, DemandKind.Order, held.ToDictionary(h => h.Channel, h => (Quantity)h.Quantity));

    private static async Task<Quantity> Shown(Shop shop, ChannelCode channel, NodeCode? node = null)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<StockDesk>().Offers(channel, [(Sku)"MUG-BL"], [node ?? "MAIN"]))[0].Quantity;
    }

    private static Task<Done> Sets(Shop shop, params SetRings.Item[] rings) => shop.Must<SetRings, SetRings.Request, Done>(new(rings));

    private static async Task<string?> Tries(Shop shop, SetRings.Item ring) => (await shop.Does<SetRings, SetRings.Request, Done>(new([ring]))).Error?.Code;

    private static async Task<int> Statements(Shop shop, Sku sku)
    {
        var count = StatementCount.Begin();
        await shop.Takes((sku, 1));
        return count.Statements;
    }
}
