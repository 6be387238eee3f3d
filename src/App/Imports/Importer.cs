using System.Buffers;
using System.Collections;
using System.Security.Cryptography;
using System.Text.Json;
using Keel.App.Doors;
using Npgsql;

namespace Keel.App.Imports;

/// Runs the rows of a file through an operation, a few hundred at a time. A row that is refused never takes others with it, and a run that
/// was cut short goes on where it stopped.
internal sealed class Importer(NpgsqlDataSource source, ModuleCatalog catalog, Gate gate, TimeProvider clock)
{
    private const int Chunk = 250;
    private const int MostKept = 400;

    /// Tries (a dry run) or commits; the ledger of the job holds what became of each row.
    public async Task<ImportJob> Run(ImportJob job, ImportTarget target, CsvFile file, Caller caller, Currency usual, Action<ImportJob>? progress, CancellationToken ct)
    {
        var done = caller.DryRun ? [] : await Ledger(job.Id, ct);
        job = caller.DryRun || job.State is not ImportState.Running ? job with { Read = 0, Accepted = 0, Refused = 0, Waiting = 0 } : job;
        if (caller.DryRun || job.State is not ImportState.Running) await ImportStore.Clear(source, job.Id, ct);
        job = job with { State = caller.DryRun ? job.State : ImportState.Running };
        await ImportStore.Save(source, job, [], ct);

        var corrected = await ImportStore.Corrections(source, job.Id, ct);
        var chunk = new List<Line>();
        var head = "";
        foreach (var given in file.Rows())
        {
            if (done.Contains(given.Line)) continue;
            var row = corrected.TryGetValue(given.Line, out var cells) ? given with { Fields = cells } : given;
            var line = LineOf(row, job);
            var its = line.Values is null ? head : target.HeadOf(line.Values);
            if (chunk.Count == Chunk || (chunk.Count > 0 && its != head))
            {
                job = await RunChunk(job, target, chunk, caller, usual, ct);
                progress?.Invoke(job);
                chunk.Clear();
            }

            head = its;
            chunk.Add(line);
        }

        if (chunk.Count > 0) job = await RunChunk(job, target, chunk, caller, usual, ct);
        job = job with { State = caller.DryRun ? ImportState.Tried : ImportState.Done, FinishedAt = clock.GetUtcNow() };
        await ImportStore.Save(source, job, [], ct);
        progress?.Invoke(job);
        return job;
    }

    /// Tries some rows again that were refused, with other cells; the totals are counted anew.
    public async Task<ImportJob> Again(ImportJob job, ImportTarget target, IReadOnlyList<(int Row, string[] Cells)> rows, Caller caller, Currency usual, CancellationToken ct)
    {
        foreach (var (row, cells) in rows)
        {
            var line = LineOf(new CsvRow(row, cells, true), job);
            await RunChunk(job, target, [line], caller, usual, ct, again: true);
        }

        return await ImportStore.Recount(source, job, ct);
    }

    private async Task<ImportJob> RunChunk(ImportJob job, ImportTarget target, List<Line> lines, Caller caller, Currency usual, CancellationToken ct, bool again = false)
    {
        var results = new List<ImportRow>();
        foreach (var odd in lines.Where(l => l.Wrong is not null)) results.Add(Refused(job, odd, odd.Wrong!.Value.Field, odd.Wrong.Value.Reason));
        await Try(job, target, [.. lines.Where(l => l.Wrong is null)], caller, usual, results, again, ct);
        job = job with
        {
            Read = job.Read + results.Count,
            Accepted = job.Accepted + results.Count(r => r.State is ImportRowState.Accepted),
            Refused = job.Refused + results.Count(r => r.State is ImportRowState.Refused),
            Waiting = job.Waiting + results.Count(r => r.State is ImportRowState.Waiting),
        };
        var (check, byLine) = (Reconciliation.CheckOf(catalog, job.Operation), lines.ToDictionary(l => l.Row.Line, l => l.Values));
        if (check is not null) results = [.. results.Select(r => Reconciliation.Of(check, byLine.GetValueOrDefault(r.Row)) is var (key, figures) ? r with { Key = key, Figures = figures } : r)];
        await ImportStore.Save(source, job, results, ct);
        return job;
    }

