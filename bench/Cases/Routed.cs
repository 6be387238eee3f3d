using System.Text.Json;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Bench.Cases;

/// A channel that ten sites serve, with ways to customers from each, and a route of twelve rules: the first eleven ask sites that cannot send everything, or ask for what none gives.
internal static class TenSites
{
    private static readonly HashSet<Guid> Laid = [];
    private static readonly NodeCode[] Further = ["N-06", "N-07", "N-08", "N-09", "N-10"];

    public static async Task Lay(World world)
    {
        if (!Laid.Add(world.Company.Value)) return;
        foreach (var node in Further) await world.Must<CreateSite, CreateSite.Request, Done>(new(node, node.Text));
        NodeCode[] all = [.. World.Nodes, .. Further];
        await world.Must<CreateChannel, CreateChannel.Request, Done>(new("routed", "Routed", ChannelKind.OwnShop, all));
        foreach (var node in Further)
        {
            await world.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new(
                [new(node, [.. Enumerable.Range(0, World.Products).Select(n => new ReceiveGoods.Line(World.SkuOf(n), 10_000_000, new UnitPrice(3_500_000, Currency.Eur)))])]));
        }

        await world.Must<SetLanes, SetLanes.Request, Saved[]>(new([.. all.SelectMany((n, i) => Enumerable.Range(0, 10).Select(p => new SetLanes.Item(n, "NL", 1 + (i + p) % 4, 4 + (i * 7 + p * 3) % 10 / 2m, 0.25m, $"{p}")))]));
        SourcingRule[] rules =
        [
            .. Enumerable.Range(0, 5).Select(i => new SourcingRule($"keeps a reserve {i}", Sites: [all[i]], KeepsBack: 1_000_000, MostParcels: 1, Whole: true)),
            .. Enumerable.Range(0, 3).Select(i => new SourcingRule($"stores {i}", Kinds: [SiteKind.Store], MostParcels: 2, Whole: true)),
            new("the same day", WithinDays: 0, MostParcels: 1, Whole: true), new("third parties", Kinds: [SiteKind.ThirdParty], Whole: true), new("without all", Without: all, Whole: true),
            new("cheapest", First: SourcingSort.Cost, Then: SourcingSort.Arrival),
        ];
        var choice = JsonSerializer.Serialize(new Sourcing(true, [new SourcingRoute("ten sites", rules, Channels: ["routed"])]), KeelJson.Options);
        await using (var command = world.Source.CreateCommand("insert into kernel.policy (company_id, kind, version, effective_from, owner, choice, changed_by, changed_at) values ($1, $2, 1, now() - interval '1 day', 'bench', $3::jsonb, 'bench', now())"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
            command.Parameters.Add(new NpgsqlParameter { Value = Sourcing.Kind });
            command.Parameters.Add(new NpgsqlParameter { Value = choice });
            await command.ExecuteNonQueryAsync();
        }

        // What changes settings makes the policy known.
        await world.Must<SetSiteTerms, SetSiteTerms.Request, Saved[]>(new([.. all.Select(n => new SetSiteTerms.Item(n, HandlingParcel: 0.85m, HandlingUnit: 0.10m))]));
        foreach (var table in new[] { "stock.position", "sales.lane" }) await world.Run("vacuum analyze " + table);
    }

    public static async Task<T> Asks<T>(World world, Func<IServiceProvider, Task<T>> ask)
    {
        await using var scope = world.Services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Now) = (world.Company, Actor.Keel, TimeProvider.System.GetUtcNow());
        return await ask(scope.ServiceProvider);
    }

    /// What is free of the same SKUs at the same sites, and nothing decided.
    public static async Task Floor(World world, IEnumerable<Sku> skus)
    {
        await using var command = world.Source.CreateCommand("select sku, node, sellable - reserved from stock.position where company_id = $1 and owner = 'own' and sku = any($2) and node = any($3)");
        command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = skus.Select(s => s.Text).Distinct().ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = World.Nodes.Concat(Further).Select(n => n.Text).ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) reader.GetInt64(2);
    }

    public static Sku[] ThreeSkus(Random random) => [World.SkuOf(random.Next(World.Products)), World.SkuOf(random.Next(World.Products)), World.SkuOf(random.Next(World.Products))];
}

