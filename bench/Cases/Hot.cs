using Keel.Sales;
using Keel.Stock;

namespace Keel.Bench.Cases;

/// Sixty-four clients hold one unit of the same SKU for their carts, decided in groups.
internal sealed class HotHold : IBenchCase
{
    private const int Clients = 64;

    public string Name => "hot-hold";
    public string What => "cart holds on one SKU by 64 clients, grouped, in process";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var sku = await world.Hot(5_000_000);
        var speed = await Load.Run(Clients, options.Duration, async (_, _) =>
        {
            var held = await world.Must<HoldStock, HoldStock.Request, HoldStock.Answer>(new(Guid.NewGuid(), "MAIN", sku, 1));
            return held.Held == 1 ? 1 : 0;
        });
        await Oversold.Check(world, sku);
        return speed;
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var floor = Keel.Bench.Floor.Read("hold");
        var payload = new byte[150];
        return await Load.Run(1, options.Duration, async (_, _) =>
        {
            await floor.Run(world.Source, new Dictionary<string, object>
            {
                ["company"] = world.Company.Value, ["at"] = DateTime.UtcNow, ["payload"] = payload, ["sku"] = World.SkuOf(1).Text,
                ["ids"] = Enumerable.Range(0, Clients).Select(_ => Guid.CreateVersion7()).ToArray(),
            });
            return Clients;
        });
    }
}

/// Whole orders on the same SKU by sixty-four clients; writers are capped, nothing fails, nothing is oversold.
internal sealed class HotOrder : IBenchCase
{
    public string Name => "hot-order";
    public string What => "whole orders on one SKU by 64 clients, writers capped, in process";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var sku = await world.Hot(5_000_000);
        var run = Guid.NewGuid().ToString("N")[..6];
        var next = 0;
        var speed = await Load.Run(64, options.Duration, async (c, _) =>
        {
            var order = new NewOrder("webshop", $"{run}-{Interlocked.Increment(ref next)}", [new NewLine(sku, 1)], World.ContactOf(c));
            var placed = await world.Must<PlaceOrder, NewOrder, CapturedOrder>(order);
            return placed.Status is OrderStatus.Reserved ? 1 : 0;
        });
        await Oversold.Check(world, sku);
        return speed;
    }

    public Task<Speed> Floor(World world, BenchOptions options)
    {
        var floor = Keel.Bench.Floor.Read("orders");
        var random = new Random(7);
        var payload = new byte[350];
        return Load.Run(4, options.Duration, async (_, _) =>
        {
            var values = FloorOrders.Values(world, random, 1, payload);
            values["lineorders"] = ((Guid[])values["lineorders"])[..1];
            values["lines"] = new[] { 1 };
            values["skus"] = new[] { World.SkuOf(1).Text };
            await floor.Run(world.Source, values);
            return 1;
        });
    }
}

/// A measurement that promised what is not there is worth nothing.
internal static class Oversold
{
    public static async Task Check(World world, Sku sku)
    {
        var wrong = await world.Number(
            $"select count(*) from stock.position p where sku = '{sku}' and (reserved > sellable or reserved <> (select coalesce(sum(open), 0) from stock.reservation r where r.sku = p.sku and r.node = p.node))");
        if (wrong > 0) throw new InvariantBroken($"{sku} was oversold.");
    }
}
