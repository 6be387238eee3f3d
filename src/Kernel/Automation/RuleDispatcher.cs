using Microsoft.Extensions.DependencyInjection;

namespace Keel.Kernel;

/// Follows the rules: looks at committed events in batches, at the clock, and does what matched. Each event is looked at once, however many
/// nodes do this, because how far they looked is kept in the transaction that writes the matches; each match is acted on once, because its key
/// is claimed in the transaction of the action.
public sealed class RuleDispatcher(IServiceScopeFactory scopes, TimeProvider clock)
{
    private const int MostEvents = 1_000;
    private readonly SemaphoreSlim one = new(1);

    /// Looks and acts until there is nothing to do; says how many runs ended. `at` is the instant to act at where it is not now.
    public async Task<int> Drain(DateTimeOffset? at = null, CancellationToken ct = default)
    {
        await one.WaitAsync(ct);
        try
        {
            var acted = 0;
            while (true)
            {
                var (heard, struck, done) = (await Listen(at, ct), await Strike(at, ct), await Act(at, ct));
                acted += done;
                if (heard + struck + done == 0) return acted;
            }
        }
        finally
        {
            one.Release();
        }
    }

    /// One batch of events is matched against all rules that follow their kinds; says how many were looked at.
    internal async Task<int> Listen(DateTimeOffset? at, CancellationToken ct)
    {
        await using var scope = Scope(at, out var db);
        db.Begin();
        if (await db.First<Cursor>($"select xact::text as xact, position from kernel.event_cursor for update skip locked", ct) is not { } cursor) return await Nothing(db);
        var events = await db.Query<HeardEvent>(
            $"""
            select id, company_id, kind, at, operation, cause, actor_kind, actor_id, subject_kind, subject_id, subject_number, facts::text as facts, xact::text as xact, position
            from kernel.event where (xact, position) > ({cursor.Xact}::text::xid8, {cursor.Position}::bigint) and xact < pg_snapshot_xmin(pg_current_snapshot())
            order by xact, position limit {MostEvents}
            """, ct);
        if (events.Count == 0) return await Nothing(db);

        await scope.ServiceProvider.GetRequiredService<RuleMatching>().Match(events, ct);
        db.Queue($"update kernel.event_cursor set xact = {events[^1].Xact}::text::xid8, position = {events[^1].Position}", 1);
        await db.Commit(CancellationToken.None);
        return events.Count;
    }

    /// Rules on a schedule whose time has come; says how many there were.
    private async Task<int> Strike(DateTimeOffset? at, CancellationToken ct)
    {
        List<Guid> due;
        await using (Scope(at, out var look)) due = await look.Query<Guid>($"select id from kernel.rule where next_at <= {look.Now} and mode in ('Live', 'Trial') order by next_at limit 100", ct);
        var struck = 0;
        foreach (var id in due)
        {
            await using var scope = Scope(at, out var db);
            db.Begin();
            if (await db.Table<Rule>().Find($"id = {id} and next_at <= {db.Now} and mode in ('Live', 'Trial') for update skip locked", ct) is not { } rule)
            {
                await Nothing(db);
                continue;
            }

            await scope.ServiceProvider.GetRequiredService<RuleMatching>().Strike(rule, ct);
            await db.Commit(CancellationToken.None);
            struck++;
        }

        return struck;
    }

    /// One batch of matches is acted on; says how many ended.
    internal async Task<int> Act(DateTimeOffset? at, CancellationToken ct)
    {
        await using var scope = Scope(at, out var db);
        db.Begin();
        var ended = await scope.ServiceProvider.GetRequiredService<RuleActing>().Act(at, ct);
        if (ended == 0) return await Nothing(db);
        await db.Commit(CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<RuleActing>().Tell(ct);
        return ended;
    }

    private AsyncServiceScope Scope(DateTimeOffset? at, out KeelDb db)
    {
        var scope = scopes.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Actor, work.Door, work.Now) = (Actor.Keel, Door.Job, at ?? clock.GetUtcNow());
        work.Operation = Guid.CreateVersion7(work.Now);
        db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        return scope;
    }

    private static async Task<int> Nothing(KeelDb db)
    {
        await db.Rollback();
        return 0;
    }

    private sealed record Cursor(string Xact, long Position);
}

/// Follows the rules every second.
internal sealed class FollowRules(RuleDispatcher dispatcher) : IJob
{
    public Task Run(CancellationToken ct) => dispatcher.Drain(null, ct);
}
