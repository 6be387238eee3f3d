using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Passes cases up: they become more severe and go to the kind's supervisor, where somebody else takes them.
[Operation("kernel.escalate-cases", KernelPermissions.Cases, Said = "passed {cases|the case} up", Icon = "upload")]
internal sealed class EscalateCases(CaseWork work) : IOperation<EscalateCases.Request, CaseAnswer[]>
{
    public sealed record Request(
        [Required, MinLength(1), MaxLength(CaseWork.Most)] IReadOnlyList<Id<Case>> Cases,
        [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason);

    public static readonly Error Top = new("case.at-the-top", "It is with its supervisor already, as severe as can be. Assign it to somebody.");

    public Task<Result<CaseAnswer[]>> Run(Request request, CancellationToken ct) => work.Each(request.Cases, CaseStepKind.Escalated, one => Escalate(one, request.Reason), ct);

    private Result<CaseWork.Step> Escalate(Case one, string reason)
    {
        var supervisor = work.KindOf(one).Supervisor;
        if (one.Severity is Severity.High && one.Owner == supervisor)
            return Top.With($"{one.Subject} is with {supervisor} already, as severe as can be. Assign it to somebody.");
        var after = one with
        {
            Severity = one.Severity is Severity.High ? Severity.High : one.Severity + 1, Owner = supervisor, AssigneeId = null, Assignee = null,
            State = CaseState.Open, SnoozedUntil = null, Escalated = one.Escalated + 1,
        };
        return new CaseWork.Step(after, $"passed up to {supervisor}: {reason}");
    }
}
