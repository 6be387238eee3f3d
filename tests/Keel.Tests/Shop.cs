using Keel.App;
using Keel.App.Access;
using Keel.App.Doors;
using Keel.Catalog.Products;
using Keel.Kernel.Views;
using Keel.Partners.Contract;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Stock.Contract;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;

namespace Keel.Tests;

/// A whole system on a database of its own, with verbs that a clerk would say. The one builder of the tests.
/// It opens with a company in Amsterdam, a warehouse MAIN, an OVERFLOW, the channels webshop and bazaar (a marketplace), and a few products with prices.
internal sealed class Shop : IAsyncDisposable
{
    public static readonly DateTimeOffset Morning = new(2026, 3, 10, 8, 0, 0, TimeSpan.Zero);
    private readonly string database;
    private readonly ServiceProvider services;
    private readonly NpgsqlDataSource source;
    private int orders;

    private Shop(string database, ServiceProvider services, NpgsqlDataSource source, SteppedClock clock, Id<Company> company)
    {
        (this.database, this.services, this.source) = (database, services, source);
        (Clock, Company) = (clock, company);
    }

    public SteppedClock Clock { get; }
    public Id<Company> Company { get; }
    public IServiceProvider Services => services;
    public NpgsqlDataSource Source => source;
    public string ConnectionString => database;
    public Gate Gate => services.GetRequiredService<Gate>();
    public ModuleCatalog Catalog => services.GetRequiredService<ModuleCatalog>();

    public static async Task<Shop> Open()
    {
        var database = await TestDatabases.Take();
        var source = Composition.DataSource(database);
        var clock = new SteppedClock(Morning);
        var collection = new ServiceCollection();
        collection.AddHouse(source, clock);
        var services = collection.BuildServiceProvider();
        await using var find = source.CreateCommand("select id from kernel.company where code = 'harbour'");
        var company = new Id<Company>((Guid)(await find.ExecuteScalarAsync())!);
        return new Shop(database, services, source, clock, company);
    }

    /// The company that every shop opens with; it is in the template, so that opening costs next to nothing.
    internal static async Task Found(IServiceProvider services)
    {
        var gate = services.GetRequiredService<Gate>();
        var at = Morning.AddDays(-30);
        var founded = await gate.Run<CreateCompany, CreateCompany.Request, Id<Company>>(
            new CreateCompany.Request("harbour", "Harbour Home", "NL", Currency.Eur, "Europe/Amsterdam"), Caller.Keel(default) with { At = at });
        var caller = Caller.Keel(founded.Value) with { At = at };
        await Must<CreateSite, CreateSite.Request, Done>(gate, new("MAIN", "Main warehouse"), caller);
        await Must<CreateSite, CreateSite.Request, Done>(gate, new("OVERFLOW", "Overflow"), caller);
        await Must<CreateChannel, CreateChannel.Request, Done>(gate, new("webshop", "Web shop", ChannelKind.OwnShop, ["MAIN", "OVERFLOW"]), caller);
        await Must<CreateChannel, CreateChannel.Request, Done>(gate, new("bazaar", "Bazaar", ChannelKind.Marketplace, ["MAIN"], Priority: 50), caller);
        await Must<SaveProducts, SaveProducts.Request, Saved[]>(gate, new(
            [new("TEE-M", "T-shirt, medium"), new("MUG-BL", "Mug, blue"), new("BOWL", "Bowl"), new("THROW", "Linen throw"), new("CANDLE", "Candle"), new("CORD", "Cord", Unit: "metre", Measured: true)]), caller);
        await Must<SavePriceList, SavePriceList.Request, Saved[]>(gate, new("retail", "Retail", Currency.Eur), caller);
        await Must<SetPrices, SetPrices.Request, Saved[]>(gate, new("retail",
            [new("TEE-M", 20), new("MUG-BL", 12.10m), new("BOWL", 24.20m), new("THROW", 60.50m), new("CANDLE", 9.99m), new("CORD", 1.25m)]), caller);
    }

    /// Runs an operation as Keel itself; a refusal comes back as one.
    public Task<Result<TAnswer>> Does<TOperation, TRequest, TAnswer>(TRequest request, Caller? caller = null) where TRequest : notnull =>
        Gate.Run<TOperation, TRequest, TAnswer>(request, caller ?? Caller.Keel(Company));

