using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Keel.App.Postgres;
using Keel.Bench.Cases;

namespace Keel.Bench;

/// `keel bench`: measures on a database of its own, each case against a floor taken in the same run.
internal static class Program
{
    private static IBenchCase[] CasesIn(string folder) =>
    [
        new OrdersImport(), new OrdersRouted(), new RoutingAlone(), new RouteTried(), new Promoted(), new OrdersApi(), new HotHold(), new HotOrder(), new Ship(1, 4), new Ship(50, 2), new Receive(), new OpeningFile(), new IssueFromLayers(), new ReadAvailability(), new PromisableOnADay(), new PromiseCurves(), new OrdersList(), new ShippedFilters(), new OpenedOrder(), new SearchLog(),
        new CardOfTheBusiest(), new StockAtAnInstant(), new ValueAtAnInstant(), new AgeingOfAll(), new ProofOfAll(),
        new Campaign(Path.Combine(folder, "campaign")), new MemoryUnderLoad(Path.Combine(folder, "memory")), new StartUp(Path.Combine(folder, "start")),
    ];

    public static async Task<int> Main(string[] args)
    {
        var json = args.Contains("--json");
        var options = new BenchOptions(TimeSpan.FromSeconds(double.Parse(Option(args, "--seconds") ?? "8", CultureInfo.InvariantCulture)), int.Parse(Option(args, "--moves") ?? "5000000", CultureInfo.InvariantCulture));
        var folder = Option(args, "--data") ?? Path.Combine(".keel", "bench");
        var cases = CasesIn(folder);
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine("keel bench [names…] [--seconds 8] [--moves 5000000] [--data folder] [--json]");
            Console.WriteLine("Measures: " + string.Join(", ", cases.Select(c => c.Name)));
            return 0;
        }

        var names = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal) || args[i - 1] == "--json")).ToArray();
        var chosen = cases.Where(c => names.Length == 0 || names.Contains(c.Name)).ToArray();
        if (names.FirstOrDefault(n => cases.All(c => c.Name != n)) is { } odd)
        {
            await Console.Error.WriteLineAsync($"There is no measurement {odd}. There are: {string.Join(", ", cases.Select(c => c.Name))}.");
            return 2;
        }

        await using var database = await Database.Open(folder, new DatabaseOptions { Catalog = "bench" });
        await using var world = await World.Make(database.ConnectionString);
        if (!json) Console.WriteLine($"{"",-16}{"per second",12}{"p50 ms",10}{"p95 ms",10}{"p99 ms",10}{"floor",12}{"ratio",8}");
        foreach (var one in chosen) await Show(one, world, options, json);
        return 0;
    }

    private static async Task Show(IBenchCase one, World world, BenchOptions options, bool json)
    {
        await world.Run(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "floors", "tables.sql")));
        var floor = await one.Floor(world, options);
        var speed = await one.Measure(world, options);
        var ratio = floor.Rate == 0 ? 0 : speed.Rate / floor.Rate;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                name = one.Name, rate = Math.Round(speed.Rate, 1), p50 = Math.Round(speed.P50, 2), p95 = Math.Round(speed.P95, 2), p99 = Math.Round(speed.P99, 2),
                floor = Math.Round(floor.Rate, 1), ratio = Math.Round(ratio, 3), memoryMb = speed.MemoryMb ?? Process.GetCurrentProcess().WorkingSet64 / 1_048_576,
            }));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name,-16}{speed.Rate,12:N0}{speed.P50,10:N2}{speed.P95,10:N2}{speed.P99,10:N2}{floor.Rate,12:N0}{ratio,8:N2}   {one.What}{(speed.MemoryMb is { } held ? $": {held} MB" : "")}"));
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
}
