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
