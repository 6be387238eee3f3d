using System.Collections.Concurrent;
using Keel.Sales;
using Keel.Warehouse;

namespace Keel.Bench.Cases;

/// Reserved orders are issued: goods, cost of sales, invoice and entries; one by one, and in batches of fifty.
internal sealed class Ship(int batch, int clients) : IBenchCase
{
    public string Name => batch == 1 ? "ship" : "ship-batch";
    public string What => batch == 1 ? $"orders shipped one by one, {clients} clients" : $"orders shipped in batches of {batch}, {clients} workers";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var orders = new ConcurrentBag<Guid>();
        var random = new Random(3);
        var run = Guid.NewGuid().ToString("N")[..6];
        // Enough for the time that is measured, at the fastest that was ever seen.
        var wanted = (int)((options.Duration + Load.WarmUp).TotalSeconds * (batch == 1 ? 1_500 : 4_000));
        for (var from = 0; from < wanted; from += 500)
        {
            var captured = await world.Must<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(
                new([.. Enumerable.Range(from, 500).Select(n => world.Order(random, $"{run}-{n}"))]));
            foreach (var order in captured) orders.Add(order.Id!.Value.Value);
        }

        await world.Run("analyze");
        return await Load.Run(clients, options.Duration, async (_, _) =>
        {
            var some = new List<Guid>(batch);
            while (some.Count < batch && orders.TryTake(out var order)) some.Add(order);
            if (some.Count == 0) throw new InvariantBroken("There are no more orders to ship: measure for a shorter time.");
            var shipped = await world.Must<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new(some));
            return shipped.Count(s => s.Why is null);
        });
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var (capture, ship) = (Keel.Bench.Floor.Read("orders"), Keel.Bench.Floor.Read("ship"));
        var orders = new ConcurrentBag<(Guid Order, string[] Skus)>();
        var random = new Random(3);
        var wanted = (int)((options.Duration + Load.WarmUp).TotalSeconds * (batch == 1 ? 2_500 : 6_000));
        for (var from = 0; from < wanted; from += 500)
        {
            var values = FloorOrders.Values(world, random, 500, [0]);
            await capture.Run(world.Source, values);
            var (ids, skus) = ((Guid[])values["ids"], (string[])values["skus"]);
            for (var i = 0; i < ids.Length; i++) orders.Add((ids[i], skus[(i * 3)..(i * 3 + 3)]));
        }

        await world.Run("analyze");
        return await Load.Run(clients, options.Duration, async (_, _) =>
        {
            var some = new List<(Guid Order, string[] Skus)>(batch);
            while (some.Count < batch && orders.TryTake(out var order)) some.Add(order);
            if (some.Count == 0) return 0;
            var at = DateTime.UtcNow;
            await ship.Run(world.Source, new Dictionary<string, object>
            {
                ["company"] = world.Company.Value, ["operation"] = Guid.CreateVersion7(), ["at"] = at, ["day"] = DateOnly.FromDateTime(at),
                ["orders"] = some.Select(s => s.Order).ToArray(), ["skus"] = some.SelectMany(s => s.Skus).Distinct().ToArray(),
                ["shipments"] = some.Select(_ => Guid.CreateVersion7()).ToArray(), ["invoices"] = some.Select(_ => Guid.CreateVersion7()).ToArray(),
            }, onePlan: true);
            return some.Count;
        });
    }
}
