using Keel.App;
using Keel.Catalog.Products;
using Keel.Kernel.Views;
using Keel.Partners.Contract;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Bench;

/// A company to measure on: a thousand products at five nodes, prices, a channel served by one node, twenty thousand known customers.
internal sealed class World : IAsyncDisposable
{
    public const int Products = 1_000;
    public const int Customers = 20_000;
    public static readonly NodeCode[] Nodes = ["MAIN", "EAST", "WEST", "NORTH", "SOUTH"];
    private readonly ServiceProvider services;

    private World(string connectionString, NpgsqlDataSource source, ServiceProvider services, Id<Company> company) =>
        (ConnectionString, Source, this.services, Company, Caller) = (connectionString, source, services, company, Caller.Keel(company) with { Door = Door.Import });

    public string ConnectionString { get; }
    public NpgsqlDataSource Source { get; }
    public IServiceProvider Services => services;
    public Id<Company> Company { get; }
    public Caller Caller { get; }
    public Gate Gate => services.GetRequiredService<Gate>();

    public static async Task<World> Make(string connectionString)
    {
        var source = Composition.DataSource(connectionString);
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddKeel(source, TimeProvider.System, KeelModules.All);
        collection.AddScoped(_ => new Viewer(static _ => true)).AddScoped<ViewRunner>();
        var services = collection.BuildServiceProvider();
        await services.GetRequiredService<Migrator>().Run();
        var gate = services.GetRequiredService<Gate>();
        var founded = await gate.Run<CreateCompany, CreateCompany.Request, Id<Company>>(
            new CreateCompany.Request("bench-" + Guid.NewGuid().ToString("N")[..8], "Bench", "NL", Currency.Eur, "Europe/Amsterdam"), Caller.Keel(default));
        var world = new World(connectionString, source, services, founded.Value);
        await world.Furnish();
        await world.Run("vacuum analyze");
        return world;
    }

    public static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    public static Sku SkuOf(int n) => $"BENCH-{n:D4}";

    /// One order of three lines for a customer out of the pool, over all products.
    public NewOrder Order(Random random, string number) => new(
        "webshop", number,
        [Line(random), Line(random), Line(random)],
        ContactOf(random.Next(Customers)));

    public static Contact ContactOf(int n) =>
        new($"Customer {n}", $"customer{n}@example.org", null, new PostalAddress("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL"), $"C{n}");

    public async Task<TAnswer> Must<TOperation, TRequest, TAnswer>(TRequest request) where TRequest : notnull
    {
        var result = await Gate.Run<TOperation, TRequest, TAnswer>(request, Caller);
        return result.Ok ? result.Value : throw new InvariantBroken($"{typeof(TOperation).Name}: {result.Error?.Code} {result.Error?.Message}");
    }

    public async Task Run(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> Number(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 600;
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    public async Task<string> Text(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (await command.ExecuteScalarAsync())?.ToString() ?? "";
    }

    /// A new SKU with a few units at one node.
    public async Task<Sku> Hot(int units)
    {
        Sku sku = "HOT-" + Guid.NewGuid().ToString("N")[..10].ToUpperInvariant();
        await Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new(sku, "Hot")]));
        await Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new(sku, 10)]));
        await Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new(sku, units, new UnitPrice(4_000_000, Currency.Eur))])]));
        return sku;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Source.DisposeAsync();
    }

    private static NewLine Line(Random random) => new(SkuOf(random.Next(Products)), 1 + random.Next(3));

    private async Task Furnish()
    {
        foreach (var node in Nodes) await Must<CreateSite, CreateSite.Request, Done>(new(node, node.Text));
        await Must<CreateChannel, CreateChannel.Request, Done>(new("webshop", "Web shop", ChannelKind.OwnShop, ["MAIN"]));
        var skus = Enumerable.Range(0, Products).Select(SkuOf).ToArray();
        await Must<SaveProducts, SaveProducts.Request, Saved[]>(new([.. skus.Select(s => new SaveProducts.Item(s, "Product " + s))]));
        await Must<SavePriceList, SavePriceList.Request, Saved[]>(new("retail", "Retail", Currency.Eur));
        await Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [.. skus.Select((s, i) => new SetPrices.Item(s, 5 + i % 40 + 0.95m))]));
        // Customers who have bought before; the first order of a new one writes three rows more.
        await Run(
            $"""
            insert into partners.partner (id, company_id, number, identity, is_customer, is_supplier, name, email, country, currency, payment_terms_days, created_at, changed_at, version)
            select gen_random_uuid(), '{Company}', 'B-' || n, 'webshop:C' || n, true, false, 'Customer ' || n, 'customer' || n || '@example.org', 'NL', 'EUR', 0, statement_timestamp(), statement_timestamp(), 1
            from generate_series(0, {Customers - 1}) n
            """);
        await Run($"insert into kernel.person_key (id, key) select id, decode(md5(id::text) || md5(number), 'hex') from partners.partner where company_id = '{Company}' and identity <> 'anonymous'");
        foreach (var node in Nodes)
        {
            await Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new(
                [new(node, [.. skus.Select(s => new ReceiveGoods.Line(s, 10_000_000, new UnitPrice(3_500_000, Currency.Eur)))])]));
        }
    }
}
