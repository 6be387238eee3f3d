using System.Collections.Concurrent;
using Keel.App.Doors;
using Keel.Messages;
using Npgsql;

namespace Keel.App.Imports;

/// Where files are handed in, tried and committed, whichever door they come through.
internal sealed class ImportDesk(NpgsqlDataSource source, ModuleCatalog catalog, Importer importer, Gate gate, TimeProvider clock, ILogger<ImportDesk> log)
{
    private readonly ConcurrentDictionary<Guid, ImportJob> running = new();

    public static readonly Error NoOperation = Error.NotFound("import.no-operation", "No file can be imported into this operation. `keel import` lists those that take one.");
    public static readonly Error NotThere = Error.NotFound("import.not-there", "There is no such import, or its file is gone. Upload the file again.");
    public static readonly Error Done = new("import.done", "This file was committed already. Upload it again to import it once more.");

    public static readonly Error NotNow = new("import.not-now", "This file is being worked on, or was not tried yet. Look again in a moment.");
    public static readonly Error OtherCells = Error.Invalid("import.other-cells", "A row has another number of cells than the header. Load the page again.");

    public IEnumerable<ImportTarget> Targets => catalog.Operations.Select(ImportTarget.Of).OfType<ImportTarget>().OrderBy(t => t.Operation.Name, StringComparer.Ordinal);

    public Result<ImportTarget> Target(string operation, Actor actor)
    {
        if (catalog.Find(operation) is not { } info || ImportTarget.Of(info) is not { } target) return NoOperation;
        return actor.May(info.Permission) && actor.May(KernelPermissions.Import) ? target : Gate.NoPermission.With($"{actor.Name} may not import into {operation}.");
    }

    /// What may be imported, for somebody who is about to; who may not is in the log.
    public async Task<Result<ImportTarget>> Admit(string operation, Caller caller)
    {
        var target = Target(operation, caller.Actor);
        if (target.Error is { Kind: Refusal.Forbidden } why) await gate.TurnAway(catalog.Find(operation)!, caller with { Door = Door.Import }, why);
        return target;
    }

    /// The job of a run that this process is at, as far as it has come.
    public ImportJob? Progress(Guid job) => running.GetValueOrDefault(job);

