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
        var lines = file.Rows().Where(r => !done.Contains(r.Line)).Select(r => LineOf(corrected.TryGetValue(r.Line, out var cells) ? r with { Fields = cells } : r, job));
        var chunk = new List<Line[]>();
        var head = "";
        foreach (var item in WholeItems.Of(lines, target))
        {
            var its = item[0].Values is { } values ? target.HeadOf(values) : head;
            if (chunk.Sum(i => i.Length) >= Chunk || (chunk.Count > 0 && its != head))
            {
                job = await RunChunk(job, target, chunk, caller, usual, ct);
                progress?.Invoke(job);
                chunk.Clear();
            }

            head = its;
            chunk.Add(item);
        }

        if (chunk.Count > 0) job = await RunChunk(job, target, chunk, caller, usual, ct);
        job = job with { State = caller.DryRun ? ImportState.Tried : ImportState.Done, FinishedAt = clock.GetUtcNow() };
        await ImportStore.Save(source, job, [], ct);
        progress?.Invoke(job);
        return job;
    }

    /// Tries some rows again that were refused, with other cells; the totals are counted anew. Rows that belong together are tried together, and not
    /// where others of them are in already.
    public async Task<ImportJob> Again(ImportJob job, ImportTarget target, IReadOnlyList<(int Row, string[] Cells)> rows, Caller caller, Currency usual, CancellationToken ct)
    {
        var given = rows.Select(r => LineOf(new CsvRow(r.Row, r.Cells, true), job)).ToDictionary(l => l.Row.Line);
        if (target.Whole is null)
        {
            foreach (var line in given.Values) await RunChunk(job, target, [[line]], caller, usual, ct, again: true);
            return await ImportStore.Recount(source, job, ct);
        }

        var kept = await ImportStore.Rows(source, job.Id, ct);
        var before = kept.Select(r => LineOf(new CsvRow(r.Row, r.Cells, true), job)).ToArray();
        var meant = given.Values.Concat(before.Where(l => given.ContainsKey(l.Row.Line))).Where(l => l.Values is not null).Select(l => target.WholeOf(l.Values!)).ToHashSet();
        var isIn = kept.Where(r => r.State is not ImportRowState.Refused).Select(r => r.Row).ToHashSet();
        var all = before.Select(l => given.GetValueOrDefault(l.Row.Line, l));
        foreach (var item in WholeItems.Of(all, target).Where(i => Array.Exists(i, l => given.ContainsKey(l.Row.Line) || (l.Values is not null && meant.Contains(target.WholeOf(l.Values))))))
        {
            Line[] now = [.. item.Where(l => job.State is ImportState.Tried || !isIn.Contains(l.Row.Line))];
            if (now.Length == 0) continue;
            if (job.State is ImportState.Tried) await ImportStore.Clear(source, job.Id, [.. now.Select(l => l.Row.Line)], ct);
            if (now.Length < item.Length) now = [.. now.Select(l => l with { Wrong = l.Wrong ?? (null, $"Other rows of this {target.Whole} are in already. Upload a file with all rows of it.") })];
            await RunChunk(job, target, [now], caller, usual, ct, again: true);
        }

        return await ImportStore.Recount(source, job, ct);
    }

    private async Task<ImportJob> RunChunk(ImportJob job, ImportTarget target, List<Line[]> items, Caller caller, Currency usual, CancellationToken ct, bool again = false)
    {
        var results = new List<ImportRow>();
        var good = new List<Line[]>(items.Count);
        foreach (var item in items)
        {
            if (Array.Exists(item, l => l.Wrong is not null)) Refuse(job, target, item, results, item.Select((l, i) => (i, l.Wrong)).Where(w => w.Wrong is not null).ToDictionary(w => w.i, w => w.Wrong!.Value));
            else if (target.Odd([.. item.Select(l => l.Values!)]) is var (row, field, reason)) Refuse(job, target, item, results, new() { [row] = (field, reason) });
            else good.Add(item);
        }

        await Try(job, target, good, caller, usual, results, again, ct);
        job = job with
        {
            Read = job.Read + results.Count,
            Accepted = job.Accepted + results.Count(r => r.State is ImportRowState.Accepted),
            Refused = job.Refused + results.Count(r => r.State is ImportRowState.Refused),
            Waiting = job.Waiting + results.Count(r => r.State is ImportRowState.Waiting),
        };
        var (check, byLine) = (Reconciliation.CheckOf(catalog, job.Operation), items.SelectMany(i => i).ToDictionary(l => l.Row.Line, l => l.Values));
        if (check is not null) results = [.. results.Select(r => Reconciliation.Of(check, byLine.GetValueOrDefault(r.Row)) is var (key, figures) ? r with { Key = key, Figures = figures } : r)];
        await ImportStore.Save(source, job, results, ct);
        return job;
    }

    /// Items that are named by a refusal leave and the rest is tried again; a refusal that names none halves the items until it does.
    private async Task Try(ImportJob job, ImportTarget target, List<Line[]> items, Caller caller, Currency usual, List<ImportRow> results, bool again, CancellationToken ct)
    {
        while (items.Count > 0)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(target.Request([.. items.Select(i => i.Select(l => l.Values!).ToArray())], usual), KeelJson.Options);
            var request = JsonBody.Read(new ReadOnlySequence<byte>(json), KeelJson.Options.GetTypeInfo(target.Operation.Request));
            var error = request.Error;
            if (request.Ok)
            {
                var key = $"import:{job.Id:N}:{items[0][0].Row.Line}:{items[^1][^1].Row.Line}:{items.Sum(i => i.Length)}" + (again ? ":" + Convert.ToHexStringLower(SHA256.HashData(json))[..16] : "");
                var rows = new FileRows(job.Id, [.. items.Select(i => i[0].Row.Line)]);
                var outcome = await gate.Run(target.Operation, request.Value, caller with { IdempotencyKey = caller.DryRun ? null : key, Rows = rows }, ct);
                if (outcome.Error is null)
                {
                    Take(job, target, items, outcome, results);
                    return;
                }

                error = outcome.Error;
            }

            var named = Named(error!, target).Where(n => n.Key < items.Count).ToDictionary();
            if (named.Count > 0)
            {
                foreach (var (at, wrong) in named) Refuse(job, target, items[at], results, wrong);
                items = [.. items.Where((_, i) => !named.ContainsKey(i))];
                continue;
            }

            if (items.Count == 1)
            {
                Refuse(job, target, items[0], results, [], error);
                return;
            }

            await Try(job, target, items[..(items.Count / 2)], caller, usual, results, again, ct);
            items = items[(items.Count / 2)..];
        }
    }

    /// The items that a refusal names, and what it says of which row of each; of none where it is about the item as a whole.
    private static Dictionary<int, Dictionary<int, (string? Field, string Reason)>> Named(Error error, ImportTarget target) => error.Fields
        .Select(f => (At: target.RowOf(f.Field), f.Message)).Where(f => f.At is not null).GroupBy(f => f.At!.Value.Item)
        .ToDictionary(g => g.Key, g => g.GroupBy(f => f.At!.Value.Row ?? 0).ToDictionary(r => r.Key, r => ((string?)r.First().At!.Value.Field, Told(r.First().At!.Value.Field, r.First().Message))));

    private static void Take(ImportJob job, ImportTarget target, List<Line[]> items, Outcome outcome, List<ImportRow> results)
    {
        var answers = outcome.Answer is IEnumerable list and not string ? list.Cast<object>().ToArray() : [];
        for (var i = 0; i < items.Count; i++)
        {
            if ((answers.Length == items.Count ? RefusalOf(answers[i]) : null) is { } refusal) Refuse(job, target, items[i], results, Named(refusal, target).GetValueOrDefault(i, []), refusal);
            else results.AddRange(items[i].Select(l => outcome.Waiting is { } waiting ? new ImportRow(job.Id, l.Row.Line, ImportRowState.Waiting, null, waiting.Sentence, Content(l), outcome.Id) { Cells = target.Whole is null ? null : l.Row.Fields }
                : new ImportRow(job.Id, l.Row.Line, ImportRowState.Accepted, null, null, Content(l), outcome.Id) { Cells = target.Whole is null ? null : l.Row.Fields }));
        }
    }

    /// Refuses all rows of an item: those that are wrong with their reasons, the others because of them.
    private static void Refuse(ImportJob job, ImportTarget target, Line[] item, List<ImportRow> results, Dictionary<int, (string? Field, string Reason)> wrong, Error? whole = null)
    {
        for (var i = 0; i < item.Length; i++)
        {
            var (field, reason) = wrong.TryGetValue(i, out var its) ? its
                : wrong.Count == 0 ? (null, whole!.Message) : (null, $"Row {item[wrong.Keys.Min()].Row.Line} of the same {target.Whole} is wrong: its rows come in together or not at all.");
            results.Add(new ImportRow(job.Id, item[i].Row.Line, ImportRowState.Refused, field, Plain(reason), Content(item[i]), null) { Cells = item[i].Row.Fields });
        }
    }

    private static Error? RefusalOf(object item) =>
        item.GetType().GetProperties().Where(p => p.PropertyType == typeof(Error)).Select(p => (Error?)p.GetValue(item)).FirstOrDefault(e => e is not null);

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
        (string?, string)? wrong = null;
        for (var i = 0; i < row.Fields.Length; i++)
        {
            if (!job.Mapping.Columns.TryGetValue(job.Header[i], out var field)) continue;
            if (CsvRow.Unreckoned(row.Fields[i].Trim()) is { } formula) wrong ??= (field, $"{field} {formula}");
            else values[field] = CsvRow.Meant(row.Fields[i]);
        }

        return new Line(row, values, wrong);
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
}
