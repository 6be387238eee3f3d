using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Keel.Kernel;

/// Runs what recurs, one run of a job at a time in this process, and leaves a heartbeat.
public sealed class JobRunner(IServiceScopeFactory scopes, ModuleCatalog catalog, OutboxDispatcher outbox, Heartbeats hearts, TimeProvider clock, ILogger<JobRunner> log)
{
    private readonly ConcurrentDictionary<string, bool> running = new();

    /// Runs a job now, unless it runs already; says whether it went well.
    public async Task<bool> Run(JobInfo job, CancellationToken ct = default)
    {
        if (!running.TryAdd(job.Name, true)) return true;
        try
        {
            return await hearts.Around(job.Name, job.Every, async () =>
            {
                await using var scope = scopes.CreateAsyncScope();
                var work = scope.ServiceProvider.GetRequiredService<Work>();
                (work.Actor, work.Door, work.Now) = (Actor.Keel, Door.Job, clock.GetUtcNow());
                work.Operation = Guid.CreateVersion7(work.Now);
                await ((IJob)scope.ServiceProvider.GetRequiredService(job.Type)).Run(ct);
            }, ct);
        }
        catch (NpgsqlException away) when (away is not PostgresException)
        {
            log.LogWarning("The job {Job} could not reach the database: {Reason}", job.Name, away.Message);
            return false;
        }
        finally
        {
            running.TryRemove(job.Name, out _);
        }
    }

    /// Runs every job once and delivers what waits: for a clock that is stepped, and for tests.
    public async Task RunAll(CancellationToken ct = default)
    {
        foreach (var job in catalog.Jobs) await Run(job, ct);
        await outbox.Drain(ct);
    }
}

/// When each recurring work last began, succeeded and failed: what health and the page of jobs look at.
public sealed class Heartbeats(NpgsqlDataSource source, TimeProvider clock, ILogger<Heartbeats> log)
{
    /// Work that runs every second need not write every second that it lives.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, (long At, bool Well)> written = new();

    /// A job that runs more often than this has one row for runs that end alike, begun anew every hour.
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    /// The row that is being lengthened, per job and how its runs end.
    private readonly ConcurrentDictionary<(string Name, string? Problem), AlikeRuns> alike = new();

    /// Runs a piece of work and writes down how it went; a failure is logged and told, not thrown.
    public async Task<bool> Around(string name, TimeSpan every, Func<Task> work, CancellationToken ct = default)
    {
        var started = clock.GetUtcNow();
        var tally = RunTally.Begin();
        try
        {
            await work();
            await Succeeded(name, every, started, ct);
            await WriteRun(name, every, started, tally, null, ct);
            return true;
        }
        catch (Exception broken) when (!ct.IsCancellationRequested && broken is not NpgsqlException { InnerException: System.Net.Sockets.SocketException })
        {
            log.LogError(broken, "The job {Job} failed", name);
            await Failed(name, every, started, broken.Message, ct);
            await WriteRun(name, every, started, tally, broken.Message, ct);
            return false;
        }
    }

    /// Each run is written down. Runs that found nothing to do, or failed alike, lengthen one row; so do all runs of a job that runs often, at most
    /// every ten seconds: what a house that is torn down has not written yet, at most, is the end of such a row.
    private async Task WriteRun(string name, TimeSpan every, DateTimeOffset started, RunTally tally, string? problem, CancellationToken ct)
    {
        var (key, ended) = ((name, problem is null ? null : Capped(problem)), clock.GetUtcNow());
        if (!tally.IsIdle && every >= Often)
        {
            foreach (var other in alike.Keys.Where(k => k.Name == name)) alike.TryRemove(other, out _);
            await Insert(key, started, ended, new AlikeRuns(started).With(tally), ct);
            return;
        }

        foreach (var other in alike.Keys.Where(k => k.Name == name && k != key)) if (alike.TryRemove(other, out var before) && before.Times > 0) await Lengthen(other, before, started, started, ct);
        var runs = alike.GetOrAdd(key, _ => new AlikeRuns(started));
        if (ended - runs.Since > TimeSpan.FromHours(1) && every < Often)
        {
            if (runs.Times > 0) await Lengthen(key, runs, started, started, ct);
            alike[key] = runs = new AlikeRuns(started);
        }

        runs.With(tally);
        if (runs.Row is not null && every < Quiet && clock.GetElapsedTime(runs.WrittenAt) < Quiet) return;
        await Lengthen(key, runs, started, ended, ct);
    }

