using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Says yes or no to a request that waits, with a reason: who may decide, or who stands in for somebody who may and is away. Never the
/// requester, never the same person at two levels, and nobody in the requester's place.
[Operation("kernel.decide-approval", KernelPermissions.Ask, Said = "decided on a request", Icon = "check")]
internal sealed class DecideApproval(KeelDb db, Deciders deciders) : IOperation<DecideApproval.Request, ApprovalState>
{
    /// `Version` is the one that was looked at: a request that changed since is looked at again.
    public sealed record Request(Id<Approval> Approval, int Version, bool Approve, [Required, MinLength(3, ErrorMessage = "says in a few words why.")] string Reason);

    public static readonly Error Unknown = Error.NotFound("approval.unknown", "There is no such request.");
    public static readonly Error Ended = new("approval.ended", "This request is decided already.");
    public static readonly Error Changed = new("approval.changed", "Somebody decided, or the request changed, since you looked. Look again.");
    public static readonly Error Overtaken = new("approval.overtaken", "What this would change was changed meanwhile. Base it on today's values, or refuse it.");
    public static readonly Error Own = new("approval.own", "Nobody decides about their own request.", Refusal.Forbidden);
    public static readonly Error Twice = new("approval.twice", "You decided at an earlier level. Another person decides at this one.", Refusal.Forbidden);
    public static readonly Error NotYours = new("approval.not-yours", "You may not decide at this level.", Refusal.Forbidden);

    public async Task<Result<ApprovalState>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<Approval>().Find($"company_id = {db.Company} and id = {request.Approval} for update", ct) is not { } approval) return Unknown;
        if (approval.State is ApprovalState.Waiting && approval.Version != request.Version) return Changed;
        return await deciders.Decide(approval, request.Approve, request.Reason, ct);
    }
}

/// Says yes or no to several requests that wait, with one reason, and says for each what became of it.
[Operation("kernel.decide-approvals", KernelPermissions.Ask, Said = "decided on {requests|a request}", Icon = "check")]
internal sealed class DecideApprovals(KeelDb db, Deciders deciders) : IOperation<DecideApprovals.Request, IReadOnlyList<DecideApprovals.Answer>>
{
    /// `LookedAt` is when the list was read: a request about which something was said since then is looked at again.
    public sealed record Request(
        [Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<Approval>> Approvals, DateTimeOffset LookedAt, bool Approve,
        [Required, MinLength(3, ErrorMessage = "says in a few words why.")] string Reason);

    public sealed record Answer(Id<Approval> Approval, string Number, ApprovalState? State, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var ids = request.Approvals.Select(a => a.Value).Distinct().ToArray();
        var found = (await db.Table<Approval>().Where($"company_id = {db.Company} and id = any({ids}) order by id for update", ct)).ToDictionary(a => a.Id.Value);
        var changed = (await db.Query<Guid>($"select distinct approval_id from kernel.approval_decision where company_id = {db.Company} and approval_id = any({ids}) and at > {request.LookedAt}", ct)).ToHashSet();
        var answers = new List<Answer>();
        foreach (var id in ids)
        {
            if (!found.TryGetValue(id, out var approval)) answers.Add(new Answer(new(id), "", null, DecideApproval.Unknown.Message));
            else if (approval.State is ApprovalState.Waiting && changed.Contains(id)) answers.Add(new Answer(approval.Id, approval.Sentence, approval.State, DecideApproval.Changed.Message));
            else
            {
                var said = await deciders.Decide(approval, request.Approve, request.Reason, ct);
                answers.Add(new Answer(approval.Id, approval.Sentence, said.Ok ? said.Value : approval.State, said.Error?.Message));
            }
        }

        return answers;
    }
}

/// Takes one's own request back while nobody has said the last yes.
[Operation("kernel.withdraw-approval", KernelPermissions.Ask, Said = "withdrew a request", Icon = "x")]
internal sealed class WithdrawApproval(KeelDb db, Approvals approvals) : IOperation<WithdrawApproval.Request, Done>
{
    public sealed record Request(Id<Approval> Approval, [MaxLength(200)] string? Reason = null);

    public static readonly Error NotOwn = new("approval.not-own", "Only who asked takes a request back.", Refusal.Forbidden);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<Approval>().Find($"company_id = {db.Company} and id = {request.Approval} for update", ct) is not { } approval) return DecideApproval.Unknown;
        if (approval.RequesterId != db.Work.Actor.Id && !await IsOwn(approval, ct)) return NotOwn;
        if (approval.State is not ApprovalState.Waiting) return DecideApproval.Ended;
        approvals.Decide(approval, Verdict.Withdrawn, request.Reason ?? "withdrawn");
        db.Table<Approval>().Update(approval.End(ApprovalState.Withdrawn, request.Reason, db.Now));
        return Done.It;
    }

    /// What a rule asked for, its owner asked for.
    private async Task<bool> IsOwn(Approval approval, CancellationToken ct) => approval.RequesterKind is ActorKind.Rule
        && (await db.Query<Guid>($"select id from kernel.rule where id = {approval.RequesterId} and owner_id = {db.Work.Actor.Id}", ct)).Count > 0;
}

