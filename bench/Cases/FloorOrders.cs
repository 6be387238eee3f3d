namespace Keel.Bench.Cases;

/// The floor of every capture: the same rows by plain SQL, in the same batches over the same number of connections.
internal static class FloorOrders
{
    private static int next;

    public static async Task<Speed> Run(World world, BenchOptions options, int clients, int batch)
    {
        var floor = Keel.Bench.Floor.Read("orders");
        var randoms = Enumerable.Range(0, clients).Select(c => new Random(c + 100)).ToArray();
        var payload = new byte[batch == 1 ? 350 : batch * 40];
        return await Load.Run(clients, options.Duration, async (c, _) =>
        {
            await floor.Run(world.Source, Values(world, randoms[c], batch, payload), onePlan: batch == 1);
            return batch;
        });
    }

    public static Dictionary<string, object> Values(World world, Random random, int batch, byte[] payload)
    {
        var at = DateTime.UtcNow;
        var ids = Enumerable.Range(0, batch).Select(_ => Guid.CreateVersion7()).ToArray();
        return new Dictionary<string, object>
        {
            ["company"] = world.Company.Value, ["customer"] = Guid.CreateVersion7(), ["operation"] = Guid.CreateVersion7(), ["at"] = at, ["day"] = DateOnly.FromDateTime(at), ["payload"] = payload,
            ["ids"] = ids, ["numbers"] = ids.Select(_ => "F-" + Interlocked.Increment(ref next)).ToArray(),
            ["lineorders"] = ids.SelectMany(i => new[] { i, i, i }).ToArray(), ["lines"] = ids.SelectMany(_ => new[] { 1, 2, 3 }).ToArray(),
            ["skus"] = Enumerable.Range(0, batch * 3).Select(_ => World.SkuOf(random.Next(World.Products)).Text).ToArray(),
        };
    }
}