    private async Task Lengthen((string Name, string? Problem) key, AlikeRuns runs, DateTimeOffset started, DateTimeOffset ended, CancellationToken ct)
    {
        await using var longer = Command(
            "update kernel.job_run set ended_at = greatest(ended_at, $2), times = times + $3, operations = operations + $4, refused = refused + $5, letters = letters + $6 where id = $1",
            runs.Row ?? 0, ended.UtcDateTime, runs.Times, runs.Operations, runs.Refused, runs.Letters);
        if (runs.Row is null || await longer.ExecuteNonQueryAsync(ct) == 0) runs.Row = await Insert(key, started, ended, runs, ct);
        runs.Written(clock.GetTimestamp());
    }

    private async Task<long> Insert((string Name, string? Problem) key, DateTimeOffset started, DateTimeOffset ended, AlikeRuns runs, CancellationToken ct)
    {
        await using var command = Command(
            "insert into kernel.job_run (name, node, started_at, ended_at, times, operations, refused, letters, problem) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
            key.Name, Environment.MachineName, started.UtcDateTime, ended.UtcDateTime, runs.Times, runs.Operations, runs.Refused, runs.Letters, key.Problem);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task Succeeded(string name, TimeSpan every, DateTimeOffset started, CancellationToken ct)
    {
        if (written.TryGetValue(name, out var last) && last.Well && clock.GetElapsedTime(last.At) < Quiet && every < Quiet) return;
        written[name] = (clock.GetTimestamp(), true);
        await Write(name, every, started, "succeeded_at", null, ct);
    }

    private async Task Failed(string name, TimeSpan every, DateTimeOffset started, string problem, CancellationToken ct)
    {
        if (written.TryGetValue(name, out var last) && !last.Well && clock.GetElapsedTime(last.At) < Quiet) return;
        written[name] = (clock.GetTimestamp(), false);
        await Write(name, every, started, "failed_at", Capped(problem), ct);
    }

    private async Task Write(string name, TimeSpan every, DateTimeOffset started, string column, string? problem, CancellationToken ct)
    {
        await using var command = Command(
            $"""
            insert into kernel.heartbeat (name, owner, every_seconds, started_at, {column}, problem) values ($1, $2, $3, $4, $5, $6)
            on conflict (name) do update set owner = excluded.owner, every_seconds = excluded.every_seconds, started_at = excluded.started_at,
              {column} = excluded.{column}, problem = excluded.problem
            """,
            name, Environment.MachineName, (int)Math.Max(1, every.TotalSeconds), started.UtcDateTime, clock.GetUtcNow().UtcDateTime, problem);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql, params object?[] values)
    {
        var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    private static string Capped(string problem) => problem.Length > 1_000 ? problem[..1_000] : problem;

    /// Runs of one job that ended alike, and what of them is not written yet.
    private sealed class AlikeRuns(DateTimeOffset since)
    {
        public DateTimeOffset Since => since;
        public long? Row { get; set; }
        public long WrittenAt { get; private set; }
        public int Times { get; private set; }
        public int Operations { get; private set; }
        public int Refused { get; private set; }
        public int Letters { get; private set; }

        public AlikeRuns With(RunTally tally)
        {
            (Times, Operations, Refused, Letters) = (Times + 1, Operations + tally.Operations, Refused + tally.Refused, Letters + tally.Letters);
            return this;
        }

        public void Written(long at) => (WrittenAt, Times, Operations, Refused, Letters) = (at, 0, 0, 0, 0);
    }
}
