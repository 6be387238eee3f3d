using System.IO.Compression;
using System.Text.Json;
using Npgsql;

namespace Keel.App.Imports;

/// Keeps imports: the job, the ledger of its rows, the file until it was committed, and which column went where.
internal static class ImportStore
{
    public static async Task Save(NpgsqlDataSource source, ImportJob job, IReadOnlyList<ImportRow> rows, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(
            """
            insert into kernel.import_job (id, company_id, operation, file_name, bytes, mapping, state, read, accepted, refused, waiting, problem, started_at, finished_at, started_by)
            values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            on conflict (id) do update set mapping = excluded.mapping, state = excluded.state, read = excluded.read, accepted = excluded.accepted,
              refused = excluded.refused, waiting = excluded.waiting, problem = excluded.problem, finished_at = excluded.finished_at
            """,
            job.Id, job.CompanyId.Value, job.Operation, job.FileName, job.Bytes, JsonSerializer.Serialize(job.Mapping, KeelJson.Options), job.State.ToString(),
            job.Read, job.Accepted, job.Refused, job.Waiting, job.Problem, job.StartedAt.UtcDateTime, job.FinishedAt?.UtcDateTime, job.StartedBy));
        if (rows.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                insert into kernel.import_row (job_id, row, state, field, reason, content, operation, key, figures)
                select $1, r.row, r.state, r.field, r.reason, r.content, r.operation, r.key, r.figures::jsonb
                from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[]) as r(row, state, field, reason, content, operation, key, figures)
                on conflict (job_id, row) do nothing
                """,
                job.Id, rows.Select(r => r.Row).ToArray(), rows.Select(r => r.State.ToString()).ToArray(), rows.Select(r => r.Field).ToArray(),
                rows.Select(r => r.Reason).ToArray(), rows.Select(r => Clean(r.Content)).ToArray(), rows.Select(r => r.Operation).ToArray(),
                rows.Select(r => r.Key is null ? null : Clean(r.Key)).ToArray(), rows.Select(r => r.Figures is null ? null : JsonSerializer.Serialize(r.Figures, KeelJson.Options)).ToArray()));
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    public static Task Clear(NpgsqlDataSource source, Guid job, CancellationToken ct) => Execute(source, ct, "delete from kernel.import_row where job_id = $1", job);

    /// Puts the file away, packed, until its rows are committed.
    public static async Task Keep(NpgsqlDataSource source, Guid job, string path, CancellationToken ct)
    {
        var packed = path + ".gz";
        try
        {
            await using (var target = File.Create(packed))
            await using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            await using (var plain = File.OpenRead(path)) await plain.CopyToAsync(gzip, ct);
            await using var content = File.OpenRead(packed);
            await using var command = source.CreateCommand("insert into kernel.import_file (job_id, content) values ($1, $2)");
            command.Parameters.Add(new NpgsqlParameter { Value = job });
            command.Parameters.Add(new NpgsqlParameter { Value = content, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea });
            await command.ExecuteNonQueryAsync(ct);
        }
        finally
        {
            File.Delete(packed);
        }
    }

    /// Takes the file out again, to a path; false where it is gone.
    public static async Task<bool> Fetch(NpgsqlDataSource source, Guid job, string path, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select content from kernel.import_file where job_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = job });
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, ct);
        if (!await reader.ReadAsync(ct)) return false;
        await using var packed = await reader.GetStreamAsync(0, ct);
        await using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        await using var target = File.Create(path);
        await gzip.CopyToAsync(target, ct);
        return true;
    }

    public static Task Forget(NpgsqlDataSource source, Guid job, CancellationToken ct) => Execute(source, ct, "delete from kernel.import_file where job_id = $1", job);

    /// The mapping that was used for the same header the last time.
    public static async Task<ImportMapping?> Remembered(NpgsqlDataSource source, Id<Company> company, string operation, CsvFile file, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select mapping from kernel.import_mapping where company_id = $1 and operation = $2 and header = $3");
        foreach (var value in new object[] { company.Value, operation, HeaderOf(file) }) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync(ct) is string json ? JsonSerializer.Deserialize<ImportMapping>(json, KeelJson.Options) : null;
    }

    public static Task Remember(NpgsqlDataSource source, ImportJob job, CsvFile file, DateTimeOffset now, CancellationToken ct) => Execute(
        source, ct,
        """
        insert into kernel.import_mapping (company_id, operation, header, mapping, used_at) values ($1, $2, $3, $4::jsonb, $5)
        on conflict (company_id, operation, header) do update set mapping = excluded.mapping, used_at = excluded.used_at
        """,
        job.CompanyId.Value, job.Operation, HeaderOf(file), JsonSerializer.Serialize(job.Mapping, KeelJson.Options), now.UtcDateTime);

    private static string HeaderOf(CsvFile file) => string.Join('\n', file.Header);

    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private static async Task Execute(NpgsqlDataSource source, CancellationToken ct, string sql, params object?[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlBatchCommand Command(string sql, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
