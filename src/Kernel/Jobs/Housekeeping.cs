using System.Globalization;

namespace Keel.Kernel;

/// Removes what has been kept long enough: answers to idempotency keys after 30 days, delivered letters after 7, events that the rules
/// have looked at after 30, what rules did after 400; the log keeps it. Of what runs by itself quiet runs stay 30 days, those that
/// worked 90, failed ones 400.
internal sealed class PurgeOldRows(KeelDb db) : IJob
{
    private const int Batch = 10_000;

    public async Task Run(CancellationToken ct)
    {
        var (answers, letters) = (db.Now.AddDays(-30), db.Now.AddDays(-7));
        while (await db.Execute(
            $"delete from kernel.idempotency where ctid = any(array(select ctid from kernel.idempotency where at < {answers} limit {Batch}))", ct) == Batch) { }
        while (await db.Execute(
            $"delete from kernel.outbox where ctid = any(array(select ctid from kernel.outbox where state = 'Done' and at < {letters} limit {Batch}))", ct) == Batch) { }
        while (await db.Execute(
            $"delete from kernel.rule_run where ctid = any(array(select ctid from kernel.rule_run where ended_at < {db.Now.AddDays(-400)} and state in ('Done', 'Tried', 'Stopped', 'Dropped') limit {Batch}))", ct) == Batch) { }
        while (await db.Execute(
            $"""
            delete from kernel.job_run where ctid = any(array(select ctid from kernel.job_run where ended_at < {answers} and
              (ended_at < {db.Now.AddDays(-400)} or problem is null and (ended_at < {db.Now.AddDays(-90)} or operations + refused + letters = 0)) limit {Batch}))
            """, ct) == Batch) { }
        await db.Execute($"delete from kernel.delivery_day where day < {DateOnly.FromDateTime(db.Now.UtcDateTime).AddDays(-400)}", ct);
        // What no rule has looked at yet is kept.
        while (await db.Execute(
            $"""
            delete from kernel.event where ctid = any(array(select e.ctid from kernel.event e, kernel.event_cursor c where e.at < {answers} and (e.xact, e.position) <= (c.xact, c.position) limit {Batch}))
            """, ct) == Batch) { }
    }
}

/// Makes the monthly partitions of the log's payloads before they are needed; what lies outside stays in the rest.
internal sealed class MakePayloadPartitions(KeelDb db) : IJob
{
    private const int MonthsAhead = 3;

    public async Task Run(CancellationToken ct)
    {
        var first = new DateOnly(db.Now.Year, db.Now.Month, 1);
        for (var i = 0; i <= MonthsAhead; i++) await Make(first.AddMonths(i), ct);
    }

    private async Task Make(DateOnly month, CancellationToken ct)
    {
        var name = "operation_payload_" + month.ToString("yyyy_MM", CultureInfo.InvariantCulture);
        if (await db.First<long>($"select count(*) from pg_tables where schemaname = 'kernel' and tablename = {name}", ct) > 0) return;
        var (from, to) = (Midnight(month), Midnight(month.AddMonths(1)));
        if (await db.First<long>($"select count(*) from (select from kernel.operation_payload_rest where at >= {from} and at < {to} limit 1) r", ct) > 0) return;

        string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "Z";
        db.Queue(new SqlText().Words($"create table kernel.{name} partition of kernel.operation_payload for values from ('{Text(from)}') to ('{Text(to)}')"));
        await db.Flush(ct);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
