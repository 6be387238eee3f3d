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
            insert into kernel.import_job (id, company_id, operation, file_name, bytes, mapping, state, read, accepted, refused, waiting, problem, started_at, finished_at, started_by, header)
            values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb)
            on conflict (id) do update set mapping = excluded.mapping, state = excluded.state, read = excluded.read, accepted = excluded.accepted,
              refused = excluded.refused, waiting = excluded.waiting, problem = excluded.problem, finished_at = excluded.finished_at
            """,
            job.Id, job.CompanyId.Value, job.Operation, job.FileName, job.Bytes, JsonSerializer.Serialize(job.Mapping, KeelJson.Options), job.State.ToString(),
            job.Read, job.Accepted, job.Refused, job.Waiting, job.Problem, job.StartedAt.UtcDateTime, job.FinishedAt?.UtcDateTime, job.StartedBy, JsonSerializer.Serialize(job.Header, KeelJson.Options)));
        if (rows.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                insert into kernel.import_row (job_id, row, state, field, reason, content, operation, key, figures, cells)
                select $1, r.row, r.state, r.field, r.reason, r.content, r.operation, r.key, r.figures::jsonb, r.cells::jsonb
                from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::text[]) as r(row, state, field, reason, content, operation, key, figures, cells)
                on conflict (job_id, row) do update set state = excluded.state, field = excluded.field, reason = excluded.reason, content = excluded.content, operation = excluded.operation,
                  key = excluded.key, figures = excluded.figures, cells = excluded.cells where import_row.state = 'Refused'
                """,
                job.Id, rows.Select(r => r.Row).ToArray(), rows.Select(r => r.State.ToString()).ToArray(), rows.Select(r => r.Field).ToArray(),
                rows.Select(r => r.Reason).ToArray(), rows.Select(r => Clean(r.Content)).ToArray(), rows.Select(r => r.Operation).ToArray(),
                rows.Select(r => r.Key is null ? null : Clean(r.Key)).ToArray(), rows.Select(r => r.Figures is null ? null : JsonSerializer.Serialize(r.Figures, KeelJson.Options)).ToArray(),
                rows.Select(r => r.Cells is null ? null : Clean(JsonSerializer.Serialize(r.Cells, KeelJson.Options))).ToArray()));
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    public static Task Clear(NpgsqlDataSource source, Guid job, CancellationToken ct) => Execute(source, ct, "delete from kernel.import_row where job_id = $1", job);

    public static Task Clear(NpgsqlDataSource source, Guid job, int[] rows, CancellationToken ct) => Execute(source, ct, "delete from kernel.import_row where job_id = $1 and row = any($2)", job, rows);

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

    /// Keeps what somebody typed instead of a row's cells.
    public static Task Correct(NpgsqlDataSource source, Guid job, int row, IReadOnlyList<string> cells, string by, DateTimeOffset now, CancellationToken ct) => Execute(
        source, ct,
        """
        insert into kernel.import_fix (job_id, row, cells, fixed_by, fixed_at) values ($1, $2, $3::jsonb, $4, $5)
        on conflict (job_id, row) do update set cells = excluded.cells, fixed_by = excluded.fixed_by, fixed_at = excluded.fixed_at
        """,
        job, row, Clean(JsonSerializer.Serialize(cells, KeelJson.Options)), by, now.UtcDateTime);

    /// What was typed instead of the cells of rows.
    public static Task<Dictionary<int, string[]>> Corrections(NpgsqlDataSource source, Guid job, CancellationToken ct) =>
        Cells(source, "select row, cells from kernel.import_fix where job_id = $1", job, ct);

    /// The cells of the rows that were refused, in the order of the file, each with its reason.
    public static async Task<List<(int Row, string Reason, string[] Cells)>> Refused(NpgsqlDataSource source, Guid job, int most, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select row, reason, cells from kernel.import_row where job_id = $1 and state = 'Refused' and cells is not null order by row limit $2");
        foreach (var value in new object[] { job, most }) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<(int, string, string[])>();
        while (await reader.ReadAsync(ct)) rows.Add((reader.GetInt32(0), reader.IsDBNull(1) ? "" : reader.GetString(1), JsonSerializer.Deserialize<string[]>(reader.GetString(2), KeelJson.Options)!));
        return rows;
    }

    /// All rows with their cells, in the order of the file, where rows belong together and so keep them.
    public static async Task<List<(int Row, ImportRowState State, string[] Cells)>> Rows(NpgsqlDataSource source, Guid job, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select row, state, cells from kernel.import_row where job_id = $1 and cells is not null order by row");
        command.Parameters.Add(new NpgsqlParameter { Value = job });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<(int, ImportRowState, string[])>();
        while (await reader.ReadAsync(ct)) rows.Add((reader.GetInt32(0), Enum.Parse<ImportRowState>(reader.GetString(1)), JsonSerializer.Deserialize<string[]>(reader.GetString(2), KeelJson.Options)!));
        return rows;
    }

    /// What became of the rows, counted anew.
    public static async Task<ImportJob> Recount(NpgsqlDataSource source, ImportJob job, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            update kernel.import_job j set read = r.read, accepted = r.accepted, refused = r.refused, waiting = r.waiting from (
              select count(*) as read, count(*) filter (where state = 'Accepted') as accepted, count(*) filter (where state = 'Refused') as refused, count(*) filter (where state = 'Waiting') as waiting
              from kernel.import_row where job_id = $1) r where j.id = $1 returning j.read, j.accepted, j.refused, j.waiting
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = job.Id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? job with { Read = reader.GetInt64(0), Accepted = reader.GetInt64(1), Refused = reader.GetInt64(2), Waiting = reader.GetInt64(3) } : job;
    }

    private static async Task<Dictionary<int, string[]>> Cells(NpgsqlDataSource source, string sql, Guid job, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = job });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new Dictionary<int, string[]>();
        while (await reader.ReadAsync(ct)) rows[reader.GetInt32(0)] = JsonSerializer.Deserialize<string[]>(reader.GetString(1), KeelJson.Options)!;
        return rows;
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

    /// Since when a mapping is remembered for files with this header.
    public static async Task<DateTimeOffset?> RememberedSince(NpgsqlDataSource source, ImportJob job, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select used_at from kernel.import_mapping where company_id = $1 and operation = $2 and header = $3");
        foreach (var value in new object[] { job.CompanyId.Value, job.Operation, HeaderOf(job.Header) }) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync(ct) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    public static Task ForgetMapping(NpgsqlDataSource source, ImportJob job, CancellationToken ct) => Execute(
        source, ct, "delete from kernel.import_mapping where company_id = $1 and operation = $2 and header = $3", job.CompanyId.Value, job.Operation, HeaderOf(job.Header));

    private static string HeaderOf(CsvFile file) => HeaderOf(file.Header);

    /// A file of refused rows that comes back is the same file with one column more.
    private static string HeaderOf(IReadOnlyList<string> header) => string.Join('\n', header.Where(h => h != CsvFile.ReasonColumn));

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