/// The import of orders with their routing over ten sites by twelve rules.
internal sealed class OrdersRouted : IBenchCase
{
    public string Name => "orders-routed";
    public string What => "orders captured and routed (10 sites, 12 rules) in batches of 500, two workers";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await TenSites.Lay(world);
        var run = Guid.NewGuid().ToString("N")[..6];
        var randoms = Enumerable.Range(0, 2).Select(c => new Random(c)).ToArray();
        var count = 0;
        return await Load.Run(2, options.Duration, async (c, _) =>
        {
            var from = Interlocked.Add(ref count, 500);
            var orders = Enumerable.Range(from, 500).Select(n => world.Order(randoms[c], $"{run}-{n}") with { Channel = "routed" }).ToArray();
            var captured = await world.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new(orders));
            return captured.Count(o => o.Status is OrderStatus.Reserved);
        });
    }

    public Task<Speed> Floor(World world, BenchOptions options) => FloorOrders.Run(world, options, clients: 2, batch: 500);
}

/// Routing alone: what sites have is read, five hundred orders of three lines are decided, nothing is written.
internal sealed class RoutingAlone : IBenchCase
{
    public string Name => "routing";
    public string What => "lines routed (10 sites, 12 rules) in batches of 500 orders, one worker, nothing written";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await TenSites.Lay(world);
        var random = new Random(3);
        return await Load.Run(1, options.Duration, (_, ct) => TenSites.Asks(world, async services =>
        {
            var orders = Enumerable.Range(0, 500).Select(_ => TenSites.ThreeSkus(random)).ToArray();
            var network = await Network.Of(services.GetRequiredService<Settings>(), ct);
            var channel = network.Channels["routed"];
            var ground = await services.GetRequiredService<Routing>().Survey([.. orders.SelectMany(o => o).Distinct()], channel.Nodes, ct: ct);
            await services.GetRequiredService<KeelDb>().Flush(ct);
            var now = TimeProvider.System.GetUtcNow();
            return 3 * orders.Count(o => ground.Route(new RouteAsked(channel, "NL", $"{random.Next(10)}013DH", new Money(5_000, Currency.Eur), 100, null, now,
                [.. o.Select((s, i) => new RouteLine(i + 1, s, 1, null, 400))])) is { IsComplete: true });
        }));
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        await TenSites.Lay(world);
        var random = new Random(3);
        return await Load.Run(1, options.Duration, async (_, _) =>
        {
            await TenSites.Floor(world, Enumerable.Range(0, 500).SelectMany(_ => TenSites.ThreeSkus(random)));
            return 1_500;
        });
    }
}

/// One order tried by the policy in force, as the page does.
internal sealed class RouteTried : IBenchCase
{
    public string Name => "route-try";
    public string What => "an order of three lines tried against today's stock (10 sites, 12 rules), one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await TenSites.Lay(world);
        var random = new Random(5);
        return await Load.Run(1, options.Duration, (_, ct) => TenSites.Asks(world, async services =>
            (await services.GetRequiredService<RouteTrial>().Try(new("routed", "NL", "2013 DH", string.Join('\n', TenSites.ThreeSkus(random).Select(s => s + " 2")), null), ct)) is { Ok: true, Value.Route.IsComplete: true }
                ? 1 : throw new InvariantBroken("An order could not be routed.")));
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        await TenSites.Lay(world);
        var random = new Random(5);
        return await Load.Run(1, options.Duration, async (_, _) =>
        {
            await TenSites.Floor(world, TenSites.ThreeSkus(random));
            return 1;
        });
    }
}
