using System.Diagnostics;
using Keel.App.Postgres;

namespace Keel.Bench.Cases;

/// From `keel up` on a folder with data to the first page, PostgreSQL's own start included. The floor is PostgreSQL's start alone.
internal sealed class StartUp(string folder) : IBenchCase
{
    private const int Times = 5;

    public string Name => "start";
    public string What => $"from the command to the first page, with data there; {Times} times";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        await using (await Child.Start(folder, null)) { }
        return await Timed(async () =>
        {
            await using var child = await Child.Start(folder, null);
            return child.Started;
        });
    }

    public Task<Speed> Floor(World world, BenchOptions options) => Timed(async () =>
    {
        var clock = Stopwatch.StartNew();
        await using var database = await Database.Open(folder + "-floor", new DatabaseOptions { Catalog = "bench" });
        return clock.Elapsed;
    });

    private static async Task<Speed> Timed(Func<Task<TimeSpan>> once)
    {
        await once();
        var took = new List<double>();
        for (var i = 0; i < Times; i++) took.Add((await once()).TotalMilliseconds);
        return Speed.Of(Times / (took.Sum() / 1_000), took);
    }
}

/// The application in a process of its own takes orders from sixteen clients while a seventeenth reads availability; what memory it holds then.
internal sealed class MemoryUnderLoad(string folder) : IBenchCase
{
    public string Name => "memory";
    public string What => "the application's resident memory while 16 clients place orders by HTTP";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        string key;
        await using (var web = await WebBench.Open(world)) key = await web.Key(world);
        await using var child = await Child.Start(folder, world.ConnectionString);
        using var http = WebBench.Client(child.Address, key);
        var speed = await OrdersApi.Place(world, http, options);
        return speed with { MemoryMb = child.Memory };
    }

    public Task<Speed> Floor(World world, BenchOptions options) => FloorOrders.Run(world, options, clients: 16, batch: 1);
}
