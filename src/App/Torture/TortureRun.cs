using System.Text.Json;
using Keel.App.Access;
using Keel.App.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.App.Torture;

/// What a torture run is told.
internal sealed record TortureOptions(int Buyers, TimeSpan Length, bool Kill, string Folder, int Seed);

/// Parallel buyers on few units through the API, while the application and its database are killed and restarted. The buyers keep logs of
/// their own; what they saw and what the database holds are compared afterwards by a program that shares no code with the product.
internal sealed class TortureRun(TortureOptions options, Action<string> say)
{
    public const int Skus = 8;
    private string key = "";
    private string cluster = "";

    public string Logs => Path.Combine(options.Folder, "logs");
    private string Data => Path.Combine(options.Folder, "data");

    public async Task<string> Run(CancellationToken ct)
    {
        Directory.CreateDirectory(Logs);
        await Furnish(ct);
        await using var server = new TorturedServer(Data, cluster, say);
        await server.Start(ct);
        say($"{options.Buyers} buyers for {options.Length.TotalSeconds:0} seconds on {Skus} products{(options.Kill ? ", with kills" : "")}.");

        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        over.CancelAfter(options.Length);
        var world = new TortureWorld(() => server.Address, key, Logs);
        var clients = Enumerable.Range(0, options.Buyers).Select(b => new Buyer(b, world, new Random(options.Seed + b)).Live(over.Token))
            .Append(new Keeper(world, Dice(0)).Live(over.Token)).Append(new Carrier(world, Dice(1)).Live(over.Token)).Append(new Assembler(world, Dice(2)).Live(over.Token))
            .Append(new Inspector(world, Dice(3)).Live(over.Token)).Append(new Packer(world, Dice(4)).Live(over.Token)).Append(new Stower(world, Dice(5)).Live(over.Token)).ToArray();
        var killing = options.Kill ? server.KillAtRandom(new Random(options.Seed), over.Token) : Task.CompletedTask;
        await Task.WhenAll(clients);
        await killing;
        await world.WriteFailures();

        await server.Settle(ct);
        var connection = await server.Stop(ct);
        say($"{world.Answered:N0} answers, {world.Lost:N0} requests without an answer that were sent again, {server.Kills} kills.");
        return connection;

        Random Dice(int of) => new(options.Seed + 1_000_000 + of);
    }

    /// A company with a handful of products of which there are few, a channel and an API key.
    private async Task Furnish(CancellationToken ct)
    {
        await using var database = await Database.Open(Data, new DatabaseOptions { Server = null }, ct);
        cluster = database.Embedded!.Cluster;
        await using var source = Composition.DataSource(database.ConnectionString);
        await using var services = new ServiceCollection().AddHouseServices(source).BuildServiceProvider();
        await services.GetRequiredService<Migrator>().Run(ct);
        var gate = services.GetRequiredService<Gate>();
        var catalog = services.GetRequiredService<ModuleCatalog>();
        var skus = Enumerable.Range(0, Skus).Select(TortureWorld.SkuOf).ToArray();
        var told = Enumerable.Range(0, TortureWorld.LotSkus).Select(TortureWorld.LotSkuOf).ToArray();
        string[] sold = [.. skus, .. told, TortureWorld.BuiltKit, TortureWorld.VirtualKit];
        var company = (Id<Company>)(await Must("kernel.create-company", default, new { code = "torture", name = "Torture", country = "NL", currency = "EUR", zone = "Europe/Amsterdam" }))!;
        await Must("kernel.create-site", company, new { code = "MAIN", name = "Main" });
        await Must("kernel.create-site", company, new { code = "OTHER", name = "Other" });
        await Must("kernel.create-channel", company, new { code = "web", name = "Web", kind = "ownShop", nodes = new[] { "MAIN" } });
        await Must("stock.create-locations", company, new { places = TortureWorld.Bins.Select(code => new { code, node = "MAIN" }) });
        await Must("catalog.save-products", company, new { products = sold.Select(sku => new { sku, name = "Product " + sku, tracking = told.Contains(sku) ? "lot" : "none" }) });
        await Must("catalog.save-kits", company, new { kits = new[] { Kit(TortureWorld.BuiltKit, "preBuilt", (0, 2), (1, 1)), Kit(TortureWorld.VirtualKit, "virtual", (2, 1), (3, 2)) } });
        await Must("pricing.save-price-list", company, new { code = "retail", name = "Retail", currency = "EUR" });
        await Must("pricing.set-prices", company, new { list = "retail", prices = sold.Select((sku, n) => new { sku, price = 10 + n }) });
        await Must("stock.set-costing", company, new { method = "fifo", bySite = true, reason = "layers are fought for as well, at each site" });
        await Must("stock.receive", company, new { receipts = new[] { new { node = "MAIN", lines = skus.Select(sku => new { sku, quantity = 40, unitCost = new { price = 3.33m, currency = "EUR" } }) } } });
        await Must("stock.receive", company, new { receipts = new[] { new { node = "MAIN", lines = told.SelectMany(sku => Enumerable.Range(0, TortureWorld.LotsEach)
            .Select(n => new { sku, quantity = 15, lots = TortureWorld.LotOf(n), unitCost = new { price = 2.5m, currency = "EUR" } })) } } });
        var made = await gate.Run<CreateApiKey, CreateApiKey.Request, CreateApiKey.Answer>(new("torture", ["*"], "torture"), Caller.Keel(default), ct);
        key = made.Ok ? made.Value.Key : throw new CannotRun($"No API key could be made: {made.Error?.Message}");

        static object Kit(string sku, string kind, params (int Sku, int Quantity)[] of) => new { sku, kind, components = of.Select(c => new { sku = TortureWorld.SkuOf(c.Sku), quantity = c.Quantity }) };

        async Task<object?> Must(string name, Id<Company> at, object request)
        {
            var operation = catalog.Find(name)!;
            var outcome = await gate.Run(operation, JsonSerializer.SerializeToElement(request, JsonSerializerOptions.Web).Deserialize(operation.Request, KeelJson.Options)!, Caller.Keel(at), ct);
            return outcome.Ok ? outcome.Answer : throw new CannotRun($"{name} was refused: {outcome.Error?.Message}");
        }
    }
}
