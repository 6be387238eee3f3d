using Keel.Kernel.Views;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class HistoryTests
{
    private static readonly Sku[] Skus = ["TEE-M", "MUG-BL", "BOWL"];

    [Theory, Feature("IN-30", "IN-34")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_instant_of_a_random_history_is_what_a_replay_of_its_moves_says(int seed)
    {
        await using var shop = await Shop.Open();
        var random = new Random(seed);
        var instants = new List<DateTimeOffset>();
        var told = new List<(DateTimeOffset At, string Known)>();

        for (var i = 0; i < 60; i++)
        {
            shop.Clock.Step(TimeSpan.FromHours(random.Next(1, 90)));
            await Happens(shop, random);
            instants.Add(shop.Clock.GetUtcNow().AddMinutes(random.Next(-3000, 0)));
            if (random.Next(3) == 0) await shop.Runs<TakeCheckpoints>();
            if (i % 6 == 5) told.Add((shop.Clock.GetUtcNow(), Text(await At(shop, shop.Clock.GetUtcNow(), knownThen: true))));
        }

        foreach (var at in instants)
        {
            Text(await At(shop, at)).ShouldBe(await Replay(shop, at, null));
            Text(await At(shop, at, knownThen: true)).ShouldBe(await Replay(shop, at, at));
        }

        foreach (var (at, known) in told) Text(await At(shop, at, knownThen: true)).ShouldBe(known);
        (await shop.Number("select count(*) from stock.checkpoint_taken where whole")).ShouldBeGreaterThan(1);
        (await shop.Number("select count(*) from stock.move where happened_at < recorded_at")).ShouldBeGreaterThan(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-30")]
    public async Task Now_is_what_the_positions_and_the_cost_pools_say()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 7, worth: 10_00);
        await shop.Stocks("TEE-M", onHand: 3, worth: 5_01, node: "OVERFLOW");
        await shop.Takes(("TEE-M", 2));
        await shop.Ships(await shop.Takes(("TEE-M", 1)));

        var rows = await At(shop, null);

        foreach (var row in rows)
        {
            var position = await shop.Position(row.Sku, row.Node);
            (row.OnHand, row.Sellable, row.Reserved).ShouldBe((position.OnHand, position.Sellable, position.Reserved));
        }

        rows.Count.ShouldBe(2);
        rows.Sum(r => r.Value!.Value.Minor).ShouldBe(await shop.Number("select value from stock.cost_pool where sku = 'TEE-M'"));
    }

    [Fact, Feature("IN-30", "IN-34")]
    public async Task What_was_promised_at_an_instant_is_told_though_it_left_since()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 9);
        var before = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromHours(2));
        var (ships, stays) = (await shop.Takes(("BOWL", 4)), await shop.Takes(("BOWL", 2)));
        var between = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromDays(3));
        await shop.Ships(ships);

        (await At(shop, before)).Single().Reserved.ShouldBe(0);
        (await At(shop, between)).Single().Reserved.ShouldBe(6);
        (await At(shop, null)).Single().Reserved.ShouldBe(2);
        stays.Number.ShouldNotBeNull();
    }

    [Fact, Feature("IN-30", "IN-36")]
    public async Task What_was_frozen_at_an_instant_was_on_hand_and_could_not_be_sold()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 9);
        var before = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromHours(1));
        var freeze = await shop.Must<FreezeStock, FreezeStock.Request, Id<Freeze>>(new(Node: "MAIN", Sku: "BOWL", Reason: "odd glaze"));
        var frozen = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromHours(1));
        await shop.Stocks("BOWL", onHand: 3);
        await shop.Counts("MAIN/STOCK", "BOWL", 10);
        var grown = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromHours(1));
        await shop.Must<ThawStock, ThawStock.Request, Done>(new([freeze.Value]));
        shop.Clock.Step(TimeSpan.FromDays(20));
        await shop.Runs<TakeCheckpoints>();

        (await Sellable(shop, before)).ShouldBe((9, 9));
        (await Sellable(shop, frozen)).ShouldBe((9, 0));
        (await Sellable(shop, grown)).ShouldBe((10, 0));
        (await Sellable(shop, shop.Clock.GetUtcNow())).ShouldBe((10, 10));
        await shop.Proves();
    }

    [Fact, Feature("IN-30", "IN-34", "IN-36")]
    public async Task Goods_told_late_to_lie_where_it_was_frozen_are_off_sale_from_when_both_were_so()
    {
        await using var shop = await Shop.Open();
        shop.Clock.Step(TimeSpan.FromHours(10));
        await shop.Must<FreezeStock, FreezeStock.Request, Id<Freeze>>(new(Location: "MAIN/STOCK", Reason: "leak"));
        var frozen = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromHours(5));

        await shop.Must<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "BOWL", 4, "count")], frozen.AddHours(-2)));

        (await Sellable(shop, frozen.AddHours(-1))).ShouldBe((4, 4));
        (await Sellable(shop, frozen)).ShouldBe((4, 0));
        (await At(shop, frozen, knownThen: true)).ShouldBeEmpty();
        await shop.Proves();
    }

    [Theory, Feature("IN-30", "IN-36")]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Any_instant_of_a_random_history_with_freezes_is_what_the_positions_were_then(int seed)
    {
        await using var shop = await Shop.Open();
        var random = new Random(seed);
        var seen = new List<(DateTimeOffset At, string Positions)>();
        var freezes = new List<Id<Freeze>>();
        for (var i = 0; i < 60; i++)
        {
            shop.Clock.Step(TimeSpan.FromHours(random.Next(1, 90)));
            var sku = Skus[random.Next(Skus.Length)];
            if (random.Next(3) > 0) await Happens(shop, random, sells: false);
            else if (freezes.Count > 0 && random.Next(2) == 0)
            {
                await shop.Must<ThawStock, ThawStock.Request, Done>(new([freezes[^1].Value]));
                freezes.RemoveAt(freezes.Count - 1);
            }
            else if (await shop.Does<FreezeStock, FreezeStock.Request, Id<Freeze>>(random.Next(2) == 0 ? new(Node: "MAIN", Sku: sku, Reason: "doubt") : new(Location: "MAIN/STOCK", Sku: random.Next(2) == 0 ? (Sku?)sku : null, Reason: "leak")) is { Ok: true } frozen) freezes.Add(frozen.Value);

            if (random.Next(3) == 0) await shop.Runs<TakeCheckpoints>();
            seen.Add((shop.Clock.GetUtcNow(), await shop.Text("select coalesce(string_agg(sku || '@' || node || ' ' || on_hand || '/' || sellable, ', ' order by sku, node), '') from stock.position where on_hand > 0")));
        }

        foreach (var (at, positions) in seen)
        {
            var told = string.Join(", ", (await At(shop, at, knownThen: true)).Where(r => !r.OnHand.IsZero).OrderBy(r => r.Sku).ThenBy(r => r.Node).Select(r => $"{r.Sku}@{r.Node} {r.OnHand.Thousandths}/{r.Sellable.Thousandths}"));
            told.ShouldBe(positions);
        }

        (await shop.Number("select count(distinct sku) from stock.withheld")).ShouldBeGreaterThan(1);
        await shop.Proves();
    }

    private static async Task<(Quantity, Quantity)> Sellable(Shop shop, DateTimeOffset at) => (await At(shop, at)).Single() is var row ? (row.OnHand, row.Sellable) : default;

    [Fact, Feature("IN-30")]
    public async Task The_proof_finds_a_checkpoint_that_somebody_changed()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 9);
        shop.Clock.Step(TimeSpan.FromDays(40));
        await StockCardTests.Takes(shop, days: 40);
        await shop.Proves();

        await shop.Text("update stock.checkpoint set on_hand = on_hand + 1");

        (await shop.Differences()).ShouldBe(["stock.checkpoints"]);
    }

    internal static async Task<IReadOnlyList<StockAsOf.Row>> At(Shop shop, DateTimeOffset? at, bool knownThen = false)
    {
        await using var scope = shop.Scope();
        var rows = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<StockAsOf, StockAsOf.Row, StockAsOf.Args>(new(at, knownThen), ViewQuery.All with { Size = 100 });
        return rows.Value.Rows;
    }

    /// Receives, counts, moves, sells, or finds out late that somebody had miscounted.
    private static async Task Happens(Shop shop, Random random, bool sells = true)
    {
        var (sku, node) = (Skus[random.Next(Skus.Length)], random.Next(4) == 0 ? "OVERFLOW" : "MAIN");
        LocationCode place = $"{node}/STOCK";
        var held = (await shop.Position(sku, node)).OnHand;
        switch (random.Next(6))
        {
            case 0:
                await shop.Stocks(sku, random.Next(1, 40), random.Next(1, 5000), node);
                break;
            case 1:
                await shop.Counts(place, sku, random.Next(0, 30));
                break;
            case 2 when held > 0:
                await shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new(sku, place, $"{node}/DAMAGED", 1)]));
                break;
            case 3 or 4 when sells:
                await shop.Ships(await shop.Takes((sku, random.Next(1, 4))));
                break;
            default:
                await shop.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(
                    new([new(place, sku, random.Next(0, 30), "count")], shop.Clock.GetUtcNow().AddHours(-random.Next(1, 2000))));
                break;
        }
    }

    private static string Text(IReadOnlyList<StockAsOf.Row> rows) =>
        string.Join("; ", rows.GroupBy(r => r.Sku).OrderBy(g => g.Key).Select(g =>
            $"{g.Key}: {string.Join(", ", g.Where(r => !r.OnHand.IsZero).OrderBy(r => r.Node).Select(r => $"{r.Node} {r.OnHand}/{r.Sellable}"))} worth {g.Sum(r => r.Value!.Value.Minor)}")
            .Where(t => !t.EndsWith(":  worth 0", StringComparison.Ordinal)));

    /// All moves, one after the other, as a clerk with a ledger would add them up.
    private static async Task<string> Replay(Shop shop, DateTimeOffset at, DateTimeOffset? known)
    {
        await using var command = shop.Source.CreateCommand("select sku, from_node, from_location, to_node, to_location, quantity, value, happened_at, recorded_at from stock.move order by id");
        await using var reader = await command.ExecuteReaderAsync();
        var held = new SortedDictionary<string, (SortedDictionary<string, (long OnHand, long Sellable)> Nodes, long Worth)>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            if (reader.GetFieldValue<DateTimeOffset>(7) > at || reader.GetFieldValue<DateTimeOffset>(8) > known) continue;
            var sku = reader.GetString(0);
            var entry = held.GetValueOrDefault(sku, ([], 0));
            foreach (var (node, place, sign) in new[] { (reader.GetString(1), reader.GetString(2), -1), (reader.GetString(3), reader.GetString(4), 1) })
            {
                if (node.Length == 0) continue;
                var (onHand, sellable) = entry.Nodes.GetValueOrDefault(node);
                entry.Nodes[node] = (onHand + sign * reader.GetInt64(5), sellable + (place.EndsWith("/STOCK", StringComparison.Ordinal) ? sign * reader.GetInt64(5) : 0));
            }

            held[sku] = (entry.Nodes, entry.Worth + (reader.IsDBNull(6) ? 0 : reader.GetInt64(6)));
        }

        return string.Join("; ", held.Where(h => h.Value.Worth != 0 || h.Value.Nodes.Any(n => n.Value.OnHand != 0)).Select(h =>
            $"{h.Key}: {string.Join(", ", h.Value.Nodes.Where(n => n.Value.OnHand != 0).Select(n => $"{n.Key} {new Quantity(n.Value.OnHand)}/{new Quantity(n.Value.Sellable)}"))} worth {h.Value.Worth}"));
    }
}
