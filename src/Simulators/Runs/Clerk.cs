using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Simulators;

/// Works for one company through the gate, at instants that the run decides, and hands on after each what waits in the outbox.
internal sealed class Clerk(IServiceProvider services, Id<Company> company)
{
    private readonly Gate gate = services.GetRequiredService<Gate>();
    private readonly ModuleCatalog catalog = services.GetRequiredService<ModuleCatalog>();

    public Id<Company> Company => company;

    public TimeProvider Clock { get; } = services.GetRequiredService<TimeProvider>();

    /// Does something that nobody has a reason to refuse.
    public async Task<TAnswer> Does<TOperation, TRequest, TAnswer>(TRequest request, Caller caller, CancellationToken ct) where TRequest : notnull
    {
        var result = await Tries<TOperation, TRequest, TAnswer>(request, caller, ct);
        return result.Ok ? result.Value : throw new InvariantBroken(
            $"{typeof(TOperation).Name} was refused: {result.Error?.Code} {result.Error?.Message} {string.Join("; ", result.Error?.Fields.Take(5) ?? [])}");
    }

    public Task<Result<TAnswer>> Tries<TOperation, TRequest, TAnswer>(TRequest request, Caller caller, CancellationToken ct) where TRequest : notnull =>
        gate.Run<TOperation, TRequest, TAnswer>(request, caller, ct);

    /// Keel itself at an instant.
    public Caller At(DateTimeOffset at) => Caller.Keel(company) with { At = at };

    public async Task<List<T>> Asks<T>(FormattableString sql, CancellationToken ct)
    {
        await using var scope = Scope(Clock.GetUtcNow());
        return await scope.ServiceProvider.GetRequiredService<KeelDb>().Query<T>(sql, ct);
    }

    public async Task Tells(FormattableString sql, CancellationToken ct)
    {
        await using var scope = Scope(Clock.GetUtcNow());
        await scope.ServiceProvider.GetRequiredService<KeelDb>().Execute(sql, ct);
    }

    /// What waits in the outbox is delivered now, in the order in which it was written, at the instant of the run's own clock.
    public async Task Delivers(DateTimeOffset at, CancellationToken ct)
    {
        var waiting = await Asks<OutboxRow>(
            $"select {new SqlText.Verbatim(RowMap<OutboxRow>.Instance.Names)} from kernel.outbox where company_id = {company} and state = 'Waiting' order by id", ct);
        var done = new List<Guid>(waiting.Count);
        foreach (var same in waiting.GroupBy(row => (row.Event, row.Deliverer)))
        {
            foreach (var happened in Joined([.. same.Select(Read)]))
            {
                await using var scope = Scope(at);
                var deliverer = catalog.DeliverersOf(happened.GetType()).Single(d => d.FullName == same.Key.Deliverer);
                var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
                db.Work.Operation = Guid.CreateVersion7(at);
                db.Begin();
                await EventCall.Deliver(scope.ServiceProvider.GetRequiredService(deliverer), happened, ct);
                if (db.IsUntouched) await db.Rollback();
                else await db.Commit(ct);
            }

            done.AddRange(same.Select(row => row.Id));
        }

        if (done.Count > 0) await Tells($"update kernel.outbox set state = 'Done', attempts = attempts + 1 where id = any({done.ToArray()})", ct);
    }

    /// Arrivals at one node that were told one by one are as good as told together.
    private static IEnumerable<IEvent> Joined(IReadOnlyList<IEvent> happened)
    {
        foreach (var node in happened.OfType<StockArrived>().GroupBy(a => a.Node)) yield return new StockArrived(node.Key, [.. node.SelectMany(a => a.Skus).Distinct()]);
        foreach (var other in happened.Where(h => h is not StockArrived)) yield return other;
    }

    private IEvent Read(OutboxRow row) =>
        (IEvent)System.Text.Json.JsonSerializer.Deserialize(row.Payload, catalog.DeliveredEvents[row.Event], KeelJson.Options)!;

    private AsyncServiceScope Scope(DateTimeOffset at)
    {
        var scope = services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Door, work.Now) = (company, Actor.Keel, Door.Job, at);
        return scope;
    }
}
