using Keel.Kernel.Views;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class StockCardTests
{
    [Fact, Feature("IN-03", "IN-30")]
    public async Task The_card_pages_both_ways_and_each_balance_is_the_sum_of_all_moves_before_it()
    {
        await using var shop = await Shop.Open();
        var expected = await Counted(shop, 130);
        await shop.Runs<TakeCheckpoints>();

        var (first, later) = (await Card(shop), new List<StockCard>());
        for (var card = first; card.Earlier is { } earlier; card = later[^1]) later.Add(await Card(shop, before: earlier));
        var back = await Card(shop, after: later[^1].Later);

        StockCard[] all = [first, .. later];
        all.SelectMany(c => c.Rows).Select(r => r.After).ShouldBe(expected.AsEnumerable().Reverse());
        all.Select(c => c.Rows.Count).ShouldBe([50, 50, 30]);
        all[^1].Opening.ShouldBe(Quantity.Zero);
        (first.Later, all[^1].Earlier).ShouldBe((null, null));
        back.Rows.Select(r => r.Id).ShouldBe(later[^2].Rows.Select(r => r.Id));
    }

    [Fact, Feature("IN-30", "IN-34")]
    public async Task What_is_told_late_stands_where_it_happened_and_moves_every_balance_behind_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 5);
        var then = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromDays(70));
        await shop.Stocks("BOWL", onHand: 5);
        await shop.Runs<TakeCheckpoints>();

        await shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(
            new([new ReceiveGoods.Receipt("MAIN", [new ReceiveGoods.Line("BOWL", 2, new UnitPrice(5_000_000, Currency.Eur))], HappenedAt: then.AddDays(1))]));

        (await Card(shop, sku: "BOWL")).Rows.Select(r => r.After).ShouldBe([12, 7, 5]);
        await shop.Runs<TakeCheckpoints>();
        (await Card(shop, sku: "BOWL")).Rows.Select(r => r.After).ShouldBe([12, 7, 5]);
        (await Card(shop, sku: "BOWL", at: then.AddDays(2))).Rows.Select(r => r.After).ShouldBe([7, 5]);
    }

    [Fact, Feature("IN-30")]
    public async Task A_busy_product_has_a_checkpoint_of_its_own_where_a_day_ends()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 1);
        await shop.Stocks("TEE-M", onHand: 1);
        await shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(
            new([.. Enumerable.Range(0, TakeCheckpoints.Busy).Select(_ => new ReceiveGoods.Receipt("MAIN", [new ReceiveGoods.Line("BOWL", 1, new UnitPrice(5_000_000, Currency.Eur))]))]));
        var then = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromDays(2));
        await Takes(shop, days: 2);

        (await shop.Text("select string_agg(sku || ' ' || on_hand, ', ') from stock.checkpoint")).ShouldBe($"BOWL {(TakeCheckpoints.Busy + 1) * 1000}");
        await shop.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "BOWL", 200, "count")], then.AddHours(1)));
        (await Card(shop, sku: "BOWL")).Rows[0].After.ShouldBe(200);
        for (var i = 0; i < 100 && await shop.Number("select on_hand from stock.checkpoint") == (TakeCheckpoints.Busy + 1) * 1000; i++) await Task.Delay(100).ContinueWith(_ => shop.Runs<TakeCheckpoints>()).Unwrap();
        (await Card(shop, sku: "BOWL")).Rows[0].After.ShouldBe(200);
        (await shop.Number("select on_hand from stock.checkpoint")).ShouldBe(200_000);
        await shop.Proves();
    }

    [Theory, Feature("IN-30", "IN-34")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_moves_between_two_instants_explain_their_difference(bool knownThen)
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 20);
        shop.Clock.Step(TimeSpan.FromDays(1));
        var from = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromDays(1));
        await shop.Ships(await shop.Takes(("BOWL", 3)));
        await shop.Stocks("BOWL", onHand: 4);
        await shop.Counts("MAIN/STOCK", "BOWL", 20);
        await shop.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "BOWL", 18, "count")], from.AddHours(-2)));

        var row = await Between(shop, from, shop.Clock.GetUtcNow(), knownThen);

        (row.Opening, row.Received, row.Issued, row.Corrected, row.ToldLate, row.Closing).ShouldBe(knownThen ? (20, 4, -3, -1, -2, 18) : (18, 4, -3, -1, 0, 18));
        (await HistoryTests.At(shop, from, knownThen)).Single().OnHand.ShouldBe(row.Opening);
        (await HistoryTests.At(shop, null)).Single().OnHand.ShouldBe(row.Closing);
    }

    private static async Task<StockBetween.Row> Between(Shop shop, DateTimeOffset from, DateTimeOffset until, bool knownThen)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<StockBetween, StockBetween.Row, StockBetween.Args>(new(from, until, knownThen), ViewQuery.All)).Value.Rows.Single();
    }

    /// Days are taken when all transactions of before have ended, those of other databases of the server too.
    internal static async Task Takes(Shop shop, int days)
    {
        for (var i = 0; i < 100 && await shop.Number("select count(*) from stock.checkpoint_taken") < days; i++)
        {
            await shop.Runs<TakeCheckpoints>();
            await Task.Delay(100);
        }
    }

    private static async Task<StockCard> Card(Shop shop, string? before = null, string? after = null, string sku = "TEE-M", DateTimeOffset? at = null)
    {
        await using var scope = shop.Scope();
        var card = scope.ServiceProvider.GetRequiredService<StockCard>();
        (await card.Load(sku, null, before, after, at)).ShouldBeTrue();
        return card;
    }

    /// Counts over two months, some of them told late; what is on hand after each, in the order in which they happened.
    private static async Task<List<Quantity>> Counted(Shop shop, int moves)
    {
        var after = new List<Quantity>();
        for (var i = 0; i < moves; i++)
        {
            shop.Clock.Step(TimeSpan.FromHours(11));
            if (i % 40 == 20) await shop.Runs<TakeCheckpoints>();
            await shop.Counts("MAIN/STOCK", "TEE-M", i * 7 % 31 + 1);
            after.Add(i * 7 % 31 + 1);
        }

        return after;
    }
}
