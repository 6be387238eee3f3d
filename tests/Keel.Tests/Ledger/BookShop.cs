using Keel.App;
using Keel.Kernel.Views;
using Keel.Ledger;
using Keel.Ledger.Contract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Tests.Ledger;

/// A shop whose books are told facts directly, as the other modules would tell them; every figure can be asked.
internal sealed class BookShop : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);
    private readonly string database;
    private readonly ServiceProvider services;
    private readonly NpgsqlDataSource source;

    private BookShop(string database, ServiceProvider services, NpgsqlDataSource source) => (this.database, this.services, this.source) = (database, services, source);

    public Id<Company> Company { get; private init; }
    public DateTimeOffset Now { get; set; } = Start;
    public static DateOnly Today => new(2026, 3, 10);
    public Gate Gate => services.GetRequiredService<Gate>();
    public NpgsqlDataSource Source => source;
    public IServiceProvider Services => services;

    public static async Task<BookShop> Open()
    {
        var connection = await TestDatabases.Take();
        var data = Composition.DataSource(connection);
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddScoped<ViewRunner>();
        collection.AddScoped(_ => new Viewer(_ => true));
        collection.AddKeel(data, TimeProvider.System, [.. KeelModules.All, new TellingModule()]);
        var provider = collection.BuildServiceProvider();
        await using var find = data.CreateCommand("select id from kernel.company where code = 'harbour'");
        return new BookShop(connection, provider, data) { Company = new Id<Company>((Guid)(await find.ExecuteScalarAsync())!) };
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
        await TestDatabases.Drop(database);
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