    /// Rows that are named by a refusal leave and the rest is tried again; a refusal that names none halves the rows until it does.
    private async Task Try(ImportJob job, ImportTarget target, List<Line> lines, Caller caller, Currency usual, List<ImportRow> results, bool again, CancellationToken ct)
    {
        while (lines.Count > 0)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(target.Request([.. lines.Select(l => l.Values!)], usual), KeelJson.Options);
            var request = JsonBody.Read(new ReadOnlySequence<byte>(json), KeelJson.Options.GetTypeInfo(target.Operation.Request));
            var error = request.Error;
            if (request.Ok)
            {
                var key = $"import:{job.Id:N}:{lines[0].Row.Line}:{lines[^1].Row.Line}:{lines.Count}" + (again ? ":" + Convert.ToHexStringLower(SHA256.HashData(json))[..16] : "");
                var rows = new FileRows(job.Id, [.. lines.Select(l => l.Row.Line)]);
                var outcome = await gate.Run(target.Operation, request.Value, caller with { IdempotencyKey = caller.DryRun ? null : key, Rows = rows }, ct);
                if (outcome.Error is null)
                {
                    Take(job, lines, outcome, results);
                    return;
                }

                error = outcome.Error;
            }

            var named = error!.Fields.Select(f => (At: target.RowOf(f.Field), f.Message)).Where(f => f.At is { } at && at.Row < lines.Count)
                .GroupBy(f => f.At!.Value.Row).ToDictionary(g => g.Key, g => g.First());
            if (named.Count > 0)
            {
                foreach (var (at, why) in named) results.Add(Refused(job, lines[at], why.At!.Value.Field, Told(why.At.Value.Field, why.Message)));
                lines = [.. lines.Where((_, i) => !named.ContainsKey(i))];
                continue;
            }

            if (lines.Count == 1)
            {
                results.Add(Refused(job, lines[0], null, error.Message));
                return;
            }

            await Try(job, target, lines[..(lines.Count / 2)], caller, usual, results, again, ct);
            lines = lines[(lines.Count / 2)..];
        }
    }

    private static void Take(ImportJob job, List<Line> lines, Outcome outcome, List<ImportRow> results)
    {
        var items = outcome.Answer is IEnumerable list and not string ? list.Cast<object>().ToArray() : [];
        for (var i = 0; i < lines.Count; i++)
        {
            var refusal = items.Length == lines.Count ? RefusalOf(items[i]) : null;
            results.Add(refusal is not null ? Refused(job, lines[i], null, refusal.Message)
                : outcome.Waiting is { } waiting ? new ImportRow(job.Id, lines[i].Row.Line, ImportRowState.Waiting, null, waiting.Sentence, Content(lines[i]), outcome.Id)
                : new ImportRow(job.Id, lines[i].Row.Line, ImportRowState.Accepted, null, null, Content(lines[i]), outcome.Id));
        }
    }

    private static Error? RefusalOf(object item) =>
        item.GetType().GetProperties().Where(p => p.PropertyType == typeof(Error)).Select(p => (Error?)p.GetValue(item)).FirstOrDefault(e => e is not null);

    private static ImportRow Refused(ImportJob job, Line line, string? field, string reason) =>
        new(job.Id, line.Row.Line, ImportRowState.Refused, field, Plain(reason), Content(line), null) { Cells = line.Row.Fields };

    /// What is wrong with a field goes on after its name, or is a sentence of its own.
    private static string Told(string field, string message) => message.Length > 0 && char.IsUpper(message[0]) ? message : $"{field} {message}".Trim();

    /// A file has no quotes of JSON, and whoever corrects it looks into no description of the API.
    private static string Plain(string reason) => reason.Replace(", written without quotes.", ".", StringComparison.Ordinal).Replace("; the API is described at /api.", ".", StringComparison.Ordinal);

    private static string Content(Line line) => line.Row.Text.Length > MostKept ? line.Row.Text[..MostKept] + "…" : line.Row.Text;

    /// The texts of a row by the fields that they fill, or what is wrong with it before anybody is asked.
    private static Line LineOf(CsvRow row, ImportJob job)
    {
        if (row.Fields.Length != job.Header.Count) return new Line(row, null, (null, $"The row has {row.Fields.Length} fields, the header has {job.Header.Count}. A delimiter or a quote may be missing, or be too many."));
        var values = new Dictionary<string, string>(job.Mapping.Same);
        for (var i = 0; i < row.Fields.Length; i++)
        {
            if (!job.Mapping.Columns.TryGetValue(job.Header[i], out var field)) continue;
            if (CsvRow.Unreckoned(row.Fields[i].Trim()) is { } formula) return new Line(row, null, (field, $"{field} {formula}"));
            values[field] = CsvRow.Meant(row.Fields[i]);
        }

        return new Line(row, values, null);
    }

    private async Task<HashSet<int>> Ledger(Guid job, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select r.row from kernel.import_row r join kernel.import_job j on j.id = r.job_id where r.job_id = $1 and j.state = 'Running'");
        command.Parameters.Add(new NpgsqlParameter { Value = job });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new HashSet<int>();
        while (await reader.ReadAsync(ct)) rows.Add(reader.GetInt32(0));
        return rows;
    }

    private sealed record Line(CsvRow Row, Dictionary<string, string>? Values, (string? Field, string Reason)? Wrong);
}
