namespace Keel.Kernel;

/// Who may decide about a request: somebody else who has the permission of its level where it is about, or who stands in for such a one. The
/// operation and the page ask here, so that both say the same.
internal sealed class Deciders(KeelDb db, IActors actors, Approvals approvals, Settings settings, ModuleCatalog catalog)
{
    /// Says yes or no to a request that the caller has locked. After the last yes it is done next.
    public async Task<Result<ApprovalState>> Decide(Approval approval, bool approve, string reason, CancellationToken ct)
    {
        if (approval.State is not ApprovalState.Waiting) return DecideApproval.Ended.With($"This request is {approval.State.Spoken} already.");
        var (why, inPlaceOf) = await MayNot(approval, ct);
        if (why is not null) return why;
        if (approve && approval.Stale is [var stale, ..])
            return DecideApproval.Overtaken.With($"{stale.By} changed {Views.ViewInfo.Spoken(stale.Field).ToLowerInvariant()} of {stale.Subject} since this was asked. Base it on today's values to see what it would do now, or refuse it.");

        approvals.Decide(approval, approve ? Verdict.Approved : Verdict.Refused, reason, inPlaceOf);
        var next = approval.Level + 1;
        var after = !approve ? approval.End(ApprovalState.Refused, reason, db.Now)
            : next < approval.Levels.Count ? approval with { Level = next, Escalated = false, DueAt = db.Now.AddHours(approval.Levels[next].WithinHours), Version = approval.Version + 1 }
            : approval with { State = ApprovalState.Approved, Version = approval.Version + 1 };
        db.Table<Approval>().Update(after);
        db.Raise(new ApprovalMoved(after));
        if (after.State is ApprovalState.Approved && !(after.EffectiveFrom > db.Now)) db.Raise(new ApprovalGranted(approval.Id));
        return after.State;
    }

    /// Why the actor may not decide, or in whose place it does where it may only as a substitute.
    public async Task<(Error? Why, Actor? InPlaceOf)> MayNot(Approval approval, CancellationToken ct)
    {
        var actor = db.Work.Actor;
        if (actor.Id == approval.RequesterId || actor.InNameOf == approval.RequesterId) return (DecideApproval.Own, null);
        // What a rule asks for, its owner asks for.
        if (approval.RequesterKind is ActorKind.Rule && (await db.Query<Guid>($"select owner_id from kernel.rule where id = {approval.RequesterId}", ct)) is [var owner] && (owner == actor.Id || owner == actor.InNameOf))
            return (DecideApproval.Own.With("Your rule asked for this: nobody decides about their own request."), null);
        var before = await db.Query<Decided>($"select actor_id, for_id from kernel.approval_decision where approval_id = {approval.Id} and level < {approval.Level} and verdict = 'Approved'", ct);
        if (before.Any(d => d.ActorId == actor.Id || d.ForId == actor.Id)) return (DecideApproval.Twice, null);
        var owners = approval.DecidedBy is null ? null : await DataOwners.Of(settings, ct);
        if (Lacks(actor, approval, owners) is not { } lacking) return (null, null);

        var away = await db.Query<Guid>(
            $"select from_id from kernel.delegation where company_id = {db.Company} and to_id = {actor.Id} and ended_at is null and from_at <= {db.Now} and until_at > {db.Now} order by from_at, id", ct);
        foreach (var id in away.Where(id => id != approval.RequesterId && before.All(d => d.ActorId != id && d.ForId != id)))
        {
            if (await actors.Find(ActorKind.Person, id, ct) is { } absent && Lacks(absent, approval, owners) is null) return (null, absent);
        }

        return (lacking, null);
    }

    /// Who of these people may decide about a request now, themselves or in the place of somebody who is away.
    public async Task<IReadOnlyList<Actor>> Among(Approval approval, IReadOnlyList<Actor> people, CancellationToken ct)
    {
        var before = await db.Query<Decided>($"select actor_id, for_id from kernel.approval_decision where approval_id = {approval.Id} and level < {approval.Level} and verdict = 'Approved'", ct);
        var away = (await db.Query<Standing>(
            $"select from_id, to_id from kernel.delegation where company_id = {db.Company} and ended_at is null and from_at <= {db.Now} and until_at > {db.Now}", ct)).ToLookup(d => d.ToId, d => d.FromId);
        var owners = approval.DecidedBy is null ? null : await DataOwners.Of(settings, ct);
        bool IsFree(Guid id) => id != approval.RequesterId && before.All(d => d.ActorId != id && d.ForId != id);
        return [.. people.Where(p => IsFree(p.Id) && (Lacks(p, approval, owners) is null || people.Any(absent => away[p.Id].Contains(absent.Id) && IsFree(absent.Id) && Lacks(absent, approval, owners) is null)))];
    }

    private Error? Lacks(Actor actor, Approval approval, DataOwners? owners) =>
        approval.DecidedBy is { } domain && owners!.For(domain) is { } owner ? owner.Is(actor) ? null : DecideApproval.NotYours.With($"{owner.Says} answers for {domain} and decides about this.")
        : !actor.May(approval.Permission) ? DecideApproval.NotYours.With($"You may not decide at this level. It needs somebody who may {PermissionWords.Of(catalog, approval.Permission)}.")
        : approval.Effect.Nodes.FirstOrDefault(n => !actor.MayAt(n)) is { Text.Length: > 0 } node ? DecideApproval.NotYours.With($"It is about {node}, where you may not act.")
        : approval.Effect.Channel is { } channel && !actor.MayOn(channel) ? DecideApproval.NotYours.With($"It is about {channel}, which is not yours.")
        : null;

    private sealed record Standing(Guid FromId, Guid ToId);

    private sealed record Decided(Guid ActorId, Guid? ForId);
}
