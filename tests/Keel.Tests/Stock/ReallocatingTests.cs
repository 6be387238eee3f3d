using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Promised goods that go to somebody else, come free, or are promised from another site.
public class ReallocatingTests
{
    [Fact, Feature("IN-11", "IN-06")]
    public async Task A_stronger_claim_takes_over_only_where_the_policy_says_so_and_the_loser_has_a_case()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 5);
        var (weak, strong) = (await Later(shop, "webshop", 5), await Later(shop, "bazaar", 3));
        strong.Status.ShouldBe(OrderStatus.Backordered);

        (await Takes(shop, weak, strong)).ShouldBe("stock.take-over-off");
        await shop.Chooses(TakingOver.Kind, new { allowed = true, safeDays = 2 });
        (await Takes(shop, weak, strong)).ShouldBeNull();

        await shop.Delivers();
        (await shop.StatusOf(strong)).ShouldBe(OrderStatus.Reserved);
        (await shop.StatusOf(weak)).ShouldBe(OrderStatus.Backordered);
        (await shop.Number($"select sum(open) from stock.reservation where document_id = '{weak.Id}'")).ShouldBe(2000);
        (await shop.Number($"select quantity from stock.waiting where document_id = '{weak.Id}'")).ShouldBe(3000);
        (await shop.Text("select sentence from kernel.work_case where kind = 'promise-taken-over'")).ShouldBe($"{weak.Number} lost 3 × MUG-BL to {strong.Number}: the marketplace fines us.");
        (await shop.Text("select kind || ' ' || reason from stock.reservation_step")).ShouldBe($"TakenOver taken over by {strong.Number}: the marketplace fines us");
        await shop.Proves();

        await shop.Stocks("MUG-BL", 3);
        await shop.Delivers();
        (await shop.StatusOf(weak)).ShouldBe(OrderStatus.Reserved);
        (await shop.Text("select state from kernel.work_case where kind = 'promise-taken-over'")).ShouldBe("Closed");
    }

    [Fact, Feature("IN-11", "IN-07")]
    public async Task Goods_that_are_there_are_offered_again_and_the_strongest_claim_gets_them()
    {
        await using var shop = await Shop.Open();
        var (weak, strong) = (await Later(shop, "webshop", 3), await Later(shop, "bazaar", 3));
        await shop.Stocks("MUG-BL", 4);
        await shop.Number("with gone as (delete from kernel.outbox returning 1) select count(*) from gone");

        var served = await Serves(shop, weak, strong);
        await shop.Delivers();

        served.Select(s => (s.Key, s.As)).ShouldBe([($"{weak.Number}: MUG-BL", SavedAs.Changed), ($"{strong.Number}: MUG-BL", SavedAs.Changed)]);
        (await shop.StatusOf(strong)).ShouldBe(OrderStatus.Reserved);
        (await shop.Number($"select quantity from stock.waiting where document_id = '{weak.Id}'")).ShouldBe(2000, "one was left for it");
        await shop.Proves();
    }

    [Fact, Feature("IN-11", "IN-07")]
    public async Task What_waits_for_nothing_or_is_kept_away_says_so_line_by_line()
    {
        await using var shop = await Shop.Open();
        var (none, kept) = (await Later(shop, "webshop", 3, "BOWL"), await Later(shop, "bazaar", 3));
        await shop.Must<SetRings, SetRings.Request, Done>(new([new(RingKind.Dedicated, "webshop", Sku: "MUG-BL", Quantity: 9), new(RingKind.Safety, Sku: "MUG-BL", Quantity: 5)]));
        await shop.Stocks("MUG-BL", 4);
        await shop.Delivers();
        var told = await shop.Number("select count(*) from kernel.outbox");

        var served = await shop.Must<ServeWaiting, ServeWaiting.Request, Saved[]>(new([$"{none.Id}/1", $"{kept.Id}/1", $"{Guid.NewGuid()}/1", "nonsense"]));

        served.Select(s => s.Refusal?.Code).ShouldBe(["stock.serve-nothing", "stock.serve-kept", "stock.serve-not-waiting", "stock.serve-not-waiting"]);
        served[0].Refusal!.Message.ShouldStartWith("No BOWL is available at MAIN");
        served[1].Refusal!.Message.ShouldStartWith("What is available is kept from it: ");
        (await shop.Number("select count(*) from kernel.outbox")).ShouldBe(told);
    }

    [Fact, Feature("IN-11", "IN-07")]
    public async Task Nobody_takes_from_a_stronger_claim_from_a_near_day_or_from_a_bin()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(TakingOver.Kind, new { allowed = true, safeDays = 2 });
        await shop.Stocks("MUG-BL", 5);
        var strong = await Later(shop, "bazaar", 5);
        var weak = await Later(shop, "webshop", 3);
        (await Takes(shop, strong, weak)).ShouldBe("stock.take-over-weaker");

        await shop.Stocks("BOWL", 5);
        var near = await shop.Takes(("BOWL", 5));
        var wants = await shop.TakesFromBazaar(("BOWL", 1));
        (await Takes(shop, near, wants)).ShouldBe("stock.take-over-safe");

        await shop.Stocks("CANDLE", 5);
        var floor = await Later(shop, "webshop", 5, "CANDLE");
        await shop.Releases(floor);
        var third = await Later(shop, "bazaar", 1, "CANDLE");
        (await Takes(shop, floor, third)).ShouldBe("stock.promise-on-the-floor");
        (await Takes(shop, third, floor)).ShouldBe("stock.promise-unknown");
        await shop.Proves();
    }

    [Fact, Feature("IN-11")]
    public async Task Two_who_take_over_the_same_goods_and_a_cancel_leave_nothing_behind()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(TakingOver.Kind, new { allowed = true, safeDays = 2 });
        for (var turn = 0; turn < 4; turn++)
        {
            await shop.Stocks("MUG-BL", 4);
            var weak = await Later(shop, "webshop", 4);
            CapturedOrder[] strong = [await Later(shop, "bazaar", 3), await Later(shop, "bazaar", 3)];
            var cancelled = shop.Cancels(strong[0]);
            await Task.WhenAll([.. strong.Select(s => Takes(shop, weak, s)), cancelled]);
            await shop.Delivers();
            await shop.Proves();
            foreach (var order in strong.Append(weak)) await shop.Cancels(order);
            await shop.Counts("MAIN/STOCK", "MUG-BL", 0);
        }

        (await shop.Number("select count(*) from stock.waiting")).ShouldBe(0);
        (await shop.Number("select coalesce(sum(open), 0) from stock.reservation")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-11", "IN-08")]
    public async Task A_promise_moves_to_another_site_whole_or_not_at_all()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 5);
        var order = await shop.Takes(("MUG-BL", 5));
        await shop.Stocks("MUG-BL", 4, node: "OVERFLOW");
        var waits = await shop.TakesFromBazaar(("MUG-BL", 2));
        (await Moves(shop, order, "OVERFLOW")).ShouldBe("stock.move-promise-short");
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(5, "nothing was changed");

        await shop.Stocks("MUG-BL", 1, node: "OVERFLOW");
        (await Moves(shop, order, "OVERFLOW")).ShouldBeNull();
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Position("MUG-BL", "OVERFLOW")).Reserved.ShouldBe(5);
        (await shop.StatusOf(waits)).ShouldBe(OrderStatus.Reserved, "what came free at the main site served who waited");
        (await Moves(shop, order, "OVERFLOW")).ShouldBe("stock.promise-unknown");
        (await shop.Ships(order)).Why.ShouldBeNull();
        await shop.Proves();
    }

    [Fact, Feature("IN-11", "IN-12")]
    public async Task A_promise_given_free_goes_to_the_strongest_claim_and_the_list_shows_who_competes()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 3);
        var first = await shop.Takes(("MUG-BL", 3));
        shop.Clock.Step(TimeSpan.FromMinutes(5));
        var second = await shop.TakesFromBazaar(("MUG-BL", 2));

        await using var scope = shop.Scope();
        var rows = (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<Competing, Competing.Row, Competing.Args>(new("MUG-BL"), ViewQuery.All)).Value.Rows;
        rows.OrderBy(r => r.Turn).Select(r => (r.DocumentNumber, r.Has, r.Waits)).ShouldBe([(second.Number!, 0, 2), (first.Number!, 3, 0)]);

        (await shop.Does<ReleasePromise, ReleasePromise.Request, Quantity>(new($"{first.Id}/1", "they said they can wait"))).Ok.ShouldBeTrue();
        await shop.Delivers();
        (await shop.StatusOf(second)).ShouldBe(OrderStatus.Reserved);
        (await shop.StatusOf(first)).ShouldBe(OrderStatus.Backordered);
        (await shop.Position("MUG-BL")).Reserved.ShouldBe(3, "one is promised to the first again");
        await shop.Proves();
    }

    /// An order that is to leave in two weeks.
    private static async Task<CapturedOrder> Later(Shop shop, ChannelCode channel, int quantity, string sku = "MUG-BL") =>
        (await shop.Tries(shop.NewOrder(channel, (sku, quantity)) with { ShipBy = new DateOnly(2026, 3, 24) })).Value;

    private static async Task<string?> Takes(Shop shop, CapturedOrder from, CapturedOrder to) =>
        (await shop.Does<TakeOver, TakeOver.Request, Quantity>(new($"{from.Id}/1", $"{to.Id}/1", "the marketplace fines us"))).Error?.Code;

    private static Task<Saved[]> Serves(Shop shop, params CapturedOrder[] orders) => shop.Must<ServeWaiting, ServeWaiting.Request, Saved[]>(new([.. orders.Select(o => $"{o.Id}/1")]));

    private static async Task<string?> Moves(Shop shop, CapturedOrder order, NodeCode to) =>
        (await shop.Does<MovePromise, MovePromise.Request, Quantity>(new($"{order.Id}/1", to, "it is nearer"))).Error?.Code;
}