    /// Goods arrive, so that a node has them.
    public async Task Stocks(Sku sku, int onHand, long worth = 0, NodeCode? node = null)
    {
        var cost = new UnitPrice(worth == 0 ? 5_000_000 : worth * 10_000 / onHand, Currency.Eur);
        var received = await Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(Gate,
            new([new ReceiveGoods.Receipt(node ?? "MAIN", [new ReceiveGoods.Line(sku, onHand, cost)])]), Caller.Keel(Company));
        if (received.Count != 1) throw new InvariantBroken("Nothing was received.");
    }

    /// One more product is for sale, for ten euros.
    public async Task Sells(SaveProducts.Item product)
    {
        await Must<SaveProducts, SaveProducts.Request, Saved[]>(Gate, new([product]), Caller.Keel(Company));
        await Must<SetPrices, SetPrices.Request, Saved[]>(Gate, new("retail", [new(product.Sku, 10)]), Caller.Keel(Company));
    }

    /// A customer orders in the web shop.
    public async Task<CapturedOrder> Takes(params (Sku Sku, int Quantity)[] lines) => (await Tries(NewOrder("webshop", lines))).Value;

    /// A marketplace delivers an order.
    public async Task<CapturedOrder> TakesFromBazaar(params (Sku Sku, int Quantity)[] lines) => (await Tries(NewOrder("bazaar", lines))).Value;

    public Task<Result<CapturedOrder>> Tries(NewOrder order, Caller? caller = null) => Does<PlaceOrder, NewOrder, CapturedOrder>(order, caller);

    public NewOrder NewOrder(ChannelCode channel, params (Sku Sku, int Quantity)[] lines)
    {
        var n = Interlocked.Increment(ref orders);
        return new NewOrder(channel, $"T-{n}", [.. lines.Select(l => new NewLine(l.Sku, l.Quantity))],
            new Contact($"Customer {n}", $"customer{n}@example.org", null, new PostalAddress("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL")));
    }

    /// Everything that is promised to an order leaves.
    public async Task<ShipOrders.Answer> Ships(CapturedOrder order) =>
        (await Must<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(Gate, new([order.Id!.Value.Value]), Caller.Keel(Company)))[0];

    public async Task<CancelOrders.Answer> Cancels(CapturedOrder order) =>
        (await Must<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(Gate, new([order.Id!.Value], "changed their mind"), Caller.Keel(Company)))[0];

    /// Somebody who signs in, with what the roles allow.
    public async Task<Actor> Person(string name, params string[] roles)
    {
        var made = await Must<CreateUser, CreateUser.Request, Guid>(new(name, $"{name.ToLowerInvariant()}@harbour.example", "a long enough word", roles));
        return (await services.GetRequiredService<IActors>().Find(ActorKind.Person, made, default))!;
    }

    /// The same person as they may now.
    public async Task<Actor> Again(Actor person)
    {
        services.GetRequiredService<Sessions>().Forget();
        return (await services.GetRequiredService<IActors>().Find(ActorKind.Person, person.Id, default))!;
    }

    /// A call that somebody makes from a page.
    public Caller By(Actor who) => new(who, Door.Page, Company);

    /// An order goes to the floor: one shipment per node.
    public async Task<ReleaseOrders.Answer> Releases(CapturedOrder order) =>
        (await Must<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(new([order.Id!.Value.Value])))[0];

    /// What has left of an order arrives.
    public async Task Delivers(CapturedOrder order) => await Must<DeliverShipments, DeliverShipments.Request, IReadOnlyList<ShipmentAnswer>>(
        new([.. (await Keys($"select id from warehouse.shipment where order_id = '{order.Id}' and status = 'Shipped'")).Select(id => new Id<Shipment>(id))]));

    /// Goods of an order line come back, or the customer keeps them, and they are credited.
    public async Task<CreditOrders.Answer> Credits(CapturedOrder order, int line, int quantity, bool goodsBack = true) =>
        (await Must<CreditOrders, CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>(
            new([new CreditOrders.Credit(order.Id!.Value, [new CreditOrders.Part(line, quantity, goodsBack)], "did not fit")])))[0];

