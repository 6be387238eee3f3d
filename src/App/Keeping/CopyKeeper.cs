using System.Globalization;
using System.IO.Compression;
using Keel.App.Postgres;
using Npgsql;

namespace Keel.App.Keeping;

/// Where copies go, and which database they are of.
internal sealed record CopyPlace(Database Database, string Folder);

/// Writes the copies that were asked for, tries them, and asks by itself when one is due. What was begun by a Keel that was stopped has failed.
internal sealed class CopyKeeper(CopyPlace place, NpgsqlDataSource source, IServiceScopeFactory scopes, Gate gate, TimeProvider clock, ILogger<CopyKeeper> log)
{
    private bool begun;

    /// Looks once for something to do, and does it.
    public async Task Look(CancellationToken ct)
    {
        if (!begun)
        {
            await Execute("update access.copy set state = 'Failed', ended_at = $1, outcome = 'Keel was stopped meanwhile.' where state = 'Running'", ct, clock.GetUtcNow().UtcDateTime);
            begun = true;
        }

        await AskWhatIsDue(ct);
        if (await Take(ct) is { } copy) await Do(copy, ct);
    }

    private async Task AskWhatIsDue(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        work.Now = clock.GetUtcNow();
        var first = await db.Query<Id<Company>>($"select id from kernel.company order by id limit 1", ct);
        if (first.Count == 0) return;
        work.Company = first[0];
        var policy = (await scope.ServiceProvider.GetRequiredService<Policies>().Of<CopyPolicy>(ct)).Choice;
        var last = await db.Query<LastCopy>($"select kind, max(asked_at) as at, bool_or(state in ('Asked', 'Running')) as open from access.copy group by kind", ct);
        if (last.Any(l => l.Open)) return;
        var caller = new Caller(Actor.Keel, Door.Job, default);
        if (IsDue(CopyKind.Backup, TimeSpan.FromHours(policy.EveryHours))) await gate.Run<BackUp, BackUp.Request, Id<Copy>>(new(), caller, ct);
        else if (last.Any(l => l.Kind is CopyKind.Backup) && IsDue(CopyKind.Drill, TimeSpan.FromDays(policy.DrillEveryDays))) await gate.Run<TryCopy, TryCopy.Request, Id<Copy>>(new(), caller, ct);

        bool IsDue(CopyKind kind, TimeSpan every) => every > TimeSpan.Zero && (last.FirstOrDefault(l => l.Kind == kind)?.At is not { } at || work.Now - at >= every);
    }

    private async Task<Copy?> Take(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var taken = await db.Query<Guid>(
            $"update access.copy set state = 'Running', started_at = {clock.GetUtcNow()} where id = (select id from access.copy where state = 'Asked' order by asked_at limit 1 for update skip locked) returning id", ct);
        return taken.Count == 0 ? null : await db.Table<Copy>().Find($"id = {taken[0]}", ct);
    }

    private async Task Do(Copy copy, CancellationToken ct)
    {
        try
        {
            if (copy.Kind is CopyKind.Backup) await Write(copy, ct);
            else await Try(copy, ct);
        }
        catch (Exception broken) when (!ct.IsCancellationRequested)
        {
            log.LogError(broken, "The {Kind} of everything failed", copy.Kind);
            await End(copy, CopyState.Failed, broken.Message, ct);
        }
    }

    private async Task Write(Copy copy, CancellationToken ct)
    {
        PrivateFolder.MakeClosed(place.Folder);
        var counts = await Counted(source, ct);
        var name = $"keel-{copy.AskedAt.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}" + (place.Database.Embedded is null ? ".dump" : ".tgz");
        var (file, draft) = (Path.Combine(place.Folder, name), Path.Combine(place.Folder, name + ".part"));
        try
        {
            await using (PrivateFolder.Write(draft, FileMode.Create)) { }
            if (place.Database.Embedded is { } own)
            {
                await using var stream = new FileStream(draft, FileMode.Open, FileAccess.Write, FileShare.None, 1 << 20);
                await using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true)) await ClusterBackup.Write(own, gzip, clock, ct);
                stream.Flush(flushToDisk: true);
            }
            else
            {
                await ServerDump.Write(place.Database.ConnectionString, draft, ct);
            }

            File.Move(draft, file, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }

