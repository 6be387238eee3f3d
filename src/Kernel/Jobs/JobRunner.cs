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

    /// The row of the runs without anything to do that is being lengthened, per job.
    private readonly ConcurrentDictionary<string, IdleRuns> idle = new();

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

    /// Each run is written down; runs that found nothing to do lengthen one row, at most every ten seconds.
    private async Task WriteRun(string name, TimeSpan every, DateTimeOffset started, RunTally tally, string? problem, CancellationToken ct)
    {
        var ended = clock.GetUtcNow();
        if (tally.IsIdle && problem is null)
        {
            var runs = idle.GetOrAdd(name, _ => new IdleRuns());
            runs.Times++;
            if (runs.Row is not null && every < Quiet && clock.GetElapsedTime(runs.WrittenAt) < Quiet) return;
            (runs.Row, runs.WrittenAt) = (await WriteIdle(name, runs, started, ended, ct), clock.GetTimestamp());
            runs.Times = 0;
            return;
        }

        if (idle.TryRemove(name, out var before) && before is { Row: not null, Times: > 0 }) await WriteIdle(name, before, started, started, ct);
        await using var command = Command(
            "insert into kernel.job_run (name, node, started_at, ended_at, operations, refused, letters, problem) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            name, Environment.MachineName, started.UtcDateTime, ended.UtcDateTime, tally.Operations, tally.Refused, tally.Letters, problem is null ? null : Capped(problem));
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<long> WriteIdle(string name, IdleRuns runs, DateTimeOffset started, DateTimeOffset ended, CancellationToken ct)
    {
        if (runs.Row is { } row)
        {
            await using var longer = Command("update kernel.job_run set ended_at = greatest(ended_at, $2), times = times + $3 where id = $1 returning id", row, ended.UtcDateTime, runs.Times);
            if (await longer.ExecuteScalarAsync(ct) is long still) return still;
        }

        await using var first = Command(
            "insert into kernel.job_run (name, node, started_at, ended_at, times) values ($1, $2, $3, $4, $5) returning id",
            name, Environment.MachineName, started.UtcDateTime, ended.UtcDateTime, runs.Times);
        return (long)(await first.ExecuteScalarAsync(ct))!;
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

    private sealed class IdleRuns
    {
        public long? Row { get; set; }
        public long WrittenAt { get; set; }

        /// Runs since the row was last written.
        public int Times { get; set; }
    }
}
