namespace Keel.Kernel;

/// Who may decide about a request: somebody else who has the permission of its level where it is about, or who stands in for such a one. The
/// operation and the page ask here, so that both say the same.
internal sealed class Deciders(KeelDb db, IActors actors)
{
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

    /// Who of these people may decide about a request now, themselves or in the place of somebody who is away.
    public async Task<IReadOnlyList<Actor>> Among(Approval approval, IReadOnlyList<Actor> people, CancellationToken ct)
    {
        var before = await db.Query<Decided>($"select actor_id, for_id from kernel.approval_decision where approval_id = {approval.Id} and level < {approval.Level} and verdict = 'Approved'", ct);
        var away = (await db.Query<Standing>(
            $"select from_id, to_id from kernel.delegation where company_id = {db.Company} and ended_at is null and from_at <= {db.Now} and until_at > {db.Now}", ct)).ToLookup(d => d.ToId, d => d.FromId);
        bool IsFree(Guid id) => id != approval.RequesterId && before.All(d => d.ActorId != id && d.ForId != id);
        return [.. people.Where(p => IsFree(p.Id) && (Lacks(p, approval) is null || people.Any(absent => away[p.Id].Contains(absent.Id) && IsFree(absent.Id) && Lacks(absent, approval) is null)))];
    }

    private static Error? Lacks(Actor actor, Approval approval) =>
        !actor.May(approval.Permission) ? DecideApproval.NotYours.With($"You may not decide at this level. It needs the permission {approval.Permission}.")
        : approval.Effect.Nodes.FirstOrDefault(n => !actor.MayAt(n)) is { Text.Length: > 0 } node ? DecideApproval.NotYours.With($"It is about {node}, where you may not act.")
        : null;

    private sealed record Standing(Guid FromId, Guid ToId);

    private sealed record Decided(Guid ActorId, Guid? ForId);
}
