using Keel.Sales;

namespace Keel.Bench.Cases;

/// Batches of five hundred three-line orders, captured, validated, priced, taxed, reserved and logged, by two workers.
internal sealed class OrdersImport : IBenchCase
{
    public string Name => "orders-import";
    public string What => "orders captured in batches of 500, two workers";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var run = Guid.NewGuid().ToString("N")[..6];
        var randoms = Enumerable.Range(0, 2).Select(c => new Random(c)).ToArray();
        var count = 0;
        return await Load.Run(2, options.Duration, async (c, _) =>
        {
            var from = Interlocked.Add(ref count, 500);
            var orders = Enumerable.Range(from, 500).Select(n => world.Order(randoms[c], $"{run}-{n}")).ToArray();
            var captured = await world.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new(orders));
            return captured.Count(o => o.Status is OrderStatus.Reserved);
        });
    }

    public Task<Speed> Floor(World world, BenchOptions options) => FloorOrders.Run(world, options, clients: 2, batch: 500);
}
