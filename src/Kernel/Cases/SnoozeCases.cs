using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Puts cases off until an instant; they come back by themselves. Their target stays, so that nobody hides a late case by letting it sleep.
[Operation("kernel.snooze-cases", KernelPermissions.Cases, Said = "put {cases|the case} off", Icon = "clock")]
internal sealed class SnoozeCases(KeelDb db, CaseWork work, Settings settings) : IOperation<SnoozeCases.Request, CaseAnswer[]>
{
    private const int MostDays = 30;
    private const int MorningHour = 8;

    /// Without `Until`, until eight tomorrow morning where the company is.
    public sealed record Request([Required, MinLength(1), MaxLength(CaseWork.Most)] IReadOnlyList<Id<Case>> Cases, DateTimeOffset? Until = null, [MaxLength(200)] string? Reason = null);

    public static readonly Error Past = Error.Invalid("case.snooze-past", "It would come back in the past. Choose a later time.", new FieldError("until", "lies in the past."));
    public static readonly Error TooLong = Error.Invalid(
        "case.snooze-too-long", $"Nothing sleeps longer than {MostDays} days. Choose an earlier time, or close it with what was decided.", new FieldError("until", $"lies more than {MostDays} days ahead."));

    public async Task<Result<CaseAnswer[]>> Run(Request request, CancellationToken ct)
    {
        var zone = Zones.Of((await Network.Of(settings, ct)).Company.Zone);
        var until = request.Until ?? Tomorrow(zone);
        if (until <= db.Now) return Past;
        if (until > db.Now.AddDays(MostDays)) return TooLong;
        var said = $"put off until {TimeZoneInfo.ConvertTime(until, zone):d MMMM HH:mm}" + (string.IsNullOrWhiteSpace(request.Reason) ? "" : $": {request.Reason}");
        return await work.Each(request.Cases, CaseStepKind.Snoozed, one => new CaseWork.Step(one with { State = CaseState.Snoozed, SnoozedUntil = until }, said), ct);
    }

    private DateTimeOffset Tomorrow(TimeZoneInfo zone)
    {
        var morning = TimeZoneInfo.ConvertTime(db.Now, zone).Date.AddDays(1).AddHours(MorningHour);
        return new DateTimeOffset(morning, zone.GetUtcOffset(morning));
    }
}
