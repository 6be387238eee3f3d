using Npgsql;
using NpgsqlTypes;

namespace Keel.App.Evidence;

/// What a pack is about: a record with everything that hangs on it, or a period in the company's zone.
internal sealed class EvidenceScope
{
    private const int Rounds = 3;
    private const int Most = 5_000;
    private readonly HashSet<Guid> ids = [];
    private readonly HashSet<string> numbers = new(StringComparer.Ordinal);

    private EvidenceScope(EvidencePack pack, TimeZoneInfo zone)
    {
        Pack = pack;
        if (pack.FromDay is not { } first || pack.UntilDay is not { } last) return;
        (From, Until) = (Midnight(first, zone), Midnight(last.AddDays(1), zone));
    }

    public EvidencePack Pack { get; }
    public bool IsRecord => Pack.Record is not null;
    public DateTimeOffset From { get; }
    public DateTimeOffset Until { get; }

    /// The numbers and codes that were found, for the front page.
    public IReadOnlyCollection<string> Numbers => numbers;

    /// Finds the documents of the record's number or key, and what hangs on them.
    public static async Task<EvidenceScope> Of(EvidencePack pack, TimeZoneInfo zone, ModuleCatalog catalog, NpgsqlConnection connection, CancellationToken ct)
    {
        var scope = new EvidenceScope(pack, zone);
        if (pack.Record is not { } record) return scope;
        scope.numbers.Add(record);
        if (Guid.TryParse(record, out var key)) scope.ids.Add(key);
        foreach (var (_, table) in catalog.Numbered)
        {
            await scope.Take(connection, $"select id, number::text as number from {table} where company_id = @company and (number::text = any(@numbers) or id = any(@ids))", ct);
        }

        for (var round = 0; round < Rounds; round++)
        {
            var before = scope.ids.Count;
            foreach (var query in catalog.Related) await scope.Take(connection, query, ct);
            if (scope.ids.Count == before) break;
        }

        return scope;
    }

    /// A query about this scope.
    public NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1_800 };
        command.Parameters.AddWithValue("company", Pack.CompanyId.Value);
        command.Parameters.Add(new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = ids.ToArray() });
        command.Parameters.Add(new NpgsqlParameter("numbers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = numbers.ToArray() });
        command.Parameters.Add(new NpgsqlParameter("from", NpgsqlDbType.TimestampTz) { Value = From.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = Until.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter("from_day", NpgsqlDbType.Date) { Value = Pack.FromDay ?? default });
        command.Parameters.Add(new NpgsqlParameter("until_day", NpgsqlDbType.Date) { Value = Pack.UntilDay ?? default });
        return command;
    }

    private async Task Take(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = Command(connection, sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (ids.Count < Most && await reader.ReadAsync(ct))
        {
            ids.Add(reader.GetGuid(0));
            if (!reader.IsDBNull(1)) numbers.Add(reader.GetString(1));
        }
    }

    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
