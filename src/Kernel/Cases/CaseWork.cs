namespace Keel.Kernel;

/// What became of one case of a list: its subject's number and its state, or why it stayed as it was.
public sealed record CaseAnswer(Id<Case> Case, string? Number, CaseState? State, Error? Refusal = null);

/// What the operations on cases share: each case is locked, changed or refused by itself, and its story goes on.
internal sealed class CaseWork(KeelDb db, CaseKinds kinds)
{
    public const int Most = 500;

    public static readonly Error Gone = Error.NotFound("case.unknown", "There is no case with this id. Look at the list again.");
    public static readonly Error Closed = new("case.closed", "This case is closed already. If it is wrong still, it opens anew by itself.");

    private static readonly string[] Changing =
    [
        nameof(Case.Severity), nameof(Case.Owner), nameof(Case.State), nameof(Case.ClosedAt), nameof(Case.Resolution), nameof(Case.ResolutionCode), nameof(Case.ClosedBy),
        nameof(Case.AssigneeId), nameof(Case.Assignee), nameof(Case.SnoozedUntil), nameof(Case.EscalatesAt), nameof(Case.Escalated),
    ];

    /// A case as it is after a step, and what the story says of it.
    public sealed record Step(Case After, string Sentence);

    /// The kind of a case; one that no module declares any more has no way up and no ways out.
    public CaseKind KindOf(Case one) => kinds.Find(one.Kind) ?? new CaseKind(one.Kind, one.Owner, one.Target, one.Severity) { Supervisor = one.Owner };

    /// Takes a step with each case that is not closed. A list of one that is refused is refused as a whole.
    public async Task<Result<CaseAnswer[]>> Each(IReadOnlyList<Id<Case>> ids, CaseStepKind what, Func<Case, Result<Step>> step, CancellationToken ct, bool closedToo = false)
    {
        var asked = ids.Distinct().ToArray();
        var found = (await db.Table<Case>().Where($"company_id = {db.Company} and id = any({asked}) order by id for update", ct)).ToDictionary(c => c.Id);
        var steps = new List<Step>();
        var answers = asked.Select(id =>
        {
            if (!found.TryGetValue(id, out var one)) return new CaseAnswer(id, null, null, Gone);
            Result<Step> taken = one.State is CaseState.Closed && !closedToo ? Closed.With($"{one.Subject} is closed already, by {one.ClosedBy}: {one.Resolution}. If it is wrong still, it opens anew by itself.") : step(one);
            if (!taken.Ok) return new CaseAnswer(id, one.Subject, one.State, taken.Error);
            steps.Add(taken.Value);
            return new CaseAnswer(id, one.Subject, taken.Value.After.State);
        }).ToArray();
        if (answers is [{ Refusal: { } only }]) return only;

        Write(what, steps);
        return answers;
    }

    /// Writes cases as they are after a step, and their story.
    public void Write(CaseStepKind what, IReadOnlyList<Step> steps)
    {
        foreach (var step in steps) db.Work.Concerns(step.After.Subject);
        foreach (var step in steps) db.Raise(new CaseMoved(step.After, what, step.Sentence));
        if (what is not CaseStepKind.Noted) db.Table<Case>().Update([.. steps.Select(s => s.After)], Changing);
        if (what is CaseStepKind.Escalated) foreach (var (up, _) in steps) db.Raise(CaseEscalated.Of(up));
        var actor = db.Work.Actor;
        db.Table<CaseStep>().Insert([.. steps.Select(s => new CaseStep(Guid.CreateVersion7(db.Now), db.Company, s.After.Id, db.Now, what, actor.Kind, actor.Id, actor.Name, s.Sentence, db.Work.Operation))]);
    }
}
