namespace Keel.Kernel;

/// Who may decide about a request: somebody else who has the permission of its level where it is about, or who stands in for such a one. The
/// operation and the page ask here, so that both say the same.
internal sealed class Deciders(KeelDb db, IActors actors, Approvals approvals)
{
    /// Says yes or no to a request that the caller has locked. After the last yes it is done next.
    public async Task<Result<ApprovalState>> Decide(Approval approval, bool approve, string reason, CancellationToken ct)
    {
        if (approval.State is not ApprovalState.Waiting) return DecideApproval.Ended.With($"This request is {approval.State.ToString().ToLowerInvariant()} already.");
        var (why, inPlaceOf) = await MayNot(approval, ct);
        if (why is not null) return why;

        approvals.Decide(approval, approve ? Verdict.Approved : Verdict.Refused, reason, inPlaceOf);
        var next = approval.Level + 1;
        var after = !approve ? approval.End(ApprovalState.Refused, reason, db.Now)
            : next < approval.Levels.Count ? approval with { Level = next, Escalated = false, DueAt = db.Now.AddHours(approval.Levels[next].WithinHours), Version = approval.Version + 1 }
            : approval with { State = ApprovalState.Approved, Version = approval.Version + 1 };
        db.Table<Approval>().Update(after);
        if (after.State is ApprovalState.Approved) db.Raise(new ApprovalGranted(approval.Id));
        return after.State;
    }

    /// Why the actor may not decide, or in whose place it does where it may only as a substitute.
    public async Task<(Error? Why, Actor? InPlaceOf)> MayNot(Approval approval, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (actor.Id == approval.RequesterId) return (DecideApproval.Own, null);
        var before = await db.Query<Decided>($"select actor_id, for_id from kernel.approval_decision where approval_id = {approval.Id} and level < {approval.Level} and verdict = 'Approved'", ct);
        if (before.Any(d => d.ActorId == actor.Id || d.ForId == actor.Id)) return (DecideApproval.Twice, null);
        if (Lacks(actor, approval) is not { } lacking) return (null, null);

        var away = await db.Query<Guid>(
            $"select from_id from kernel.delegation where company_id = {db.Company} and to_id = {actor.Id} and ended_at is null and from_at <= {db.Now} and until_at > {db.Now} order by from_at, id", ct);
        foreach (var id in away.Where(id => id != approval.RequesterId && before.All(d => d.ActorId != id && d.ForId != id)))
        {
            if (await actors.Find(ActorKind.Person, id, ct) is { } absent && Lacks(absent, approval) is null) return (null, absent);
        }

        return (lacking, null);
    }

    private static Error? Lacks(Actor actor, Approval approval) =>
        !actor.May(approval.Permission) ? DecideApproval.NotYours.With($"You may not decide at this level. It needs the permission {approval.Permission}.")
        : approval.Effect.Nodes.FirstOrDefault(n => !actor.MayAt(n)) is { Text.Length: > 0 } node ? DecideApproval.NotYours.With($"It is about {node}, where you may not act.")
        : null;

    private sealed record Decided(Guid ActorId, Guid? ForId);
}
