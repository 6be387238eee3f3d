using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Keel.Kernel;

/// How somebody came to see personal data.
public enum SightWay
{
    List,
    Record,
    Export,
}

/// Remembers who saw personal data, and writes it down every few seconds: looking at a page waits for nothing.
public sealed class Sights(NpgsqlDataSource source, TimeProvider clock, ILogger<Sights> log) : IAsyncDisposable
{
    private readonly Lock turn = new();
    private ConcurrentDictionary<Seen, Told> seen = new();

    /// Somebody saw a list or a record with personal data. What the house itself reads is not told.
    public void Note(Work work, string what, SightWay way, string record = "", long rows = 1)
    {
        if (work.Actor.Kind is not (ActorKind.Person or ActorKind.ApiKey)) return;
        var at = clock.GetUtcNow();
        var key = new Seen(work.Company.Value, DateOnly.FromDateTime(at.UtcDateTime), work.Actor.Kind, work.Actor.Id, work.Actor.Name, what, record, way);
        lock (turn) seen.AddOrUpdate(key, _ => new Told(1, rows, at, at), (_, told) => told with { Times = told.Times + 1, Rows = told.Rows + rows, LastAt = at });
    }

    /// Writes down what was seen since the last time.
    public async Task Write(CancellationToken ct = default)
    {
        KeyValuePair<Seen, Told>[] all;
        lock (turn)
        {
            if (seen.IsEmpty) return;
            all = [.. seen];
            seen = new();
        }

        try
        {
            await Insert(all, ct);
        }
        catch (Exception) when (GiveBack(all))
        {
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Write();
        }
        catch (Exception gone) when (gone is NpgsqlException or ObjectDisposedException)
        {
            log.LogWarning("What was seen last could not be written down: {Reason}", gone.Message);
        }
    }

    /// The next turn tries again.
    private bool GiveBack(KeyValuePair<Seen, Told>[] all)
    {
        lock (turn)
        {
            foreach (var (key, told) in all)
            {
                seen.AddOrUpdate(key, told, (_, later) => new Told(told.Times + later.Times, told.Rows + later.Rows, told.FirstAt, later.LastAt));
            }
        }

        return false;
    }

    private async Task Insert(KeyValuePair<Seen, Told>[] all, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            insert into kernel.sight (id, company_id, day, actor_kind, actor_id, actor_name, what, record_id, record, way, times, rows, first_at, last_at)
            select gen_random_uuid(), * from unnest($1::uuid[], $2::date[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::integer[], $11::bigint[], $12::timestamptz[], $13::timestamptz[])
            on conflict (company_id, day, actor_id, what, record, way) do update set times = kernel.sight.times + excluded.times, rows = kernel.sight.rows + excluded.rows,
              last_at = greatest(kernel.sight.last_at, excluded.last_at), actor_name = excluded.actor_name
            """);
        void Add<T>(NpgsqlDbType type, Func<KeyValuePair<Seen, Told>, T> value) =>
            command.Parameters.Add(new NpgsqlParameter { Value = all.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
        Add(NpgsqlDbType.Uuid, s => s.Key.Company);
        Add(NpgsqlDbType.Date, s => s.Key.Day);
        Add(NpgsqlDbType.Text, s => s.Key.Kind.ToString());
        Add(NpgsqlDbType.Uuid, s => s.Key.Actor);
        Add(NpgsqlDbType.Text, s => s.Key.Name);
        Add(NpgsqlDbType.Text, s => s.Key.What);
        Add(NpgsqlDbType.Uuid, s => Guid.TryParse(s.Key.Record, out var id) ? id : (Guid?)null);
        Add(NpgsqlDbType.Text, s => s.Key.Record);
        Add(NpgsqlDbType.Text, s => s.Key.Way.ToString());
        Add(NpgsqlDbType.Integer, s => s.Value.Times);
        Add(NpgsqlDbType.Bigint, s => s.Value.Rows);
        Add(NpgsqlDbType.TimestampTz, s => s.Value.FirstAt.UtcDateTime);
        Add(NpgsqlDbType.TimestampTz, s => s.Value.LastAt.UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record Seen(Guid Company, DateOnly Day, ActorKind Kind, Guid Actor, string Name, string What, string Record, SightWay Way);

    private sealed record Told(int Times, long Rows, DateTimeOffset FirstAt, DateTimeOffset LastAt);
}

/// Writes down who saw what.
internal sealed class WriteSights(Sights sights) : IJob
{
    public Task Run(CancellationToken ct) => sights.Write(ct);
}