/// Does what was approved, in the name of who asked, with what they may do by now.
internal sealed class RunApproved(KeelDb db, Gate gate, ModuleCatalog catalog, IActors actors, Work work) : IDeliver<ApprovalGranted>
{
    public async Task Deliver(ApprovalGranted happened, CancellationToken ct)
    {
        if (await db.Table<Approval>().Find($"company_id = {db.Company} and id = {happened.Approval}", ct) is not { State: ApprovalState.Approved, Payload: { } payload } approval) return;
        var info = catalog.Operations.Single(o => o.Name == approval.Operation);
        if (await actors.Find(approval.RequesterKind, approval.RequesterId, ct) is not { } requester)
        {
            await Fail(approval.Id, $"{approval.RequesterName} may not sign in any more.", ct);
            return;
        }

        var request = System.Text.Json.JsonSerializer.Deserialize(payload, info.Request, KeelJson.Options)!;
        var said = await db.Query<string>($"select actor_name from kernel.approval_decision where company_id = {db.Company} and approval_id = {approval.Id} and verdict = 'Approved' order by level, at", ct);
        var outcome = await gate.Run(info, request, new Caller(requester, approval.Door, db.Company)
        {
            Approval = approval.Id.Value, ApprovedBy = string.Join(", ", said.Distinct()) is { Length: > 0 } names ? names : null, Cause = work.Cause, At = work.Now,
        }, ct);
        if (outcome.Error is { } refused && refused.Code != Approvals.Used.Code) await Fail(approval.Id, refused.Message, ct);
    }

    private async Task Fail(Id<Approval> approval, string why, CancellationToken ct) =>
        NotDelivered.Unless(await gate.Run<FailApproval, FailApproval.Request, Done>(new(approval, why), new Caller(Actor.Keel, Door.Job, db.Company) { Cause = work.Cause, At = work.Now }, ct));
}

/// An approved request could not be done: it ends with the reason, and its requester gets a case.
[Operation("kernel.fail-approval", KernelPermissions.Jobs, Said = "gave up a request", Icon = "x")]
internal sealed class FailApproval(KeelDb db, CaseDesk cases) : IOperation<FailApproval.Request, Done>
{
    public static readonly CaseKind Failed = new("approval-failed", "operations", TimeSpan.FromHours(8), Severity.Normal)
    {
        Next = "Tell who asked, or ask again",
        Supervisor = "administrator",
        Resolutions = ["asked-again", "done-otherwise", "not-needed"],
        Ways = [CaseWay.Go("Open the request", "/approvals/{id}", KernelPermissions.Ask)],
    };

    public sealed record Request(Id<Approval> Approval, string Why);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<Approval>().Find($"company_id = {db.Company} and id = {request.Approval} for update", ct) is not { State: ApprovalState.Approved } approval) return Done.It;
        var failed = approval.End(ApprovalState.Failed, request.Why, db.Now);
        db.Table<Approval>().Update(failed);
        db.Raise(new ApprovalMoved(failed));
        cases.Open(Failed, new DocumentRef("approval", approval.Id.Value, approval.Operation), $"What {approval.RequesterName} asked for was approved but could not be done: {request.Why}");
        return Done.It;
    }
}

/// Passes on, or ends, what nobody decided in time.
[Operation("kernel.expire-approvals", KernelPermissions.Jobs, Said = "let {requests|a request} expire", Icon = "clock")]
internal sealed class ExpireApprovals(KeelDb db, Approvals approvals) : IOperation<ExpireApprovals.Request, int>
{
    private const int Most = 500;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var late = await db.Table<Approval>().Where($"company_id = {db.Company} and state = 'Waiting' and due_at <= {db.Now} order by id limit {Most} for update", ct);
        foreach (var approval in late)
        {
            var level = approval.Levels[approval.Level];
            var passesOn = !approval.Escalated && level.ThenPermission is not null;
            approvals.Decide(approval, passesOn ? Verdict.Escalated : Verdict.Expired, $"Nobody with {approval.Permission} decided within {level.WithinHours} hours.");
            var after = passesOn
                ? approval with { Escalated = true, DueAt = db.Now.AddHours(level.WithinHours), Version = approval.Version + 1 }
                : approval.End(ApprovalState.Expired, "nobody decided in time", db.Now);
            db.Table<Approval>().Update(after);
            db.Raise(new ApprovalMoved(after));
        }

        return late.Count;
    }
}

/// Looks for overdue requests in every company.
internal sealed class ExpireApprovalsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from kernel.approval where state = 'Waiting' and due_at <= {db.Now}", ct))
            await gate.Run<ExpireApprovals, ExpireApprovals.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
