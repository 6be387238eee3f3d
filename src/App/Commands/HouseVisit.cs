using Keel.App.Postgres;
using Npgsql;

namespace Keel.App.Commands;

/// Keel's operations and lists for the length of one command, on the database of the data folder, whether Keel runs on it or not.
internal sealed class HouseVisit : IAsyncDisposable
{
    private readonly Database database;
    private readonly NpgsqlDataSource source;
    private readonly ServiceProvider services;

    private HouseVisit(Database database, NpgsqlDataSource source, ServiceProvider services, ModuleCatalog catalog)
    {
        (this.database, this.source, this.services) = (database, source, services);
        Catalog = catalog;
    }

    /// Whoever reaches the data folder may do everything.
    public static Actor Operator { get; } = Actor.Keel with { Name = "command line" };

    public ModuleCatalog Catalog { get; }
    public IServiceProvider Services => services;
    public NpgsqlDataSource Source => source;
    public Gate Gate => services.GetRequiredService<Gate>();

    public static async Task<HouseVisit> Open(Invocation call, CancellationToken ct)
    {
        var database = await call.OpenDatabase(ct);
        var source = Composition.DataSource(database.ConnectionString);
        var collection = new ServiceCollection();
        var catalog = collection.AddHouse(source, TimeProvider.System);
        var services = collection.BuildServiceProvider();
        var visit = new HouseVisit(database, source, services, catalog);
        try
        {
            await services.GetRequiredService<Migrator>().Run(ct);
            return visit;
        }
        catch
        {
            await visit.DisposeAsync();
            throw;
        }
    }

    /// The company of a code; without a code the only one there is.
    public async Task<Company> Company(string? code, CancellationToken ct)
    {
        var all = await services.GetRequiredService<Access.Companies>().Of(Operator, ct);
        if (code is { Length: > 0 })
            return all.FirstOrDefault(c => c.Code == code) ?? throw new CannotRun($"There is no company '{code}'. {Known(all)}");
        return all.Count == 1 ? all[0] : throw new CannotRun(all.Count == 0 ? "There is no company yet." : $"Say which company with --company. {Known(all)}");
    }

    /// A scope in which lists are read as one company.
    public AsyncServiceScope Scope(Id<Company> company, Currency currency, TimeZoneInfo zone)
    {
        var scope = services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Door, work.Now) = (company, Operator, Door.Cli, services.GetRequiredService<TimeProvider>().GetUtcNow());
        scope.ServiceProvider.GetRequiredService<Doors.Lookout>().Viewer =
            new Keel.Kernel.Views.Viewer(Operator.May) { Name = Operator.Name, Zone = zone, Currency = currency };
        return scope;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await source.DisposeAsync();
        await database.DisposeAsync();
    }

    private static string Known(IReadOnlyList<Company> all) => all.Count == 0 ? "There is none yet." : "There are " + string.Join(", ", all.Select(c => c.Code)) + ".";
}
