namespace Keel.App.Access;

/// Counts from the log which operations people and programs ran last, so that a review of access asks no question of the whole log. It goes
/// by transactions: a line that was written late, or for an earlier day, is counted all the same, once.
internal sealed class CountUsesJob(KeelDb db) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        db.Begin();
        var from = (await db.First<string>($"select to_xact::text from access.use_counted for update", ct))!;
        var to = (await db.First<string>($"select pg_snapshot_xmin(pg_current_snapshot())::text", ct))!;
        db.Queue(
            $"""
            insert into access.use as u (actor_id, operation, last_at, times)
            select actor_id, operation, max(at), count(*) from kernel.operation_log
            where xact >= {from}::text::xid8 and xact < {to}::text::xid8 and actor_kind in ('Person', 'ApiKey') and outcome <> 'refused'
            group by actor_id, operation order by actor_id, operation
            on conflict (actor_id, operation) do update set last_at = greatest(u.last_at, excluded.last_at), times = u.times + excluded.times
            """);
        db.Queue($"update access.use_counted set to_xact = {to}::text::xid8");
        await db.Commit(ct);
    }
}
