using Keel.Catalog.Products;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Bench.Cases;

/// Goods are received, a hundred lines on each paper.
internal sealed class Receive : IBenchCase
{
    private const int Lines = 100;

    public string Name => "receive";
    public string What => $"lines received, {Lines} on a receipt, 2 workers";

    public Task<Speed> Measure(World world, BenchOptions options) => Load.Run(2, options.Duration, async (_, _) =>
    {
        await world.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [.. Skus().Select(s => new ReceiveGoods.Line(s, 1, new UnitPrice(3_500_000, Currency.Eur)))])]));
        return Lines;
    });

    public Task<Speed> Floor(World world, BenchOptions options)
    {
        var floor = Keel.Bench.Floor.Read("receive");
        return Load.Run(2, options.Duration, async (_, _) =>
        {
            await floor.Run(world.Source, new Dictionary<string, object>
            {
                ["operation"] = Guid.CreateVersion7(), ["document"] = Guid.CreateVersion7(), ["entry"] = Guid.CreateVersion7(), ["company"] = world.Company.Value, ["at"] = DateTime.UtcNow,
                ["day"] = DateOnly.FromDateTime(DateTime.UtcNow), ["skus"] = Skus().Select(s => s.Text).ToArray(),
            });
            return Lines;
        });
    }

    /// A hundred products in the order of their keys, as whoever locks them takes them.
    private static Sku[] Skus()
    {
        var from = Random.Shared.Next(World.Products - Lines);
        return [.. Enumerable.Range(from, Lines).Select(World.SkuOf)];
    }
}

/// Goods leave that are valued first in, first out: with two hundred layers open, against two.
internal sealed class IssueFromLayers : IBenchCase
{
    public string Name => "fifo-issue";
    public string What => "goods counted out first in, first out, with 200 layers open against 2, one client";

    public Task<Speed> Measure(World world, BenchOptions options) => Counts(world, options, 200);

    public Task<Speed> Floor(World world, BenchOptions options) => Counts(world, options, 2);

    private static async Task<Speed> Counts(World world, BenchOptions options, int layers)
    {
        Sku sku = $"LAYERS-{Guid.NewGuid().ToString("N")[..8].ToUpperInvariant()}";
        await world.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new(sku, "In layers", Attributes: new Dictionary<string, string> { ["category"] = "layers" })]));
        await world.Must<SetCosting, SetCosting.Request, DocumentRef>(new(CostingMethod.Fifo, "layers", "to be measured"));
        for (var i = 0; i < layers; i++) await world.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new(sku, 10_000_000 / layers, new UnitPrice(4_000_000 + i, Currency.Eur))])]));
        var left = 10_000_000 / layers * layers;
        return await Load.Run(1, options.Duration, async (_, _) =>
        {
            await world.Must<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", sku, Interlocked.Decrement(ref left), "lost")]));
            return 1;
        });
    }
}
