using Keel.Catalog.Contract;
using Keel.Catalog.Products;
using Keel.Kernel;
using Keel.Sales;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Sites under another authority: what they tell is a fact, what differs from our book is a case, and our book never changes silently.
public class ExternalTests
{
    [Fact, Feature("IN-33", "IN-31")]
    public async Task What_is_missing_there_displaces_promises_at_once_and_our_book_stays_until_somebody_decides()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, worth: 50_00, node: "THIRD");
        var order = await Takes(shop, 9);

        var told = await Tells(shop, ("MUG-BL", 6));

        var position = await shop.Position("MUG-BL", "THIRD");
        (position.OnHand.Units, position.Sellable.Units, position.Reserved.Units).ShouldBe((10m, 6m, 6m));
        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(50_00);
        (await shop.Number("select count(*) from kernel.work_case where kind = 'external-drift' and state = 'Open'")).ShouldBe(1);
        (await shop.Number($"select quantity from stock.waiting where document_id = '{order.Id}'")).ShouldBe(3_000);
        await shop.Delivers();
        await shop.Proves();

        await shop.Must<AcceptDrift, AcceptDrift.Request, DocumentRef>(new(told, "lost"));

        (await shop.Number("select value from stock.cost_pool where sku = 'MUG-BL'")).ShouldBe(30_00);
        (await shop.Balance("inventory")).ShouldBe(30_00);
        (await shop.Number("select count(*) from kernel.work_case where kind = 'external-drift' and state = 'Open'")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-33")]
    public async Task What_moved_after_the_snapshot_is_no_drift()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, node: "THIRD");
        shop.Clock.Step(TimeSpan.FromHours(1));
        var asOf = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromHours(1));
        await shop.Ships(await Takes(shop, 4));
        await shop.Stocks("MUG-BL", 3, node: "THIRD");

        await Tells(shop, asOf, ("MUG-BL", 10));

        (await shop.Text("select state || ' ' || told || ' ' || book from stock.external_line")).ShouldBe("Agrees 10000 10000");
        (await shop.Position("MUG-BL", "THIRD")).Sellable.Units.ShouldBe(9);
        await shop.Proves();
    }

    [Fact, Feature("IN-33")]
    public async Task Keeping_our_book_gives_the_goods_back_to_whoever_waits()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 5, node: "THIRD");
        var order = await Takes(shop, 5);
        var told = await Tells(shop, ("MUG-BL", 2));

        await shop.Must<DismissDrift, DismissDrift.Request, DocumentRef>(new(told));
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Does<AcceptDrift, AcceptDrift.Request, DocumentRef>(new(told, "lost"))).Error!.Code.ShouldBe("stock.drift-decided");
        await shop.Proves();
    }

    [Fact, Feature("IN-33")]
    public async Task A_later_snapshot_takes_the_place_of_what_was_open_and_an_older_one_is_refused()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, node: "THIRD");
        await Tells(shop, ("MUG-BL", 6));
        shop.Clock.Step(TimeSpan.FromHours(1));
        await Tells(shop, ("MUG-BL", 9));

        (await shop.Text("select string_agg(state || ' ' || (told - book), ', ' order by told) from stock.external_line")).ShouldBe("Overtaken -4000, Open -1000");
        (await shop.Position("MUG-BL", "THIRD")).Sellable.Units.ShouldBe(9);
        (await shop.Does<TellSnapshot, TellSnapshot.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", "MUG-BL", 1)], shop.Clock.GetUtcNow().AddHours(-2)))).Error!.Code.ShouldBe("stock.snapshot-older");
        await shop.Proves();
    }

    [Fact, Feature("IN-33")]
    public async Task Little_drift_is_booked_by_the_policy_and_a_whole_snapshot_names_what_is_gone()
    {
        await using var shop = await Open();
        await shop.Chooses("external-drift", new { acceptUpToUnits = 1, reason = "lost" });
        await shop.Stocks("MUG-BL", 10, node: "THIRD");
        await shop.Stocks("BOWL", 4, node: "THIRD");
        await shop.Stocks("TEE-M", 2, node: "THIRD");

        await shop.Must<TellSnapshot, TellSnapshot.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", "MUG-BL", 9), new("THIRD", "TEE-M", 3)], Whole: true));

        (await shop.Text("select string_agg(sku || ' ' || state || ' ' || (told - book), ', ' order by sku) from stock.external_line")).ShouldBe("BOWL Open -4000, MUG-BL Accepted -1000, TEE-M Accepted 1000");
        (await shop.Number("select quantity from stock.cost_pool where sku = 'TEE-M'")).ShouldBe(3_000);
        await shop.Proves();
    }

    [Fact, Feature("IN-33")]
    public async Task A_site_of_our_own_is_counted_and_not_told()
    {
        await using var shop = await Shop.Open();

        var told = await shop.Does<TellSnapshot, TellSnapshot.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", "MUG-BL", 1)]));

        told.Error!.Code.ShouldBe("stock.site-not-external");
    }

    [Fact, Feature("IN-33")]
    public async Task Two_snapshots_and_buyers_at_once_lose_nothing_and_promise_nothing_twice()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 20, node: "THIRD");
        shop.Clock.Step(TimeSpan.FromMinutes(1));

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, 10).Select(_ => (Task)Takes(shop, 2)),
            .. new[] { 12, 15 }.Select(n => (Task)shop.Does<TellSnapshot, TellSnapshot.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", "MUG-BL", n)]))),
        ]);

        (await shop.Number("select count(*) from stock.external_snapshot")).ShouldBe(1);
        var position = await shop.Position("MUG-BL", "THIRD");
        (position.Reserved <= position.Sellable).ShouldBeTrue();
        await shop.Delivers();
        await shop.Proves();
    }

    [Fact, Feature("IN-33", "IN-31")]
    public async Task What_a_site_tells_of_single_units_is_booked_at_once_and_displaces_promises()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, worth: 50_00, node: "THIRD");
        await Takes(shop, 9);

        await Happened(shop, "E-1", ExternalEventKind.Damaged, 2);
        await Happened(shop, "E-2", ExternalEventKind.Lost, 3);

        var position = await shop.Position("MUG-BL", "THIRD");
        (position.OnHand.Units, position.Sellable.Units, position.Reserved.Units).ShouldBe((7m, 5m, 5m));
        (await shop.Balance("inventory")).ShouldBe(35_00);
        (await shop.Number("select sum(quantity) from stock.waiting")).ShouldBe(4_000);

        await Happened(shop, "E-3", ExternalEventKind.GoodAgain, 1);
        await Happened(shop, "E-4", ExternalEventKind.Found, 3);

        (await shop.Position("MUG-BL", "THIRD")).Sellable.Units.ShouldBe(9);
        (await shop.Balance("inventory")).ShouldBe(50_00);
        await shop.Delivers();
        await shop.Proves();
    }

    [Fact, Feature("IN-33")]
    public async Task An_event_told_twice_is_one_and_another_one_under_its_reference_is_refused()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, node: "THIRD");
        var first = await Happened(shop, "E-1", ExternalEventKind.Lost, 3);

        (await Happened(shop, "E-1", ExternalEventKind.Lost, 3)).ShouldBe(first);
        (await Refused(shop, new TellEvents.Event("THIRD", "E-1", ExternalEventKind.Lost, "MUG-BL", 4))).ShouldBe("stock.event-changed");
        (await Refused(shop, new TellEvents.Event("MAIN", "E-2", ExternalEventKind.Lost, "MUG-BL", 1))).ShouldBe("stock.site-not-external");
        (await Refused(shop, new TellEvents.Event("THIRD", "E-2", ExternalEventKind.Lost, "MUG-BL", 1, HappenedAt: shop.Clock.GetUtcNow().AddHours(1)))).ShouldBe("stock.event-future");
        (await Refused(shop, new TellEvents.Event("THIRD", "E-2", ExternalEventKind.Lost, "MUG-BL", 1, "NO-LOT"))).ShouldBe("stock.lot-unknown");

        (await Refused(shop, new TellEvents.Event("THIRD", "E-2", ExternalEventKind.Lost, "MUG-BL", 1), new("THIRD", "E-2", ExternalEventKind.Lost, "MUG-BL", 2))).ShouldBe("stock.event-twice");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Happened(shop, "E-9", ExternalEventKind.Lost, 1)));

        (await shop.Position("MUG-BL", "THIRD")).OnHand.Units.ShouldBe(6);
        await shop.Proves();
    }

    [Fact, Feature("IN-33", "IN-31")]
    public async Task What_our_book_cannot_follow_is_a_case()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 2, node: "THIRD");

        await Happened(shop, "E-1", ExternalEventKind.Lost, 5);
        await Happened(shop, "E-2", ExternalEventKind.Damaged, 1);

        (await shop.Position("MUG-BL", "THIRD")).OnHand.Units.ShouldBe(0);
        (await shop.Text("select string_agg(quantity || '/' || booked || coalesce(' ' || left(document_number, 2), ''), ', ' order by number) from stock.external_event")).ShouldBe("5000/2000 AD, 1000/0");
        (await shop.Number("select count(*) from kernel.work_case where kind = 'external-drift' and state = 'Open'")).ShouldBe(2);
        await shop.Proves();
    }

    [Theory, Feature("IN-33", "IN-34")]
    [InlineData(3, "Agrees 7000", 0, 7)]
    [InlineData(2, "Open 8000", 1, 7)]
    [InlineData(4, "Open 6000", 0, 6)]
    public async Task An_event_of_before_a_snapshot_explains_what_it_told_and_is_not_booked_twice(int lost, string line, int inDoubt, int sellable)
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, node: "THIRD");
        shop.Clock.Step(TimeSpan.FromHours(2));
        await Tells(shop, ("MUG-BL", 7));
        shop.Clock.Step(TimeSpan.FromHours(1));

        await shop.Must<TellEvents, TellEvents.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", "E-1", ExternalEventKind.Lost, "MUG-BL", lost, HappenedAt: shop.Clock.GetUtcNow().AddHours(-2))]));

        (await shop.Text("select state || ' ' || book from stock.external_line")).ShouldBe(line);
        (await shop.Number("select coalesce(sum(quantity), 0) from stock.external_doubt")).ShouldBe(inDoubt * 1000);
        (await shop.Position("MUG-BL", "THIRD")).Sellable.Units.ShouldBe(sellable);
        (await shop.Number("select count(*) from kernel.work_case where kind = 'external-drift' and state = 'Open'")).ShouldBe(line.StartsWith("Agrees", StringComparison.Ordinal) ? 0 : 1);
        await shop.Proves();
    }

    [Fact, Feature("IN-33", "IN-34")]
    public async Task Several_events_of_one_file_explain_a_snapshot_together()
    {
        await using var shop = await Open();
        await shop.Stocks("MUG-BL", 10, node: "THIRD");
        shop.Clock.Step(TimeSpan.FromHours(2));
        await Tells(shop, ("MUG-BL", 6));
        var before = shop.Clock.GetUtcNow().AddHours(-1);

        await shop.Must<TellEvents, TellEvents.Request, IReadOnlyList<DocumentRef>>(new([
            new("THIRD", "E-1", ExternalEventKind.Lost, "MUG-BL", 3, HappenedAt: before), new("THIRD", "E-2", ExternalEventKind.Damaged, "MUG-BL", 1, HappenedAt: before)]));

        (await shop.Text("select string_agg(state || ' ' || book, ', ' order by condition desc) from stock.external_line")).ShouldBe("Agrees 6000");
        (await shop.Number("select count(*) from stock.external_doubt")).ShouldBe(0);
        (await shop.Position("MUG-BL", "THIRD") is var position ? (position.OnHand.Units, position.Sellable.Units) : default).ShouldBe((7m, 6m));
        (await shop.Number("select count(*) from kernel.work_case where kind = 'external-drift' and state = 'Open'")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-33", "IN-18")]
    public async Task Where_units_are_told_apart_the_event_names_its_lot()
    {
        await using var shop = await Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Tracking.Lot));
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", [new("TEA", 4, new UnitPrice(1_000_000, Currency.Eur), "L1"), new("TEA", 6, new UnitPrice(1_000_000, Currency.Eur), "L2")])]));

        (await Refused(shop, new TellEvents.Event("THIRD", "E-1", ExternalEventKind.Lost, "TEA", 1))).ShouldBe("stock.event-lot");
        (await Refused(shop, new TellEvents.Event("THIRD", "E-1", ExternalEventKind.Found, "TEA", 1))).ShouldBe("stock.event-lot");
        await shop.Must<TellEvents, TellEvents.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", "E-1", ExternalEventKind.Lost, "TEA", 1, "L2")]));
        await shop.Must<TellEvents, TellEvents.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", "E-2", ExternalEventKind.Found, "TEA", 2, "L1")]));

        (await shop.Text("select string_agg(lot || ' ' || on_hand, ', ' order by lot) from stock.level where sku = 'TEA' and node = 'THIRD'")).ShouldBe("L1 6000, L2 5000");
        await shop.Proves();
    }

    private static async Task<DocumentRef> Happened(Shop shop, string reference, ExternalEventKind kind, int units) =>
        (await shop.Must<TellEvents, TellEvents.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", reference, kind, "MUG-BL", units)])))[0];

    private static async Task<string> Refused(Shop shop, params TellEvents.Event[] events) => (await shop.Does<TellEvents, TellEvents.Request, IReadOnlyList<DocumentRef>>(new(events))).Error!.Code;

    /// A shop with a third party's warehouse, and a channel that sells from it alone.
    private static async Task<Shop> Open()
    {
        var shop = await Shop.Open();
        await shop.Must<CreateSite, CreateSite.Request, Done>(new("THIRD", "Third party", SiteKind.ThirdParty, SiteAuthority.External));
        await shop.Must<CreateChannel, CreateChannel.Request, Done>(new("outpost", "Outpost", ChannelKind.OwnShop, ["THIRD"]));
        return shop;
    }

    private static async Task<CapturedOrder> Takes(Shop shop, int units) => (await shop.Tries(shop.NewOrder("outpost", ("MUG-BL", units)))).Value;

    private static Task<Guid> Tells(Shop shop, params (Sku Sku, int Units)[] lines) => Tells(shop, shop.Clock.GetUtcNow(), lines);

    private static async Task<Guid> Tells(Shop shop, DateTimeOffset asOf, params (Sku Sku, int Units)[] lines) =>
        (await shop.Must<TellSnapshot, TellSnapshot.Request, IReadOnlyList<DocumentRef>>(new([.. lines.Select(l => new TellSnapshot.Line("THIRD", l.Sku, l.Units))], asOf)))[0].Id;
}
