using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Kernel;
using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// From which bins goods are taken: as a category or a site says, at least cost, and of the lot that was asked for.
public class RemovalTests
{
    [Theory, Feature("IN-19")]
    [InlineData(3, "C")]
    [InlineData(6, "B")]
    [InlineData(9, "D")]
    [InlineData(12, "D C")]
    [InlineData(14, "D B")]
    [InlineData(19, "D B A")]
    public void Least_cost_is_fewest_stops_and_of_those_the_nearest(int goal, string bins)
    {
        (LocationCode Code, int Free)[] there = [("C", 3), ("A", 4), ("B", 6), ("D", 9)];
        var rules = new RemovalRules(Removal.LeastCost, Removal.FirstExpired);
        var left = (Quantity)goal;

        var taken = rules.Sort(there.Select(t => LevelIn(t.Code, t.Free)), l => Array.FindIndex(there, t => t.Code == l.Key.Location), goal)
            .TakeWhile(l => { var more = left.IsPositive; left -= l.Free; return more; });

        string.Join(' ', taken.Select(l => l.Key.Location)).ShouldBe(bins);
    }

    [Fact, Feature("IN-19")]
    public void A_category_at_a_site_comes_before_the_category_and_that_before_the_site()
    {
        var rules = new RemovalRules(Removal.Closest, Removal.FirstExpired,
            [new(Site: "MAIN", Goods: Removal.FirstIn), new(Category: "Kitchen", Goods: Removal.LastIn), new(Category: "Kitchen", Site: "MAIN", Goods: Removal.FewestBins), new(Category: "Kitchen", Dated: Removal.LastIn)]);

        rules.Of("Kitchen", "MAIN", dated: false).ShouldBe(Removal.FewestBins);
        rules.Of("Kitchen", "OVERFLOW", dated: false).ShouldBe(Removal.LastIn);
        rules.Of("Bath", "MAIN", dated: false).ShouldBe(Removal.FirstIn);
        rules.Of(null, "OVERFLOW", dated: false).ShouldBe(Removal.Closest);
        rules.Of("Kitchen", "MAIN", dated: true).ShouldBe(Removal.LastIn);
        rules.Of("Bath", "MAIN", dated: true).ShouldBe(Removal.FirstExpired);
    }

