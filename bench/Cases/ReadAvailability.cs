using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Bench.Cases;

/// What is available of a thousand SKUs at five nodes, by one client.
internal sealed class ReadAvailability : IBenchCase
{
    private static readonly Sku[] Skus = [.. Enumerable.Range(0, World.Products).Select(World.SkuOf)];

    public string Name => "availability";
    public string What => "1,000 SKUs × 5 nodes read, one client";

    public Task<Speed> Measure(World world, BenchOptions options) => Load.Run(1, options.Duration, async (_, ct) =>
    {
        await using var scope = world.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Work>().Company = world.Company;
        var all = await scope.ServiceProvider.GetRequiredService<StockDesk>().Availability(Skus, ct);
        return all.Count == Skus.Length * World.Nodes.Length ? 1 : throw new InvariantBroken($"{all.Count} rows of availability.");
    });

    public Task<Speed> Floor(World world, BenchOptions options) => Load.Run(1, options.Duration, async (_, ct) =>
    {
        await using var command = world.Source.CreateCommand("select sku, node, sellable - reserved from stock.position where company_id = $1 and sku = any($2)");
        command.Parameters.Add(new NpgsqlParameter { Value = world.Company.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = Skus.Select(s => s.Text).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) reader.GetInt64(2);
        return 1;
    });
}
