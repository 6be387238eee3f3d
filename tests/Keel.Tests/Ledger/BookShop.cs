using Keel.Accounting;
using Keel.Kernel.Views;
using Keel.Ledger;
using Keel.Ledger.Contract;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Tests.Ledger;

/// A company with its books alone: facts are told to it as the other modules would, and every figure can be asked.
internal sealed class BookShop : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);
    private readonly string name;
    private readonly ServiceProvider services;
    private readonly NpgsqlDataSource source;

    private BookShop(string name, ServiceProvider services, NpgsqlDataSource source) => (this.name, this.services, this.source) = (name, services, source);

    public Id<Company> Company { get; private set; }
    public DateTimeOffset Now { get; set; } = Start;
    public static DateOnly Today => new(2026, 3, 10);
    public Gate Gate => services.GetRequiredService<Gate>();
    public NpgsqlDataSource Source => source;
    public IServiceProvider Services => services;

    public static async Task<BookShop> Open(string currency = "EUR")
    {
        var server = Environment.GetEnvironmentVariable("KEEL_TEST_SERVER") ?? "Host=127.0.0.1;Port=5160;Username=keel";
        var catalog = "t" + Guid.NewGuid().ToString("N");
        await using (var admin = NpgsqlDataSource.Create(server + ";Database=postgres"))
        {
            await using var create = admin.CreateCommand($"create database {catalog}");
            await create.ExecuteNonQueryAsync();
        }

        var database = Composition.DataSource(server + ";Database=" + catalog + ";Maximum Pool Size=20");
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddScoped<ViewRunner>();
        collection.AddScoped(_ => new Viewer(_ => true));
        collection.AddKeel(database, TimeProvider.System, new LedgerModule(), new StockModule(), new AccountingModule(), new TellingModule());
        var provider = collection.BuildServiceProvider();
        await provider.GetRequiredService<Migrator>().Run();
        var shop = new BookShop(catalog, provider, database);
        var founded = await shop.Gate.Run<CreateCompany, CreateCompany.Request, Id<Company>>(
            new CreateCompany.Request("acme", "Acme", "NL", Currency.Of(currency), "Europe/Amsterdam"), Caller.Keel(default) with { At = Start });
        shop.Company = founded.Value;
        return shop;
    }

    /// Tells facts as one operation.
    public async Task<Outcome> Tells(params IEvent[] facts)
    {
        var outcome = await Gate.Run(services.GetRequiredService<ModuleCatalog>().Of(typeof(TellFacts)), new TellFacts.Request(facts), Caller.Keel(Company) with { At = Now });
        return outcome.Ok ? outcome : throw new InvariantBroken($"{outcome.Error?.Code} {outcome.Error?.Message} {string.Join(';', outcome.Error?.Fields ?? [])}");
    }

    public async Task<Result<TAnswer>> Does<TOperation, TRequest, TAnswer>(TRequest request) where TRequest : notnull =>
        await Gate.Run<TOperation, TRequest, TAnswer>(request, Caller.Keel(Company) with { At = Now });

    /// Posts entries as one operation.
    public Task<Outcome> Posts(params EntryDraft[] drafts) => Tells(new ToPost(drafts));

    public async Task<long> Balance(string account) =>
        await Scalar($"select coalesce(sum(company_amount), 0)::bigint from ledger.posting where company_id = '{Company}' and account = '{account}'");

    public async Task<long> Scalar(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is long number ? number : 0;
    }

    public async Task<List<string>> Texts(string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync()) texts.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i).ToString())));
        return texts;
    }

    public Task Execute(string sql) => Scalar(sql);

    public async Task RollUp()
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RollUpDays>().Run(default);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await source.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        var server = Environment.GetEnvironmentVariable("KEEL_TEST_SERVER") ?? "Host=127.0.0.1;Port=5160;Username=keel";
        await using var admin = NpgsqlDataSource.Create(server + ";Database=postgres");
        await using var drop = admin.CreateCommand($"drop database if exists {name} with (force)");
        await drop.ExecuteNonQueryAsync();
    }
}

/// Raises facts inside an operation, in place of the modules that would.
[Operation("telling.tell-facts", "telling", Secret = true)]
internal sealed class TellFacts(KeelDb db) : IOperation<TellFacts.Request, Done>
{
    public sealed record Request(IReadOnlyList<IEvent> Facts);

    public Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        foreach (var fact in request.Facts) db.Raise(fact);
        return Task.FromResult<Result<Done>>(Done.It);
    }
}

internal sealed record ToPost(IReadOnlyList<EntryDraft> Drafts) : IEvent;

internal sealed class PostDrafts(Journal journal) : IHandle<ToPost>
{
    public async Task Handle(ToPost happened, CancellationToken ct)
    {
        foreach (var draft in happened.Drafts) await journal.Post(draft, ct);
    }
}

internal sealed class TellingModule : IModule
{
    public void Describe(ModuleContents contents) => contents.Operation<TellFacts>().Handles<PostDrafts>();
}
