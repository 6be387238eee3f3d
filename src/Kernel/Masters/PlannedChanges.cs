using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Does what was planned and whose instant has come, each in the name of who planned it.
[Operation("kernel.start-planned-changes", KernelPermissions.Jobs, Said = "started {planned changes|a planned change}", Icon = "clock")]
internal sealed class StartPlannedChanges(KeelDb db) : IOperation<StartPlannedChanges.Request, int>
{
    private const int Most = 500;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var due = await db.Table<Approval>().Where(
            $"company_id = {db.Company} and state = 'Approved' and begun_at is null and effective_from <= {db.Now} order by effective_from, id limit {Most} for update", ct);
        db.Table<Approval>().Update([.. due.Select(a => a with { BegunAt = db.Now, Version = a.Version + 1 })], nameof(Approval.BegunAt), nameof(Approval.Version));
        foreach (var planned in due) db.Raise(new ApprovalGranted(planned.Id));
        return due.Count;
    }
}

/// Looks for planned changes whose instant has come, in every company.
internal sealed class StartPlannedChangesJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>(
            $"select distinct company_id from kernel.approval where state = 'Approved' and begun_at is null and effective_from <= {db.Now}", ct))
            await gate.Run<StartPlannedChanges, StartPlannedChanges.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}

/// Cancels a change that is planned for later: who planned it, who answers for the domain, or who looks after all master data.
[Operation("kernel.cancel-planned-change", KernelPermissions.Ask, Said = "cancelled a planned change", Icon = "x")]
internal sealed class CancelPlannedChange(KeelDb db, Approvals approvals, Settings settings) : IOperation<CancelPlannedChange.Request, Done>
{
    public sealed record Request(Id<Approval> Approval, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason);

    public static readonly Error NotPlanned = new("plan.not-planned", "This is not planned any more: it was done, cancelled or waits for somebody's yes.");
    public static readonly Error NotYours = new("plan.not-yours", "Who planned it or who answers for the data cancels it.", Refusal.Forbidden);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<Approval>().Find($"company_id = {db.Company} and id = {request.Approval} for update", ct) is not { } approval) return DecideApproval.Unknown;
        var actor = db.Work.Actor;
        if (approval.RequesterId != actor.Id && !actor.May(KernelPermissions.Masters)
            && (await DataOwners.Of(settings, ct)).For(approval.Domain ?? "")?.Is(actor) != true) return NotYours;
        if (!approval.IsPlanned) return NotPlanned;
        if (approval.Levels.Count > 0) approvals.Decide(approval, Verdict.Withdrawn, request.Reason);
        db.Table<Approval>().Update(approval.End(ApprovalState.Withdrawn, request.Reason, db.Now));
        foreach (var subject in approval.Effect.Subjects) db.Work.Concerns(subject.Document.Number);
        return Done.It;
    }
}
