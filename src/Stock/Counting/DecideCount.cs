using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// What is done about a difference that two people found.
public enum CountOutcome
{
    /// It goes into the books.
    Book,

    /// Somebody looks once more.
    CountAgain,

    /// The book was right: nothing is missing.
    BookWasRight,
}

/// Decides about a difference that was found twice and is larger than passes by itself. Nobody decides about what they counted.
[Operation("stock.decide-count", StockPermissions.ApproveCounts, Title = "Decide about a count", Said = "decided about {counts|the count}", Icon = "check")]
internal sealed class DecideCount(KeelDb db, Settings settings, CountSteps steps) : IOperation<DecideCount.Request, CountStatus>
{
    public sealed record Request(Id<CountTask> Count, CountOutcome Outcome, ReasonCode? Reason = null);

    public static readonly Error Own = new("stock.count-own", "You counted this yourself. Somebody else decides about it.", Refusal.Forbidden);

    public async Task<Result<CountStatus>> Run(Request request, CancellationToken ct)
    {
        var (places, reasons) = (await Places.Of(settings, ct), await Reasons.Of(settings, ct));
        var reason = request.Reason ?? Reason.Counted;
        if (reasons.Wrong(reason) is { } wrong) return wrong;
        var found = await steps.Lock(request.Count, ct);
        if (!found.Ok) return found.Error!;
        var (task, lines) = found.Value;
        if (task.Status is not CountStatus.ToApprove) return CountSteps.NotNow.With($"{task.Number} is {task.Status.Spoken}: there is nothing to decide.");
        if (db.Work.Actor.Id is var me && (task.Counter == me || task.Recounter == me)) return Own;
        if (request.Outcome is CountOutcome.CountAgain)
        {
            var open = lines.Where(l => l.IsOpen).Select(l => l with { Recounted = null, ReseenAt = null, Rebook = null }).ToArray();
            db.Table<CountLine>().Update(open, nameof(CountLine.Recounted), nameof(CountLine.ReseenAt), nameof(CountLine.Rebook));
            var again = task.To(CountStatus.Recount) with { Recounter = null, RecounterName = null };
            steps.Write(again);
            return again.Status;
        }

        if (places.ClosedAt(task.Location) is { } closed) return closed;
        return (await steps.Decide(task, lines, request.Outcome is CountOutcome.Book, reason, ct)).Status;
    }
}