    [Fact, Feature("IN-19")]
    public async Task A_category_is_taken_in_its_own_order_and_everything_else_as_before()
    {
        await using var shop = await PutawayTests.Open();
        await shop.Sells(new("CUP", "Cup", Attributes: new Dictionary<string, string> { ["category"] = "Kitchen" }));
        foreach (var (sku, place) in new (Sku, LocationCode)[] { ("CUP", "MAIN/B-1"), ("MUG-BL", "MAIN/B-1"), ("CUP", "MAIN/A-1"), ("MUG-BL", "MAIN/A-1") })
        {
            await Lays(shop, sku, place, 5);
            shop.Clock.Step(TimeSpan.FromHours(1));
        }

        await shop.Chooses(RemovalRules.Kind, new RemovalRules(Removal.Closest, Removal.FirstExpired, [new(Category: "Kitchen", Site: "MAIN", Goods: Removal.FirstIn)]));
        await shop.Releases(await shop.Takes(("CUP", 2), ("MUG-BL", 2)));

        (await shop.Text("select string_agg(sku || ' ' || location, ', ' order by sku) from stock.allocation")).ShouldBe("CUP MAIN/B-1, MUG-BL MAIN/A-1");
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task A_transfer_takes_the_lot_that_was_asked_for_and_others_leave_it_there()
    {
        await using var shop = await WithTea();
        var transfer = await Asks(shop, 4, "L2");
        (await shop.Text("select string_agg(lot || ' ' || open, ',') from stock.reservation")).ShouldBe("L2 4000");

        var order = await shop.Takes(("TEA", 6));
        var short_ = await Asks(shop, 3, "L2");
        (await shop.Number($"select quantity from stock.waiting where document_id = '{short_.Id}'")).ShouldBe(2_000, "one is left of the lot");
        (await shop.Text("select kept from stock.waiting")).ShouldBe("1 of lot L2 are free at MAIN");
        await shop.Releases(order);
        (await shop.Text("select string_agg(lot || ' ' || quantity, ', ' order by lot) from stock.allocation")).ShouldBe("L1 5000, L3 1000", "first expired, but not what is promised of a lot");

        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new Id<Transfer>(transfer.Id)));
        (await shop.Text("select string_agg(lot || ' ' || quantity, ', ') from stock.move where to_location = 'TRANSIT'")).ShouldBe("L2 4000");
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task A_lot_that_is_not_there_to_be_picked_is_said_by_name_and_nothing_else_goes_instead()
    {
        await using var shop = await WithTea();
        var transfer = await Asks(shop, 4, "L2");
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEA", "MAIN/B-1", "MAIN/RECEIVING", 5, "L2")]));

        var refused = await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new Id<Transfer>(transfer.Id)));
        (refused.Error?.Code, refused.Error?.Message).ShouldBe(("stock.lot-not-there", "Lot L2 of TEA was asked for, and MAIN has not as many of it to be picked. Put it away, or promise another one."));
        (await shop.Does<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("TEA", 1, Lot: "NOBODY")]))).Error?.Code.ShouldBe("stock.lot-unknown");
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task An_issue_names_the_lot_that_leaves_whatever_was_set_aside()
    {
        await using var shop = await WithTea();
        var order = await shop.Takes(("TEA", 3));
        var promise = await Issues(shop, order.Id!.Value.Value, order.Number!, "L3");
        promise.Refused.ShouldBeNull();
        (await shop.Text("select string_agg(lot || ' ' || quantity, ', ') from stock.move where to_location = 'CUSTOMER'")).ShouldBe("L3 3000");

        var other = await shop.Takes(("TEA", 3));
        await Asks(shop, 5, "L2");
        (await Issues(shop, other.Id!.Value.Value, other.Number!, "L2")).Refused?.Code.ShouldBe("stock.lot-not-there", "all of it is promised to the transfer");
    }

    [Fact, Feature("IN-18", "IN-19")]
    public async Task An_order_that_names_its_lot_is_promised_that_lot_and_gets_it()
    {
        await using var shop = await WithTea();
        var order = (await shop.Tries(Named(shop, 4, "L3"))).Value;
        (await shop.Text("select string_agg(lot || ' ' || open, ',') from stock.reservation")).ShouldBe("L3 4000");

        var second = (await shop.Tries(Named(shop, 3, "L3"))).Value;
        (second.Status, second.Short.Single().Quantity).ShouldBe((OrderStatus.Backordered, (Quantity)2));
        second.Short.Single().Kept.ShouldBe("1 of lot L3 are free at MAIN");
        await shop.Cancels(second);
        await shop.Releases(order);
        (await shop.Text("select string_agg(lot || ' ' || quantity, ', ') from stock.allocation where open > 0")).ShouldBe("L3 4000");
        await shop.Ships((await shop.Tries(Named(shop, 2, "L2"))).Value);
        (await shop.Text("select string_agg(lot || ' ' || quantity, ', ') from stock.move where to_location = 'CUSTOMER'")).ShouldBe("L2 2000", "though another one expires first");

        (await shop.Tries(Named(shop, 1, "NOBODY"))).Error?.Message.ShouldBe("Nobody knows a lot NOBODY of TEA. Name one that is there, or leave it out.");
        (await shop.Tries(Named(shop, 1, "L3", "MUG-BL"))).Error?.Code.ShouldBe("order.lot-unknown", "a mug has no lots");
        await shop.Proves();
    }

    [Theory, Feature("IN-18"), InlineData(1), InlineData(2), InlineData(3)]
    public async Task Whatever_is_asked_for_promises_of_lots_are_kept(int seed)
    {
        await using var shop = await WithTea();
        var dice = new Random(seed);
        var transfers = new List<DocumentRef>();
        for (var i = 0; i < 4; i++) transfers.Add(await Asks(shop, dice.Next(1, 4), $"L{dice.Next(1, 4)}"));
        foreach (var n in new[] { 2, 3 }) await shop.Releases(await shop.Takes(("TEA", dice.Next(1, n + 2))));

        foreach (var transfer in transfers.Where((_, i) => i % 2 == 0))
        {
            if (await shop.Number($"select coalesce(sum(open), 0) from stock.reservation where document_id = '{transfer.Id}'") > 0)
                (await shop.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new Id<Transfer>(transfer.Id)))).Error.ShouldBeNull();
        }

        await shop.Proves();
    }

    private static Level LevelIn(LocationCode code, Quantity free) => new(new LevelKey(default, "MAIN", "MUG", code, "", "", PositionKey.Own), free, 0);

    /// Five each of three lots, the first to expire on the shelf that is farthest.
    private static async Task<Shop> WithTea()
    {
        var shop = await PutawayTests.Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Tracking.Lot));
        var day = DateOnly.FromDateTime(Shop.Morning.UtcDateTime);
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([
            .. new (string Lot, LocationCode Place, int Days)[] { ("L1", "MAIN/C-1", 60), ("L2", "MAIN/B-1", 90), ("L3", "MAIN/A-1", 120) }
                .Select(l => new ReceiveGoods.Receipt("MAIN", [new("TEA", 5, new UnitPrice(1_000_000, Currency.Eur), l.Lot, day.AddDays(l.Days))], Location: l.Place))]));
        return shop;
    }

    private static NewOrder Named(Shop shop, int quantity, LotCode lot, Sku? sku = null)
    {
        var order = shop.NewOrder("webshop", (sku ?? "TEA", quantity));
        return order with { Lines = [order.Lines[0] with { Lot = lot }] };
    }

    private static Task<DocumentRef> Asks(Shop shop, int quantity, LotCode lot) =>
        shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("TEA", quantity, Lot: lot)]));

    private static async Task<Issued> Issues(Shop shop, Guid order, string number, LotCode lot)
    {
        await using var scope = shop.Scope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        db.Begin();
        var answer = await scope.ServiceProvider.GetRequiredService<StockDesk>().Issue([
            new IssueRequest(new DocumentRef("shipment", Guid.NewGuid(), "SH-TEST"), new DocumentRef("order", order, number), "MAIN", [new IssueLine(1, "TEA", 3) { Lot = lot }], "webshop", Guid.Empty)]);
        await db.Commit(default);
        return answer[0];
    }

    private static async Task Lays(Shop shop, Sku sku, LocationCode place, int quantity) =>
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new ReceiveGoods.Line(sku, quantity, new UnitPrice(1_000_000, Currency.Eur))], Location: place)]));
}
