using System.ComponentModel.DataAnnotations;

namespace Keel.Ledger;

/// Opens a locked month again, for a reason that stands in the log. Months after it must be open, so that no closed figure moves unseen.
[Operation("ledger.open-period", LedgerPermissions.Periods, ChangesSettings = true, Said = "opened the month", Icon = "books")]
internal sealed class OpenPeriod(KeelDb db) : IOperation<OpenPeriod.Request, Done>
{
    public sealed record Request(
        [Required] DateOnly Month, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason);

    public static readonly Error NotLocked = new("period.not-locked", "The month is open already.");
    public static readonly Error LaterLocked = new("period.later-locked", "A later month is locked. Open the months from the last one back.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var month = Chart.MonthOf(request.Month);
        Periods.QueueLock(db, month);
        var locked = await db.Query<DateOnly>(
            $"select month from ledger.period where company_id = {db.Company} and state = 'Locked' and month >= {month} order by month", ct);
        if (!locked.Contains(month)) return NotLocked;
        if (locked.Count > 1) return LaterLocked;

        db.Queue(Periods.Set(db, month, PeriodState.Open));
        db.Work.Concerns($"{month:yyyy-MM}");
        db.Work.Changed("period", $"{month:yyyy-MM}", "State", "locked", "open");
        return Done.It;
    }
}