    /// Money moves for an order; in cents of a euro.
    public async Task<RecordPayments.Answer> Pays(CapturedOrder order, PaymentKind kind, long cents, string method = "card") =>
        (await Must<RecordPayments, RecordPayments.Request, IReadOnlyList<RecordPayments.Answer>>(
            new([new RecordPayments.Fact(order.Id!.Value, kind, method, new Money(cents, Currency.Eur), $"{kind} {cents} of {order.Number}")])))[0];

    /// The business makes a choice.
    public Task Chooses(string policy, object choice) =>
        Must<SetPolicy, SetPolicy.Request, int>(new(policy, System.Text.Json.JsonSerializer.SerializeToElement(choice, KeelJson.Options), "head of operations"));

    /// What left the outbox undelivered is delivered now.
    public Task Delivers() => services.GetRequiredService<OutboxDispatcher>().Drain();

    /// Somebody counts a place.
    public Task<Result<IReadOnlyList<DocumentRef>>> Counts(LocationCode location, Sku sku, int found, string reason = "count") =>
        Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new AdjustStock.Line(location, sku, found, reason)]));

    /// Runs an operation as Keel itself, which has to succeed.
    public Task<TAnswer> Must<TOperation, TRequest, TAnswer>(TRequest request) where TRequest : notnull => Must<TOperation, TRequest, TAnswer>(Gate, request, Caller.Keel(Company));

    /// What came of a request, as its door hears it.
    public Task<Outcome> Asks<TOperation>(object request, Caller caller) => Gate.Run(Services.GetRequiredService<ModuleCatalog>().Of(typeof(TOperation)), request, caller);

    /// A job does its round.
    public async Task Runs<TJob>() where TJob : class, IJob
    {
        await using var scope = Scope();
        await scope.ServiceProvider.GetRequiredService<TJob>().Run(default);
    }

    /// Everything is recomputed from the books, and ties.
    public async Task Proves() => (await Differences()).ShouldBeEmpty();

    /// The names of the checks of `keel prove` that find something wrong.
    public async Task<IReadOnlyList<string>> Differences() =>
        [.. (await services.GetRequiredService<Prover>().Run(ProofDepth.Full)).Checks.Where(c => c.Differences > 0).Select(c => c.Name)];

    public async Task<Availability> Position(Sku sku, NodeCode? node = null)
    {
        await using var scope = Scope();
        var all = await scope.ServiceProvider.GetRequiredService<StockDesk>().Availability([sku]);
        return all.SingleOrDefault(a => a.Node == (node ?? "MAIN"));
    }

    public async Task<OrderStatus> StatusOf(CapturedOrder order) => Enum.Parse<OrderStatus>(await Text($"select status from sales.orders where id = '{order.Id}'"));

    public async Task<string> Text(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (await command.ExecuteScalarAsync())?.ToString() ?? "";
    }

    public async Task<long> Number(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0L);
    }

    private async Task<List<Guid>> Keys(string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var keys = new List<Guid>();
        while (await reader.ReadAsync()) keys.Add(reader.GetGuid(0));
        return keys;
    }

    /// What an account stands at, in cents.
    public Task<long> Balance(string account) => Number($"select coalesce(sum(company_amount), 0)::bigint from ledger.posting where company_id = '{Company}' and account = '{account}'");

    /// The first page of a list that is asked as its address asks: `f.status=OnHold`.
    public async Task<IReadOnlyList<TRow>> Rows<TView, TRow>(string question)
    {
        await using var scope = Scope();
        var page = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page(typeof(TView), Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(question));
        return page.Ok ? ((ViewPage<TRow>)page.Value).Rows : throw new InvariantBroken($"{page.Error?.Code}: {page.Error?.Message}");
    }

    /// A scope with the company in it, for desks and views.
    public AsyncServiceScope Scope()
    {
        var scope = services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Now) = (Company, Actor.Keel, Clock.GetUtcNow());
        scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(Actor.Keel.May);
        return scope;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await source.DisposeAsync();
        await TestDatabases.Drop(database);
    }

    private static async Task<TAnswer> Must<TOperation, TRequest, TAnswer>(Gate gate, TRequest request, Caller caller) where TRequest : notnull
    {
        var result = await gate.Run<TOperation, TRequest, TAnswer>(request, caller);
        return result.Ok ? result.Value : throw new InvariantBroken($"{result.Error?.Code}: {result.Error?.Message} {string.Join("; ", result.Error?.Fields ?? [])}");
    }
}
