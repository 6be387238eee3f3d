using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Bench.Cases;

/// Goods to come and orders that wait, for a third of the thousand products at every node.
internal static class ToCome
{
    private static readonly Sku[] Skus = [.. Enumerable.Range(0, World.Products).Select(World.SkuOf)];
    private static readonly HashSet<Guid> Filled = [];

    public static async Task<Sku[]> Of(World world)
    {
        if (!Filled.Add(world.Company.Value)) return Skus;
        await world.Run(
            $"""
            with made as (
              insert into stock.supply (id, company_id, number, kind, sku, node, owner, open, received, expected_on, announced_at, version, operation)
              select gen_random_uuid(), '{world.Company}', 'BENCH-' || n || '-' || s.code || '-' || k, 'Purchase', 'BENCH-' || lpad(n::text, 4, '0'), s.code, 'own', 40000, 0, now()::date + 5 + (n * 7 + k * 11) % 80, now(), 1, gen_random_uuid()
              from generate_series(0, {World.Products - 1}, 3) n cross join unnest(array['MAIN', 'EAST', 'WEST', 'NORTH', 'SOUTH']) s (code) cross join generate_series(1, 2) k returning id, company_id, open, expected_on, operation)
            insert into stock.supply_step (id, company_id, supply_id, kind, quantity, expected_on, reason, happened_at, operation)
            select gen_random_uuid(), company_id, id, 'Announced', open, expected_on, 'bench', now(), operation from made
            """);
        await world.Run(
            $"""
            insert into stock.waiting (document_id, line, company_id, kind, document_number, sku, nodes, node, quantity, rank, promised_by, since, planned, operation)
            select gen_random_uuid(), 1, '{world.Company}', 'Transfer', 'BENCH-W-' || n, 'BENCH-' || lpad(n::text, 4, '0'), '["MAIN"]', 'MAIN', 5000, 100, now()::date + n % 40, now(), true, gen_random_uuid()
            from generate_series(0, {World.Products - 1}, 3) n
            """);
        foreach (var table in new[] { "supply", "waiting", "position" }) await world.Run("vacuum analyze stock." + table);
        return Skus;
    }

    public static async Task<T> Asks<T>(World world, Func<StockDesk, Task<T>> ask)
    {
        await using var scope = world.Services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Now) = (world.Company, Actor.Keel, TimeProvider.System.GetUtcNow());
        return await ask(scope.ServiceProvider.GetRequiredService<StockDesk>());
    }

    /// What is available, what comes until a day and what waits until then, added up by the database: less than what is promised needs to know.
    public static async Task<int> Floor(World world, Sku[] skus)
    {
        await using var command = world.Source.CreateCommand(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "floors", "atp.sql")));
        command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = skus.Select(s => s.Text).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(30) });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) reader.GetInt64(2);
        return 1;
    }
}

/// What can be promised of a thousand SKUs at five nodes for one day, by one client.
internal sealed class PromisableOnADay : IBenchCase
{
    public string Name => "atp-date";
    public string What => "what can be promised of 1,000 SKUs × 5 nodes for one day, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var skus = await ToCome.Of(world);
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(30);
        return await Load.Run(1, options.Duration, async (_, ct) =>
            await ToCome.Asks(world, desk => desk.Promisable(skus, day, ct)) is { Count: var count } && count == skus.Length * World.Nodes.Length ? 1 : throw new InvariantBroken("Some cannot be promised."));
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var skus = await ToCome.Of(world);
        return await Load.Run(1, options.Duration, (_, _) => ToCome.Floor(world, skus));
    }
}

/// The same over ninety days, each day on which it changes.
internal sealed class PromiseCurves : IBenchCase
{
    public string Name => "atp-curve";
    public string What => "what can be promised of 1,000 SKUs × 5 nodes over 90 days, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var skus = await ToCome.Of(world);
        return await Load.Run(1, options.Duration, async (_, ct) =>
            await ToCome.Asks(world, desk => desk.PromiseCurves(skus, 90, ct)) is { Count: var count } && count == skus.Length * World.Nodes.Length ? 1 : throw new InvariantBroken("Some curves are missing."));
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var skus = await ToCome.Of(world);
        return await Load.Run(1, options.Duration, (_, _) => ToCome.Floor(world, skus));
    }
}