        var bytes = new FileInfo(file).Length;
        await Execute(
            "update access.copy set state = 'Done', ended_at = $2, file = $3, bytes = $4, counts = $5::jsonb, outcome = $6 where id = $1", ct, copy.Id.Value, clock.GetUtcNow().UtcDateTime, name, bytes,
            System.Text.Json.JsonSerializer.Serialize(counts, KeelJson.Options), $"Holds what there was when it was begun, {counts}, and what came in while it was written.");
        await Tidy(ct);
    }

    /// The oldest copies go when there are more than are kept; their lines stay.
    private async Task Tidy(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        work.Now = clock.GetUtcNow();
        work.Company = (await db.Query<Id<Company>>($"select id from kernel.company order by id limit 1", ct)) is [var first] ? first : default;
        var keep = work.Company == default ? CopyPolicy.AsDelivered.Keep : (await scope.ServiceProvider.GetRequiredService<Policies>().Of<CopyPolicy>(ct)).Choice.Keep;
        foreach (var old in await db.Table<Copy>().Where($"kind = 'Backup' and file is not null order by ended_at desc offset {keep}", ct))
        {
            File.Delete(Path.Combine(place.Folder, old.File!));
            await Execute("update access.copy set file = null, outcome = outcome || ' Deleted: newer ones are kept.' where id = $1", ct, old.Id.Value);
        }
    }

    private async Task Try(Copy drill, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var copy = await scope.ServiceProvider.GetRequiredService<KeelDb>().Table<Copy>().Find($"id = {drill.Tried!.Value}", ct);
        if (copy?.File is not { } name || !File.Exists(Path.Combine(place.Folder, name))) throw new CannotRun("The copy is not there any more. Back up, then try again.");
        var file = Path.Combine(place.Folder, name);
        var began = clock.GetTimestamp();
        var (report, counts) = place.Database.Embedded is null ? await TryOnServer(file, ct) : await TryBeside(file, ct);
        var seconds = clock.GetElapsedTime(began).TotalSeconds;
        var well = report.IsClean && (copy.Counts is not { } then || counts.Holds(then));
        var said = $"{name} came back in {seconds:0} s with {counts}. " +
            (report.IsClean ? $"All {report.Checks.Count} checks of the books tie." : $"{report.Differences} differences in the books: {string.Join(", ", report.Checks.Where(c => c.Differences > 0).Select(c => c.Name))}.") +
            (copy.Counts is { } start && counts.Holds(start) && counts.Operations > start.Operations ? $" {Ui.Figures.Of(counts.Operations - start.Operations)} of the operations came in while the copy was written." : "") +
            (copy.Counts is { } before && !counts.Holds(before) ? $" Something is missing: there were {before} when it was begun." : "");
        await Execute("update access.copy set counts = $2::jsonb where id = $1", ct, drill.Id.Value, System.Text.Json.JsonSerializer.Serialize(counts, KeelJson.Options));
        await End(drill, well ? CopyState.Done : CopyState.Failed, said, ct);
    }

    /// A cluster of its own in a folder beside the living one, which goes when it was looked at.
    private async Task<(ProofReport, Counts)> TryBeside(string file, CancellationToken ct)
    {
        var folder = Path.Combine(place.Folder, "drill");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        PrivateFolder.MakeClosed(folder);
        try
        {
            await using (var stream = File.OpenRead(file))
            await using (var gzip = new GZipStream(stream, CompressionMode.Decompress))
            {
                await ClusterRestore.Read(gzip, folder, replace: false, ct);
            }

            await using var database = await Database.Open(folder, new DatabaseOptions { Server = null, Fsync = false, Throwaway = true }, ct);
            return await Prove(database.ConnectionString, ct);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// A database of its own on the same server.
    private async Task<(ProofReport, Counts)> TryOnServer(string file, CancellationToken ct)
    {
        const string name = "keel_drill";
        var there = new NpgsqlConnectionStringBuilder(place.Database.ConnectionString) { Database = name, Pooling = false }.ConnectionString;
        await Execute($"drop database if exists {name} with (force)", ct);
        await Execute($"create database {name}", ct);
        try
        {
            await ServerDump.Read(there, file, replace: false, ct);
            return await Prove(there, ct);
        }
        finally
        {
            await Execute($"drop database if exists {name} with (force)", CancellationToken.None);
        }
    }

    private static async Task<(ProofReport, Counts)> Prove(string connectionString, CancellationToken ct)
    {
        await using var there = Composition.DataSource(connectionString);
        await using var services = new ServiceCollection().AddHouseServices(there).BuildServiceProvider();
        var report = await services.GetRequiredService<Prover>().Run(ProofDepth.Full, ct);
        return (report, await Counted(there, ct));
    }

    private static async Task<Counts> Counted(NpgsqlDataSource of, CancellationToken ct)
    {
        await using var command = of.CreateCommand(Counts.Sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new Counts(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }

    private Task End(Copy copy, CopyState state, string outcome, CancellationToken ct) => Execute(
        "update access.copy set state = $2, ended_at = $3, outcome = $4 where id = $1", ct, copy.Id.Value, state.ToString(), clock.GetUtcNow().UtcDateTime, outcome.Length > 2_000 ? outcome[..2_000] : outcome);

    private async Task Execute(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record LastCopy(CopyKind Kind, DateTimeOffset At, bool Open);
}
