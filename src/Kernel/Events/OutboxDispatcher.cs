using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Keel.Kernel;

/// Delivers what the outbox holds: at least once, for each deliverer and subject in the order in which it was written, again after a failure,
/// and after ten failures not any more. A dead letter blocks only its own subject. Any number of nodes may do this at the same time.
public sealed class OutboxDispatcher(IServiceScopeFactory scopes, ModuleCatalog catalog, TimeProvider clock, ILogger<OutboxDispatcher> log)
{
    private const int Heads = 400;
    private const int MostRows = 2_000;
    private const int AtATime = 4;
    private const int Attempts = 10;
    private const int MostProblem = 1_000;

    private static readonly TimeSpan[] BackOff =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(1),
    ];

    private readonly SemaphoreSlim one = new(1);

    /// Delivers everything that is due, until nothing is; says how many were delivered.
    public async Task<int> Drain(CancellationToken ct = default)
    {
        await one.WaitAsync(ct);
        try
        {
            var delivered = 0;
            while (true)
            {
                var (tried, done) = await Round(ct);
                delivered += done;
                RunTally.Delivered(done);
                if (tried == 0) return delivered;
            }
        }
        finally
        {
            one.Release();
        }
    }

    /// One round: the first waiting letters of some subjects are locked, and they and their followers delivered while the lock holds.
    private async Task<(int Tried, int Done)> Round(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var now = clock.GetUtcNow();
        db.Work.Now = now;
        db.Begin();
        var letters = await Claim(db, now, ct);
        if (letters.Count == 0)
        {
            await db.Rollback();
            return (0, 0);
        }

        var (done, failed) = (new ConcurrentBag<Letter>(), new ConcurrentBag<(Letter Letter, string Problem, bool Hopeless)>());
        var subjects = letters.GroupBy(l => (l.CompanyId, l.Deliverer, l.Subject));
        await Parallel.ForEachAsync(subjects, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = ct }, async (subject, token) =>
        {
            foreach (var letter in subject.OrderBy(l => l.Position))
            {
                var problem = await Deliver(letter, token);
                if (problem is null)
                {
                    done.Add(letter);
                    continue;
                }

                failed.Add((letter, problem.Value.Text, problem.Value.Hopeless));
                return;
            }
        });

        if (!done.IsEmpty) db.Queue($"update kernel.outbox set state = 'Done', problem = null where id = any({done.Select(l => l.Id).ToArray()})");
        foreach (var (letter, problem, hopeless) in failed) QueueFailure(db, letter, problem, hopeless, now);
        Count(db, [.. done], [.. failed.Select(f => (f.Letter, f.Problem))], now);
        await db.Commit(CancellationToken.None);
        return (letters.Count, done.Count);
    }

    /// The first letter of each subject must be due and not in another node's hands; behind it follow the others of its subject.
    private static async Task<List<Letter>> Claim(KeelDb db, DateTimeOffset now, CancellationToken ct)
    {
        var heads = await db.Query<Guid>(
            $"""
            select o.id from kernel.outbox o
            where o.state = 'Waiting' and o.next_at <= {now} and not exists (
              select from kernel.outbox e
              where e.company_id = o.company_id and e.deliverer = o.deliverer and e.subject = o.subject and e.state <> 'Done' and e.position < o.position)
            order by o.position limit {Heads} for update of o skip locked
            """, ct);
        if (heads.Count == 0) return [];
        return await db.Query<Letter>(
            $"""
            select f.id, f.company_id, f.event, f.deliverer, f.subject, f.payload::text as payload, f.operation, f.attempts, f.position
            from kernel.outbox h join kernel.outbox f
              on f.company_id = h.company_id and f.deliverer = h.deliverer and f.subject = h.subject and f.state <> 'Done' and f.position >= h.position
            where h.id = any({heads}) and f.state = 'Waiting' and f.next_at <= {now}
              and not exists (
                select from kernel.outbox b
                where b.company_id = f.company_id and b.deliverer = f.deliverer and b.subject = f.subject and b.state <> 'Done'
                  and b.position < f.position and (b.state = 'Dead' or b.next_at > {now}))
            order by f.position limit {MostRows}
            """, ct);
    }

    private async Task<(string Text, bool Hopeless)?> Deliver(Letter letter, CancellationToken ct)
    {
        try
        {
            if (!catalog.DeliveredEvents.TryGetValue(letter.Event, out var type)) return ($"Nobody knows the event {letter.Event} any more.", true);
            if (catalog.DeliverersOf(type).FirstOrDefault(d => d.FullName == letter.Deliverer) is not { } deliverer)
                return ($"There is no {letter.Deliverer} for {letter.Event} any more.", true);
            var happened = (IEvent)JsonSerializer.Deserialize(letter.Payload, type, KeelJson.Options)!;

            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
            var work = db.Work;
            (work.Company, work.Actor, work.Door, work.Now) = (letter.CompanyId, Actor.Keel, Door.Job, clock.GetUtcNow());
            (work.Operation, work.Cause) = (Guid.CreateVersion7(work.Now), letter.Operation);
            db.Begin();
            await EventCall.Deliver(scope.ServiceProvider.GetRequiredService(deliverer), happened, ct);
            if (db.IsUntouched) await db.Rollback();
            else await db.Commit(ct);
            return null;
        }
        catch (JsonException unreadable)
        {
            return ($"The letter cannot be read: {unreadable.Message}", true);
        }
        catch (NpgsqlException away) when (away is not PostgresException)
        {
            throw;
        }
        catch (Exception broken) when (!ct.IsCancellationRequested)
        {
            log.LogWarning(broken, "{Deliverer} failed on {Subject}, attempt {Attempt}", letter.Deliverer, letter.Subject, letter.Attempts + 1);
            return ($"{broken.GetType().Name}: {broken.Message}", false);
        }
    }

    /// Keeps by receiver and day how it went, in the order of the key.
    private static void Count(KeelDb db, Letter[] done, (Letter Letter, string Problem)[] failed, DateTimeOffset now)
    {
        var days = done.Select(l => (l.CompanyId, l.Deliverer, Problem: (string?)null)).Concat(failed.Select(f => (f.Letter.CompanyId, f.Letter.Deliverer, Problem: (string?)f.Problem)))
            .GroupBy(l => (l.CompanyId, l.Deliverer)).OrderBy(g => g.Key.CompanyId.Value).ThenBy(g => g.Key.Deliverer, StringComparer.Ordinal);
        foreach (var day in days)
        {
            var (well, badly, problem) = (day.Count(l => l.Problem is null), day.Count(l => l.Problem is not null), day.Select(l => l.Problem).FirstOrDefault(p => p is not null));
            db.Queue(
                $"""
                insert into kernel.delivery_day as d (company_id, deliverer, day, delivered, failed, delivered_at, failed_at, problem)
                values ({day.Key.CompanyId}, {day.Key.Deliverer}, {DateOnly.FromDateTime(now.UtcDateTime)}, {well}, {badly}, {(well > 0 ? now : (DateTimeOffset?)null)}, {(badly > 0 ? now : (DateTimeOffset?)null)}, {Capped(problem)})
                on conflict (company_id, deliverer, day) do update set delivered = d.delivered + excluded.delivered, failed = d.failed + excluded.failed,
                  delivered_at = coalesce(excluded.delivered_at, d.delivered_at), failed_at = coalesce(excluded.failed_at, d.failed_at), problem = coalesce(excluded.problem, d.problem)
                """);
        }
    }

    private static string? Capped(string? problem) => problem is { Length: > MostProblem } ? problem[..MostProblem] : problem;

    private static void QueueFailure(KeelDb db, Letter letter, string problem, bool hopeless, DateTimeOffset now)
    {
        var attempts = letter.Attempts + 1;
        var dead = hopeless || attempts >= Attempts;
        var next = now + BackOff[Math.Min(attempts, BackOff.Length) - 1];
        db.Queue(
            $"""
            update kernel.outbox set state = {(dead ? "Dead" : "Waiting")}, attempts = {attempts}, next_at = {next}, problem = {Capped(problem)}
            where id = {letter.Id}
            """);
    }

    private sealed record Letter(
        Guid Id, Id<Company> CompanyId, string Event, string Deliverer, string Subject, string Payload, Guid Operation, int Attempts, long Position);
}
