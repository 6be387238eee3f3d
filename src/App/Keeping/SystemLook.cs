namespace Keel.App.Keeping;

/// How the house itself is doing, read in one round trip: cheap figures only, nothing is counted.
internal sealed class SystemLook(KeelDb db)
{
    public sealed record State(
        string Postgres, long DatabaseBytes, int Connections, int MostConnections, DateTimeOffset Since, int LateJobs, int Jobs, long Dead, DateTimeOffset? OldestWaiting,
        DateTimeOffset? ProvedAt, long? Differences, DateTimeOffset? SealedAt);

    public sealed record Table(string Name, long Bytes, long Rows);

    public async Task<(State State, IReadOnlyList<Table> Tables, IReadOnlyList<Copy> Copies)> Read(CancellationToken ct = default)
    {
        var state = db.Ask<State>(
            $"""
            select current_setting('server_version') as postgres, pg_database_size(current_database()) as database_bytes,
              (select count(*)::int from pg_stat_activity where datname = current_database()) as connections, current_setting('max_connections')::int as most_connections,
              pg_postmaster_start_time() as since,
              (select count(*)::int from kernel.heartbeat where problem is not null or succeeded_at < {db.Now}::timestamptz - make_interval(secs => 3 * every_seconds + 60)) as late_jobs,
              (select count(*)::int from kernel.heartbeat) as jobs,
              (select count(*) from kernel.outbox where state = 'Dead') as dead, (select min(next_at) from kernel.outbox where state = 'Waiting') as oldest_waiting,
              (select max(at) from kernel.proof) as proved_at, (select differences from kernel.proof order by at desc limit 1)::bigint as differences,
              (select max(sealed_at) from kernel.seal) as sealed_at
            """);
        var tables = db.Ask<Table>(
            $"""
            select n.nspname || '.' || c.relname as name, pg_total_relation_size(c.oid) as bytes, greatest(c.reltuples, 0)::bigint as rows
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 2 desc limit 12
            """);
        var copies = db.Ask<Copy>(
            $"""
            (select {new SqlText.Verbatim(RowMap<Copy>.Instance.Names)} from access.copy where kind = 'Backup' order by asked_at desc limit 1)
            union all (select {new SqlText.Verbatim(RowMap<Copy>.Instance.Names)} from access.copy where kind = 'Drill' order by asked_at desc limit 1)
            """);
        await db.Flush(ct);
        return (state.Value[0], tables.Value, copies.Value);
    }
}
