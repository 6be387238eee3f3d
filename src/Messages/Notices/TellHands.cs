using Keel.Messages.Contract;

namespace Keel.Messages;

/// A request waits: whoever may decide about it is told. It came to an end: whoever asked is told.
internal sealed class TellDeciders(KeelDb db, ModuleCatalog catalog, IActors actors, Deciders deciders, NoticeDesk notices) : IHandle<ApprovalMoved>
{
    private IReadOnlyList<Actor>? people;

    public async Task Handle(ApprovalMoved happened, CancellationToken ct)
    {
        if (!notices.IsNews) return;
        var now = happened.Now;
        var subject = new DocumentRef("approval", now.Id.Value, catalog.Find(now.Operation)?.Title ?? now.Operation);
        if (now.State is ApprovalState.Waiting)
        {
            people ??= await actors.People(db.Company, ct);
            await notices.Tell(NoticeKinds.ApprovalWaits, subject, $"{now.RequesterName} asks: {now.Sentence}", await deciders.Among(now, people, ct), ct,
                $"{now.Id.Value:N} {now.Version}");
            return;
        }

        if (now.RequesterKind is not ActorKind.Person || await actors.Find(now.RequesterKind, now.RequesterId, ct) is not { } requester) return;
        var said = now.State switch
        {
            ApprovalState.Approved => $"{db.Work.Actor.Name} said yes: {now.Sentence}",
            ApprovalState.Refused => $"{db.Work.Actor.Name} said no, {now.Outcome}: {now.Sentence}",
            ApprovalState.Expired => $"Nobody decided in time: {now.Sentence}",
            ApprovalState.Failed => $"It was approved and could not be done: {now.Outcome}",
            _ => null,
        };
        if (said is not null) await notices.Tell(NoticeKinds.ApprovalDecided, subject, said, [requester], ct, $"{now.Id.Value:N} {now.State}");
    }
}

/// A case came into somebody's hands, or was passed up to a team: they are told.
internal sealed class TellHands(KeelDb db, IActors actors, NoticeDesk notices) : IHandle<CaseMoved>
{
    private IReadOnlyList<Actor>? people;

    public async Task Handle(CaseMoved happened, CancellationToken ct)
    {
        if (!notices.IsNews) return;
        var now = happened.Now;
        var subject = new DocumentRef("case", now.Id.Value, now.Subject);
        if (happened.What is CaseStepKind.Assigned && now.AssigneeId is { } assignee && await actors.Find(ActorKind.Person, assignee, ct) is { } person)
        {
            await notices.Tell(NoticeKinds.CaseGiven, subject, $"{db.Work.Actor.Name} gave you the case {now.Subject}: {now.Sentence}", [person], ct);
        }

        if (happened.What is not CaseStepKind.Escalated) return;
        // Administrators stand in for every team; they are told where nobody else is in it.
        people ??= await actors.People(db.Company, ct);
        var team = people.Where(p => p.Roles.Contains(now.Owner)).ToArray();
        if (team.Length == 0) team = [.. people.Where(p => p.Teams.Contains(now.Owner))];
        await notices.Tell(NoticeKinds.CaseUp, subject, $"{now.Subject}, {happened.Sentence}: {now.Sentence}",
            [.. team, .. people.Where(p => p.Id == now.AssigneeId)], ct);
    }
}
