using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Takes cases to look after them oneself. What somebody else has taken stays theirs: it is handed over by assigning it.
[Operation("kernel.take-cases", KernelPermissions.Cases, Said = "took {cases|the case}", Icon = "person")]
internal sealed class TakeCases(KeelDb db, CaseWork work) : IOperation<TakeCases.Request, CaseAnswer[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(CaseWork.Most)] IReadOnlyList<Id<Case>> Cases);

    public static readonly Error Taken = new("case.taken", "Somebody else has taken it. Ask them, or have it assigned to you.");
    public static readonly Error Yours = new("case.yours", "It is yours already.");

    public Task<Result<CaseAnswer[]>> Run(Request request, CancellationToken ct) => work.Each(request.Cases, CaseStepKind.Taken, Take, ct);

    private Result<CaseWork.Step> Take(Case one)
    {
        var actor = db.Work.Actor;
        if (one.AssigneeId is { } other && other != actor.Id) return Taken.With($"{one.Assignee} has taken {one.Subject} already. Ask them, or have it assigned to you.");
        if (one.AssigneeId is not null && one.State is CaseState.Open) return Yours.With($"{one.Subject} is yours already.");
        return new CaseWork.Step(one with { AssigneeId = actor.Id, Assignee = actor.Name, State = CaseState.Open, SnoozedUntil = null }, $"{actor.Name} took it");
    }
}
