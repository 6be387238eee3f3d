using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Sales;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Units that are told apart: where they came from, until when they are sold, where they went.
public class LotTests
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(Shop.Morning.UtcDateTime);
    internal static readonly DateOnly Soon = Today.AddDays(20);
    internal static readonly DateOnly Later = Today.AddDays(60);

    [Fact, Feature("IN-18", "IN-19")]
    public async Task What_expires_first_leaves_first_and_the_lot_knows_who_got_it()
    {
        await using var shop = await Teas();
        await Receives(shop, "L-LATE", 5, Later);
        await Receives(shop, "L-SOON", 3, Soon);

        var first = await shop.Takes(("TEA", 4));
        await shop.Ships(first);

        (await Held(shop)).ShouldBe("L-LATE 4");
        (await shop.Text("select string_agg(lot || ' ' || quantity / 1000 || ' ' || order_number, ', ' order by lot desc) from stock.lot_trail where step = 'Issued'")).ShouldBe($"L-SOON 3 {first.Number}, L-LATE 1 {first.Number}");
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task What_a_customer_sends_back_is_of_the_lots_that_the_order_got()
    {
        await using var shop = await Teas();
        await Receives(shop, "L-A", 2, Soon);
        await Receives(shop, "L-B", 5, Later);
        var order = await shop.Takes(("TEA", 4));
        await shop.Ships(order);
        await shop.Delivers(order);

        await shop.Credits(order, line: 1, quantity: 3);

        (await shop.Text("select string_agg(lot || ' ' || quantity / 1000, ', ' order by lot) from stock.lot_trail where step = 'Returned'")).ShouldBe("L-A 2, L-B 1");
        (await shop.Text("select string_agg(lot || ' ' || on_hand / 1000, ', ' order by lot) from stock.level where location = 'MAIN/RETURNS' and on_hand > 0")).ShouldBe("L-A 2, L-B 1");
        await shop.Proves();
    }

    [Fact, Feature("IN-19", "IN-31")]
    public async Task A_lot_whose_last_day_is_over_is_taken_off_sale_and_its_promises_give_way()
    {
        await using var shop = await Teas(lastSaleDays: 5);
        await Receives(shop, "L-A", 3, Soon);
        var order = await shop.Takes(("TEA", 2));
        await shop.Runs<ExpireLotsJob>();
        (await shop.Position("TEA")).Sellable.ShouldBe(3, "nothing is over yet");

        await Changes(shop, "L-A", expiresOn: Today.AddDays(2));
        await shop.Runs<ExpireLotsJob>();
        await shop.Delivers();

        (await shop.Position("TEA")).ShouldSatisfyAllConditions(p => p.OnHand.ShouldBe(3), p => p.Sellable.ShouldBe(0), p => p.Reserved.ShouldBe(0));
        (await shop.Number("select count(*) from kernel.work_case where kind = 'promise-displaced'")).ShouldBe(1);
        (await shop.Does<UnblockLot, UnblockLot.Request, Keel.Kernel.DocumentRef>(new(await IdOf(shop, "L-A")))).Error!.Code.ShouldBe("stock.lot-over");
        var sellable = (await shop.Position("TEA")).Sellable;
        await shop.Must<BlockLot, BlockLot.Request, Keel.Kernel.DocumentRef>(new(await IdOf(shop, "L-A"), "glass in it", Recall: true));
        (await shop.Text("select string_agg(distinct expired::text, ',') from stock.freeze where lot = 'L-A' and thawed_at is null")).ShouldBe("false", "what is over is blocked for itself too");
        await shop.Must<UnblockLot, UnblockLot.Request, Keel.Kernel.DocumentRef>(new(await IdOf(shop, "L-A"), "a false alarm"));
        (await shop.Position("TEA")).Sellable.ShouldBe(sellable, "it is over all the same");
        (await shop.Does<UnblockLot, UnblockLot.Request, Keel.Kernel.DocumentRef>(new(await IdOf(shop, "L-A")))).Error!.Code.ShouldBe("stock.lot-over");
        await shop.Proves();

        await Changes(shop, "L-A", expiresOn: Later);
        await shop.Runs<ExpireLotsJob>();
        await shop.Delivers();
        (await shop.Position("TEA")).ShouldSatisfyAllConditions(p => p.Sellable.ShouldBe(3), p => p.Reserved.ShouldBe(2, "the order waited for it"));
        order.Status.ShouldBe(OrderStatus.Reserved);
        await shop.Proves();
    }

    [Fact, Feature("IN-18", "IN-36", "IN-31")]
    public async Task A_lot_is_called_back_at_every_site_while_orders_reserve_it()
    {
        await using var shop = await Teas();
        await Receives(shop, "BAD", 30, Soon);
        await Receives(shop, "GOOD", 30, Later);
        var sent = await shop.Takes(("TEA", 2));
        await shop.Ships(sent);

        var lot = await IdOf(shop, "BAD");
        var recall = shop.Does<BlockLot, BlockLot.Request, Keel.Kernel.DocumentRef>(new(lot, "glass in it", Recall: true));
        await Task.WhenAll([recall, .. Enumerable.Range(0, 8).Select(_ => (Task)Ships(shop))]);
        (await recall).Ok.ShouldBeTrue();
        await shop.Delivers();
        await shop.Proves();

        for (var i = 0; i < 4; i++) await Ships(shop);
        var position = await shop.Position("TEA");
        position.Sellable.ShouldBe(await shop.Number("select coalesce(sum(on_hand), 0)::bigint / 1000 from stock.level where sku = 'TEA' and lot = 'GOOD'") is var good ? (int)good : 0);
        (await shop.Number("select count(*) from stock.freeze where lot = 'BAD' and thawed_at is null")).ShouldBe(2, "one at each site");
        var left = await shop.Number("select sum(quantity)::bigint / 1000 from stock.move where sku = 'TEA' and lot = 'BAD' and to_location = 'CUSTOMER'");
        (await shop.Text("select sentence from kernel.work_case where kind = 'lot-recall'")).ShouldContain($"{left} units are with ", customMessage: "who was served before the recall is told of, and nobody was served after it");
        await shop.Proves();

        (await shop.Does<UnblockLot, UnblockLot.Request, Keel.Kernel.DocumentRef>(new(lot, "a false alarm"))).Ok.ShouldBeTrue();
        (await shop.Position("TEA")).ShouldSatisfyAllConditions(p => p.Sellable.ShouldBe(p.OnHand));
        await shop.Proves();

        static async Task Ships(Shop shop)
        {
            var order = await shop.Takes(("TEA", 1));
            if (order.Status is OrderStatus.Reserved) await shop.Ships(order);
        }
    }

    [Fact, Feature("IN-18", "IN-15")]
    public async Task Lots_travel_with_a_transfer()
    {
        await using var shop = await Teas();
        await Receives(shop, "L-A", 2, Soon);
        await Receives(shop, "L-B", 5, Later);

        var transfer = await shop.Must<RequestTransfer, RequestTransfer.Request, Keel.Kernel.DocumentRef>(new("MAIN", "OVERFLOW", [new("TEA", 4)], Reason: "balance"));
        await shop.Must<ShipTransfer, ShipTransfer.Request, Keel.Kernel.DocumentRef>(new(new(transfer.Id)));
        await shop.Proves();
        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, Keel.Kernel.DocumentRef>(new(new(transfer.Id), [new(1, 3)]));

        (await shop.Text("select string_agg(lot || ' ' || on_hand / 1000, ', ' order by lot) from stock.level where node = 'OVERFLOW' and on_hand > 0")).ShouldBe("L-A 2, L-B 1");
        await shop.Must<SettleTransfer, SettleTransfer.Request, Keel.Kernel.DocumentRef>(new(new(transfer.Id), TransferOutcome.Lost));
        (await shop.Number("select sum(case when to_location = 'LOSS' then quantity else 0 end)::bigint from stock.move where lot = 'L-B'")).ShouldBe(1000);
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task A_serial_number_is_on_hand_once_whoever_receives_it()
    {
        await using var shop = await Bikes();
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Tries(shop, "BIKE", "SN-1", 1, null, node: i % 2 == 0 ? "MAIN" : "OVERFLOW")));

        tries.Count(t => t.Ok).ShouldBe(1);
        tries.Where(t => !t.Ok).ShouldAllBe(t => t.Error!.Code == "stock.serial-twice");
        (await Tries(shop, "BIKE", "SN-2, SN-2", 2, null)).Error!.Code.ShouldBe("stock.serial-twice");
        (await Tries(shop, "BIKE", "SN-2", 2, null)).Error!.Code.ShouldBe("stock.serial-count");
        (await Tries(shop, "BIKE", "SN-010..SN-012", 3, null)).Ok.ShouldBeTrue();
        (await shop.Text("select string_agg(code, ' ' order by code) from stock.lot")).ShouldBe("SN-010 SN-011 SN-012 SN-1");
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task A_serial_number_that_came_back_can_be_received_and_sold_again()
    {
        await using var shop = await Bikes();
        (await Tries(shop, "BIKE", "SN-1", 1, null)).Ok.ShouldBeTrue();
        var order = await shop.Takes(("BIKE", 1));
        await shop.Ships(order);
        (await shop.Number("select held from stock.lot where code = 'SN-1'")).ShouldBe(0);
        await shop.Delivers(order);
        await shop.Credits(order, line: 1, quantity: 1);

        (await shop.Number("select held from stock.lot where code = 'SN-1'")).ShouldBe(1000);
        (await Tries(shop, "BIKE", "SN-1", 1, null)).Error!.Message.ShouldContain("MAIN/RETURNS");
        (await shop.Does<MoveStock, MoveStock.Request, Keel.Kernel.DocumentRef>(new([new("BIKE", "MAIN/RETURNS", "MAIN/STOCK", 1)]))).Ok.ShouldBeTrue();
        await shop.Ships(await shop.Takes(("BIKE", 1)));
        await shop.Proves();
    }

    [Fact, Feature("IN-18", "CC-05")]
    public async Task Counts_are_of_a_lot_and_an_empty_place_needs_none()
    {
        await using var shop = await Teas();
        await Receives(shop, "L-A", 2, Soon);
        await Receives(shop, "L-B", 5, Later);

        (await Counts(shop, "MAIN/STOCK", 6)).Error!.Message.ShouldContain("L-A (2), L-B (5)");
        (await Counts(shop, "MAIN/STOCK", 7)).Ok.ShouldBeTrue("the book says so as well");
        (await Counts(shop, "MAIN/STOCK", 4, "L-B")).Ok.ShouldBeTrue();
        (await Held(shop)).ShouldBe("L-A 2, L-B 4");
        (await Counts(shop, "MAIN/STOCK", 1, "L-NEW")).Error!.Code.ShouldBe("stock.lot-expiry");
        (await Counts(shop, "MAIN/STOCK", 1, "L-NEW", Later)).Ok.ShouldBeTrue();
        (await Counts(shop, "MAIN/STOCK", 0)).Ok.ShouldBeTrue("the place is empty");
        (await shop.Position("TEA")).OnHand.ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-18", "IN-19")]
    public async Task What_nobody_could_trace_or_sell_is_refused_with_what_to_do()
    {
        await using var shop = await Teas();
        (await Tries(shop, "TEA", null, 5, null)).Error!.Code.ShouldBe("stock.lot-needed");
        (await Tries(shop, "TEA", "L-A", 5, null)).Error!.Code.ShouldBe("stock.lot-expiry");
        (await Tries(shop, "TEA", "L-A", 5, Today.AddDays(-1))).Error!.Code.ShouldBe("stock.lot-expired");
        (await Tries(shop, "TEE-M", "L-A", 5, null)).Error!.Code.ShouldBe("stock.lot-not-tracked");
        (await Tries(shop, "TEA", "L-A", 5, Soon)).Ok.ShouldBeTrue();
        (await Tries(shop, "TEA", "L-A", 5, Later)).Error!.Code.ShouldBe("stock.lot-other-expiry");
        (await Tries(shop, "TEA", "L-A", 5, null)).Ok.ShouldBeTrue("the lot is known");
        (await Receives(shop, "OLD", 1, Today.AddDays(-1), "MAIN/QUARANTINE")).Ok.ShouldBeTrue("nothing is sold from there");

        var none = await shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([new("TEA", "Tea", Tracking: Tracking.None)]));
        none.Error!.Code.ShouldBe("product.tracking-fixed");
        await shop.Proves();
    }

    [Fact, Feature("IN-18")]
    public async Task A_number_counts_up_as_it_is_written()
    {
        LotText.Read("A08..A11; b-1\nC").Value.Select(c => c.Text).ShouldBe(["A08", "A09", "A10", "A11", "B-1", "C"]);
        LotText.Read("A11..A08").Error!.Code.ShouldBe("stock.lot-code");
        LotText.Read("A1..B2").Error!.Code.ShouldBe("stock.lot-code");
        LotText.Read("").Value.ShouldBeEmpty();
        LotText.Read("1..9999999").Error!.Code.ShouldBe("stock.lot-code");
        await Task.CompletedTask;
    }

    [Theory, Feature("IN-19")]
    [InlineData("FirstIn", "OLD")]
    [InlineData("LastIn", "NEW")]
    [InlineData("Closest", "NEW")]
    [InlineData("FewestBins", "OLD")]
    public async Task Bins_are_emptied_in_the_order_that_was_chosen(string how, string from)
    {
        await using var shop = await Shop.Open();
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/OLD", "MAIN", PickOrder: 9), new("MAIN/NEW", "MAIN", PickOrder: 1)]));
        await shop.Counts("MAIN/OLD", "TEE-M", 3);
        shop.Clock.Step(TimeSpan.FromHours(1));
        await shop.Counts("MAIN/NEW", "TEE-M", 8);
        await shop.Chooses("removal", new { goods = how, dated = "FirstExpired" });

        await shop.Ships(await shop.Takes(("TEE-M", 3)));

        (await shop.Number($"select on_hand from stock.level where location = 'MAIN/{from}'")).ShouldBe(from == "OLD" ? 0 : 5000);
        await shop.Proves();
    }

    internal static async Task<Shop> Teas(int? lastSaleDays = null)
    {
        var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Tracking.Lot, ShelfLifeDays: 365, LastSaleDays: lastSaleDays));
        return shop;
    }

    internal static async Task<Shop> Bikes()
    {
        var shop = await Shop.Open();
        await shop.Sells(new("BIKE", "Bike", Tracking: Tracking.Serial));
        return shop;
    }

    internal static Task<Result<IReadOnlyList<Keel.Kernel.DocumentRef>>> Receives(Shop shop, string lot, int quantity, DateOnly expires, string? place = null) => Tries(shop, "TEA", lot, quantity, expires, "MAIN", place);

    internal static Task<Result<IReadOnlyList<Keel.Kernel.DocumentRef>>> Tries(Shop shop, string sku, string? lots, int quantity, DateOnly? expires, string node = "MAIN", string? place = null) =>
        shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<Keel.Kernel.DocumentRef>>(new([
            new(node, [new(sku, quantity, new UnitPrice(2_000_000, Currency.Eur), lots, expires)], Location: place is null ? default(LocationCode?) : place)]));

    private static Task<Result<IReadOnlyList<Keel.Kernel.DocumentRef>>> Counts(Shop shop, string place, int counted, string? lot = null, DateOnly? expires = null) =>
        shop.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<Keel.Kernel.DocumentRef>>(new([new(place, "TEA", counted, "count", null, lot is null ? default(LotCode?) : LotCode.From(lot), expires)]));

    private static async Task Changes(Shop shop, string lot, DateOnly expiresOn) => await shop.Must<ChangeLot, ChangeLot.Request, Keel.Kernel.DocumentRef>(
        new(await IdOf(shop, lot), (int)await shop.Number($"select version from stock.lot where code = '{lot}'"), ExpiresOn: expiresOn));

    private static async Task<Guid> IdOf(Shop shop, string lot) => Guid.Parse(await shop.Text($"select id from stock.lot where code = '{lot}'"));

    private static Task<string> Held(Shop shop) => shop.Text("select string_agg(lot || ' ' || on_hand / 1000, ', ' order by lot) from stock.level where sku = 'TEA' and on_hand > 0");
}
