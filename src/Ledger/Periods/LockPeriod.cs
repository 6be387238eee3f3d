using System.ComponentModel.DataAnnotations;

namespace Keel.Ledger;

/// Closes a month: from now on its figures stand. Waits for whoever is posting into it; what comes later goes to the first open day.
[Operation("ledger.lock-period", LedgerPermissions.Periods, ChangesSettings = true, Said = "locked the month", Icon = "lock")]
internal sealed class LockPeriod(KeelDb db, Settings settings) : IOperation<LockPeriod.Request, Done>
{
    public sealed record Request([Required] DateOnly Month);

    public static readonly Error NotOver = new("period.not-over", "The month is not over yet. Lock it after its last day.");
    public static readonly Error Already = new("period.locked", "The month is locked already.");
    public static readonly Error EarlierOpen = new("period.earlier-open", "An earlier month is still open. Lock the months in their order.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var month = Chart.MonthOf(request.Month);
        var network = await Network.Of(settings, ct);
        if (network.Day(db.Now) < month.AddMonths(1)) return NotOver;

        Periods.QueueLock(db, month);
        var locked = await db.Query<DateOnly>($"select month from ledger.period where company_id = {db.Company} and state = 'Locked'", ct);
        if (locked.Contains(month)) return Already;
        var earlier = await db.Query<DateOnly>(
            $"select distinct ledger.month_of(day) from ledger.entry where company_id = {db.Company} and day < {month}", ct);
        if (earlier.Except(locked).Any()) return EarlierOpen;

        db.Queue(Periods.Set(db, month, PeriodState.Locked));
        db.Work.Concerns($"{month:yyyy-MM}");
        db.Work.Changed("period", $"{month:yyyy-MM}", "State", "open", "locked");
        return Done.It;
    }
}

/// How a month's state is written.
internal static class Periods
{
    /// Waits until nobody posts into the month, and lets nobody in before the commit.
    public static void QueueLock(KeelDb db, DateOnly month) =>
        db.QueueQuery<int>($"select 1 from pg_advisory_xact_lock(ledger.period_lock({db.Company}, {month}))", _ => { });

    public static FormattableString Set(KeelDb db, DateOnly month, PeriodState state) =>
        $"""
        insert into ledger.period (company_id, month, state, changed_by, changed_at)
        values ({db.Company}, {month}, {state}, {db.Work.Actor.Name}, {db.Now})
        on conflict (company_id, month) do update set state = excluded.state, changed_by = excluded.changed_by, changed_at = excluded.changed_at
        """;
}