    /// Copies what somebody sends to a file of its own.
    public static async Task<string> Receive(Stream content, CancellationToken ct)
    {
        var path = Path.Combine(Path.GetTempPath(), $"keel-import-{Guid.NewGuid():N}");
        try
        {
            await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
            await content.CopyToAsync(file, ct);
            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// Opens a received file; a broken one is refused as a whole.
    public static async Task<Result<CsvFile>> Open(string path, string? encoding, CancellationToken ct) =>
        await CsvFile.Unpack(path, ct) is { } broken ? broken : CsvFile.Open(path, encoding);

    /// A new job for a file, with the mapping that was given, remembered, or guessed.
    public async Task<ImportJob> Begin(ImportTarget target, CsvFile file, string name, long bytes, ImportMapping? given, Caller caller, CancellationToken ct)
    {
        var mapping = given is { Columns.Count: > 0 } ? given
            : await ImportStore.Remembered(source, caller.Company, target.Operation.Name, file, ct) is { } known && given is not { Same.Count: > 0 } ? known
            : new ImportMapping(target.Guess(file.Header), given?.Same ?? new Dictionary<string, string>(), given?.Encoding);
        var now = clock.GetUtcNow();
        return new ImportJob(
            Guid.CreateVersion7(now), caller.Company, target.Operation.Name, name.Length > 200 ? name[..200] : name, bytes, mapping, ImportState.Uploaded,
            0, 0, 0, 0, null, now, null, caller.Actor.Name) { Header = file.Header };
    }

    /// Tries or commits a file that is at hand; the answer is the job with its totals.
    public async Task<Result<ImportJob>> Run(ImportJob job, ImportTarget target, CsvFile file, Caller caller, Currency usual, Action<ImportJob>? progress, CancellationToken ct)
    {
        if (target.Check(job.Mapping.Columns, job.Mapping.Same, file.Header) is { } lacking) return lacking;
        running[job.Id] = job;
        try
        {
            var done = await importer.Run(job, target, file, caller, usual, now => { running[job.Id] = now; progress?.Invoke(now); }, ct);
            if (!caller.DryRun) await ImportStore.Remember(source, job, file, clock.GetUtcNow(), ct);
            return done;
        }
        finally
        {
            running.TryRemove(job.Id, out _);
        }
    }

    /// Tries or commits a file that was put away before.
    public async Task<Result<ImportJob>> RunKept(ImportJob job, Caller caller, Currency usual, CancellationToken ct)
    {
        var target = Target(job.Operation, caller.Actor);
        if (!target.Ok) return target.Error!;
        if (job.State is ImportState.Done) return Done;
        var path = Path.Combine(Path.GetTempPath(), $"keel-import-{Guid.NewGuid():N}");
        try
        {
            if (!await ImportStore.Fetch(source, job.Id, path, ct)) return NotThere;
            var file = CsvFile.Open(path, job.Mapping.Encoding);
            if (!file.Ok) return file.Error!;
            var ran = await Run(job, target.Value, file.Value, caller, usual, null, ct);
            if (ran.Ok && !caller.DryRun) await ImportStore.Forget(source, job.Id, ct);
            return ran;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// Puts corrected cells in the place of the file's and tries those rows again: for good where the file was committed.
    public async Task<Result<ImportJob>> Again(ImportJob job, IReadOnlyList<(int Row, string[] Cells)> rows, Caller caller, Currency usual, CancellationToken ct)
    {
        var target = Target(job.Operation, caller.Actor);
        if (!target.Ok) return target.Error!;
        if (job.State is not (ImportState.Tried or ImportState.Done)) return NotNow;
        if (rows.FirstOrDefault(r => r.Cells.Length != job.Header.Count) is { Cells: not null } odd) return OtherCells.With($"Row {odd.Row} has {odd.Cells.Length} cells, the header has {job.Header.Count}. Load the page again.");
        if (!running.TryAdd(job.Id, job)) return NotNow;
        try
        {
            foreach (var (row, cells) in rows) await ImportStore.Correct(source, job.Id, row, cells, caller.Actor.Name, clock.GetUtcNow(), ct);
            return await importer.Again(job, target.Value, rows, caller with { DryRun = job.State is ImportState.Tried }, usual, ct);
        }
        finally
        {
            running.TryRemove(job.Id, out _);
        }
    }

    /// Takes a committed file back, the last rows first, as far as nothing depends on it.
    public async Task<Result<UndoneImport>> Undo(Guid import, string reason, Caller caller, CancellationToken ct)
    {
        if (!running.TryAdd(import, null!)) return NotNow;
        try
        {
            var sum = new UndoneImport(0, 0, null);
            for (int? until = null; ;)
            {
                var ran = await gate.Run<UndoImport, UndoImport.Request, UndoImport.Answer>(new(import, reason, until), caller, ct);
                if (ran.Waiting is { } waiting) return sum with { Waits = waiting.Sentence };
                if (!ran.Ok) return sum.Undone + sum.Stay > 0 ? sum : ran.Error!;
                sum = new UndoneImport(sum.Undone + ran.Value.Undone, sum.Stay + ran.Value.Stay, null);
                if (ran.Value.Next is not { } next) return sum;
                until = next;
            }
        }
        finally
        {
            running.TryRemove(import, out _);
        }
    }

    /// Commits in the background; the page asks how far it is.
    public void Commit(ImportJob job, Caller caller, Currency usual)
    {
        if (!running.TryAdd(job.Id, job)) return;
        _ = Task.Run(async () =>
        {
            try
            {
                var ran = await RunKept(job, caller, usual, CancellationToken.None);
                if (ran.Ok) await Tell(ran.Value, caller);
                else await ImportStore.Save(source, job with { State = ImportState.Failed, Problem = ran.Error!.Message }, [], CancellationToken.None);
            }
            catch (Exception broken)
            {
                log.LogError(broken, "The import {Job} broke", job.Id);
            }
            finally
            {
                running.TryRemove(job.Id, out _);
            }
        });
    }

    /// Whoever gave the file in may be elsewhere by now.
    private Task Tell(ImportJob done, Caller caller) => gate.Run<TellImport, TellImport.Request, Done>(
        new(done.Id, done.FileName, $"{done.FileName}: {done.Accepted} rows accepted, {done.Refused} refused, {done.Waiting} wait.", caller.Actor.Id), Caller.Keel(caller.Company), CancellationToken.None);
}

/// What came of taking a file back: how many rows were, how many stay, and what is waited for.
internal sealed record UndoneImport(long Undone, long Stay, string? Waits);
