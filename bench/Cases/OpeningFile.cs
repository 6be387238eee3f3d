using System.Diagnostics;
using System.Globalization;
using System.Text;
using Keel.Catalog.Products;
using Keel.Kernel.Views;
using Keel.Stock;

namespace Keel.Bench.Cases;

/// A file of 100,000 opening balances by HTTP, 5,000 bins of twenty products, three rows in a hundred wrong: each wrong row is refused with its reason, all others are in.
internal sealed class OpeningFile : IBenchCase
{
    private const int Products = 20;
    private const int Bins = 5_000;
    private const int Batch = 250;

    public string Name => "opening-file";
    public string What => "rows of a file of 100,000 opening balances for 5,000 bins, 3 in 100 of them wrong, one client";

    public async Task<Speed> Measure(World world, BenchOptions options)
    {
        var (skus, bins) = await Prepare(world);
        var rows = Rows(skus, bins).Select((row, i) => (i % 100) switch
        {
            7 => $"{row.Bin},NOBODY,5,2.50\n",
            40 => $"MAIN/NOWHERE-{i},{row.Sku},5,2.50\n",
            77 => $"{row.Bin},{row.Sku},-5,2.50\n",
            _ => string.Create(CultureInfo.InvariantCulture, $"{row.Bin},{row.Sku},{1 + (i % 9)},{2 + (i % 3) * 0.25m}\n"),
        });
        await using var web = await WebBench.Open(world);
        using var http = await web.Program(world);
        http.Timeout = TimeSpan.FromMinutes(10);
        using var content = new StringContent("location,sku,quantity,unitCost\n" + string.Concat(rows), Encoding.UTF8, "text/csv");
        var clock = Stopwatch.StartNew();
        using var answer = await http.PostAsync(new Uri("/api/v1/import/stock.open", UriKind.Relative), content);
        var took = clock.Elapsed;
        var told = await world.Text("select accepted || ' + ' || refused || ' of ' || read from kernel.import_job where operation = 'stock.open' order by started_at desc limit 1");
        if (!answer.IsSuccessStatusCode || told != "97000 + 3000 of 100000") throw new InvariantBroken($"{answer.StatusCode}: {told}");
        return Speed.Of(Products * Bins / took.TotalSeconds, [took.TotalMilliseconds]);
    }

    public async Task<Speed> Floor(World world, BenchOptions options)
    {
        var (skus, bins) = await Prepare(world);
        var floor = Keel.Bench.Floor.Read("opening");
        var (rows, clock) = (Rows(skus, bins).ToArray(), Stopwatch.StartNew());
        foreach (var chunk in rows.Chunk(Batch))
        {
            await floor.Run(world.Source, new Dictionary<string, object>
            {
                ["operation"] = Guid.CreateVersion7(), ["document"] = Guid.CreateVersion7(), ["entry"] = Guid.CreateVersion7(), ["company"] = world.Company.Value, ["at"] = DateTime.UtcNow,
                ["day"] = DateOnly.FromDateTime(DateTime.UtcNow), ["skus"] = chunk.Select(r => r.Sku).ToArray(), ["places"] = chunk.Select(r => r.Bin).ToArray(),
            });
        }

        return Speed.Of(rows.Length / clock.Elapsed.TotalSeconds, [clock.Elapsed.TotalMilliseconds]);
    }

    private static IEnumerable<(string Bin, string Sku)> Rows(string[] skus, string[] bins) => bins.SelectMany(bin => skus.Select(sku => (bin, sku)));

    /// Products that nobody has yet, and the bins, laid out once.
    private static async Task<(string[] Skus, string[] Bins)> Prepare(World world)
    {
        var run = Guid.NewGuid().ToString("N")[..8].ToUpperInvariant();
        var skus = Enumerable.Range(1, Products).Select(i => $"OPEN-{run}-{i:D2}").ToArray();
        await world.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([.. skus.Select(s => new SaveProducts.Item(s, "To be taken over"))]));
        var bins = $"select string_agg(code, ' ' order by code) from (select code from stock.location where company_id = '{world.Company.Value}' and tier = 'Bin' and code like 'MAIN/OPN-%' order by code limit 5000) as b";
        if (await world.Text(bins) is not { Length: > 0 })
        {
            await world.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(new(
                "MAIN", "{zone}-{aisle:00}-{rack:00}-{level:00}", [new("zone", "OPN"), new("aisle", "1-10"), new("rack", "1-50"), new("level", "1-10")]));
        }

        return (skus, (await world.Text(bins)).Split(' '));
    }
}
