using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Kernel;

/// Proves the books: runs every check of every module, and the seal of the log, over one snapshot, and keeps what it found.
public sealed class Prover(IServiceScopeFactory scopes, ModuleCatalog catalog, TimeProvider clock)
{
    private const int MostExamples = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    public async Task<ProofReport> Run(ProofDepth depth, CancellationToken ct = default)
    {
        var at = clock.GetUtcNow();
        var started = clock.GetTimestamp();
        await Heartbeat($"started_at = {at}", ct);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var since = depth is ProofDepth.Full ? "0" : await LastClean(db, ct);
        db.Patience = Patience;

        var report = await db.InSnapshot(async () =>
        {
            // Sums over all moves fit in memory: sorted on disk they take three times as long.
            await db.Execute($"set local work_mem = '96MB'", ct);
            var through = (await db.First<string>($"select pg_snapshot_xmin(pg_current_snapshot())::text", ct))!;
            var results = new List<ProofResult>();
            var held = await Glance(db, ct);
            foreach (var check in catalog.Checks) results.Add(await Timed(check.Name, check.Title, () => Ask(db, check, since, held.Contains(check.Name), ct), db, ct));
            results.Add(await Timed(Seals.Name, Seals.Title, () => Seals.Verify(db, since, MostExamples, ct), db, ct));
            return new ProofReport(Guid.CreateVersion7(at), at, 0, since == "0", through, results);
        }, ct);

        report = report with { Millis = (int)clock.GetElapsedTime(started).TotalMilliseconds };
        await Keep(report, ct);
        return report;
    }

    private async Task<ProofResult> Timed(string name, string title, Func<Task<Found>> check, KeelDb db, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        await db.Execute($"savepoint one_check", ct);
        Found found;
        try
        {
            found = await check();
        }
        catch (PostgresException broken)
        {
            // A check that cannot be run proves nothing, so it counts as a difference; the others go on in the same snapshot.
            await db.Execute($"rollback to savepoint one_check", ct);
            found = new Found(0, 1, [new ProofDifference("The check itself", "can be run", broken.MessageText)]);
        }

        return new ProofResult(name, title, found.Rows, found.Differences, found.Examples, (int)clock.GetElapsedTime(started).TotalMilliseconds);
    }

    /// The checks that hold at a glance. A glance that cannot be run says nothing.
    private async Task<HashSet<string>> Glance(KeelDb db, CancellationToken ct)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var glance in catalog.Glances)
        {
            await db.Execute($"savepoint one_check", ct);
            try
            {
                var salted = new SqlText().Words(glance.Sql);
                salted.Add(SqlText.Parameter(Random.Shared.NextInt64()));
                var seen = await db.Query<Seen>(salted, ct);
                held.UnionWith(seen.Where(s => s.Holds).Select(s => s.Name));
            }
            catch (PostgresException)
            {
                await db.Execute($"rollback to savepoint one_check", ct);
            }
        }

        return held;
    }

    private static async Task<Found> Ask(KeelDb db, ProofCheck check, string since, bool isHeld, CancellationToken ct)
    {
        var rows = await db.Query<long>(Since(check.Rows, since), ct);
        if (isHeld) return new Found(rows.FirstOrDefault(), 0, []);
        var differences = await db.Query<Row>(Since(
            $"select count(*) over () as total, subject::text, expected::text, found::text from ({check.Differences}) d(subject, expected, found) limit {MostExamples}", since), ct);
        return new Found(rows.FirstOrDefault(), differences.Count == 0 ? 0 : differences[0].Total, [.. differences.Select(d => new ProofDifference(d.Subject, d.Expected, d.Found))]);
    }

    private static SqlText Since(string sql, string since)
    {
        var text = new SqlText().Words(sql);
        if (sql.Contains("$1", StringComparison.Ordinal)) text.Add(SqlText.Parameter(since));
        return text;
    }

    /// Where the last proof without differences stood: what was found since then is looked at again until it is gone.
    private static async Task<string> LastClean(KeelDb db, CancellationToken ct) =>
        await db.First<string>($"select checks->>'through' from kernel.proof where differences = 0 order by at desc limit 1", ct) ?? "0";

    private async Task Keep(ProofReport report, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var kept = JsonSerializer.Serialize(new { report.Full, report.Through, Results = report.Checks }, KeelJson.Options);
        await db.Execute(
            $"insert into kernel.proof (id, at, millis, differences, checks) values ({report.Id}, {report.At}, {report.Millis}, {report.Differences}, {kept}::text::jsonb)", ct);
        FormattableString beat = report.IsClean
            ? (FormattableString)$"succeeded_at = {clock.GetUtcNow()}, problem = null"
            : (FormattableString)$"failed_at = {clock.GetUtcNow()}, problem = {$"{report.Differences} differences"}";
        await Heartbeat(beat, ct);
    }

    private async Task Heartbeat(FormattableString beat, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        await db.Execute($"insert into kernel.heartbeat (name, owner, every_seconds) values ('books-proven', 'bookkeeper', 900) on conflict do nothing", ct);
        await db.Execute($"update kernel.heartbeat set {beat} where name = 'books-proven'", ct);
    }

    private sealed record Seen(string Name, bool Holds);

    private sealed record Row(long Total, string Subject, string Expected, string Found);
}

/// What a check found, before it is timed.
internal sealed record Found(long Rows, long Differences, IReadOnlyList<ProofDifference> Examples);
