using System.Text.Json;
using Npgsql;

namespace Keel.App.Doors;

/// Health by what it means for the business: whether orders can be taken, how late the outbox is, when the books were last proved,
/// and which recurring work does not succeed.
internal sealed class Health(NpgsqlDataSource source, ModuleCatalog catalog, TimeProvider clock)
{
    private const int PatienceSeconds = 3;

    public async Task Answer(HttpContext http)
    {
        var found = await Look(http.RequestAborted);
        http.Response.StatusCode = found.TakesOrders ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(http.Response.BodyWriter, found.Said, KeelJson.Options, http.RequestAborted);
    }

    private async Task<(bool TakesOrders, object Said)> Look(CancellationToken ct)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            await using var command = new NpgsqlCommand(
                """
                select (select count(*) from kernel.migration),
                  (select coalesce(extract(epoch from $1::timestamptz - min(next_at)), 0)::bigint from kernel.outbox where state = 'Waiting'),
                  (select count(*) from kernel.outbox where state = 'Dead'),
                  (select max(at) from kernel.proof), (select differences from kernel.proof order by at desc limit 1),
                  (select array_agg(name order by name) from kernel.heartbeat
                    where problem is not null or succeeded_at < $1::timestamptz - make_interval(secs => 3 * every_seconds + 60)),
                  not pg_is_in_recovery()
                """, connection) { CommandTimeout = PatienceSeconds };
            command.Parameters.Add(new NpgsqlParameter { Value = clock.GetUtcNow().UtcDateTime });
            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            var writes = reader.GetBoolean(6);
            return (writes, new
            {
                status = writes ? "ok" : "the database takes no writes",
                database = "answers",
                migrations = reader.GetInt64(0),
                operations = catalog.Operations.Count,
                outboxLagSeconds = Math.Max(0, reader.GetInt64(1)),
                deadLetters = reader.GetInt64(2),
                provedAt = reader.IsDBNull(3) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(3),
                differences = reader.IsDBNull(4) ? (long?)null : reader.GetInt64(4),
                late = reader.IsDBNull(5) ? [] : reader.GetFieldValue<string[]>(5),
            });
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            var missing = away is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable };
            return (false, new { status = missing ? "the database is not migrated yet" : "the database does not answer" });
        }
    }
}
