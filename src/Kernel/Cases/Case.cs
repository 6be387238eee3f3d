namespace Keel.Kernel;

/// Work that needs a person: what kind, about what, how bad, whose, since when, until when, and the ways out.
[Rows("kernel.work_case", "id")]
public sealed record Case(
    Id<Case> Id, Id<Company> CompanyId, string Kind, string SubjectKind, Guid SubjectId, string Subject, Severity Severity, string Sentence,
    string Owner, DateTimeOffset OpenedAt, DateTimeOffset DueAt, CaseState State, DateTimeOffset? ClosedAt, string? Resolution, string? ClosedBy, Guid Operation,
    Guid? AssigneeId = null, string? Assignee = null, DateTimeOffset? SnoozedUntil = null, int Escalated = 0, string? ResolutionCode = null);

public enum Severity
{
    Low,
    Normal,
    High,
}

public enum CaseState
{
    Open,
    Closed,
}

/// A kind of case: its name, which team looks after it, how soon, how bad. Each is declared in its module's contents.
public sealed record CaseKind(string Name, string Owner, TimeSpan Target, Severity Severity)
{
    /// Who gets it when it is late, or somebody passes it up.
    public string Supervisor { get; init; } = "head of operations";

    /// The codes under which its ends are counted.
    public IReadOnlyList<string> Resolutions { get; init; } = ["solved", "not-needed", "duplicate"];

    /// What can be done about it in one click: operations that take the subject's id.
    public IReadOnlyList<CaseWay> Ways { get; init; } = [];
}

/// A way out of a case: an operation, and the field of its request that takes the subject's id.
public sealed record CaseWay(string Label, string Operation, string Field);

/// The kinds of case that the modules declared, by name.
public sealed class CaseKinds(IReadOnlyDictionary<string, CaseKind> kinds)
{
    public IReadOnlyCollection<CaseKind> All => [.. kinds.Values];

    /// The kind of this name, or nothing.
    public CaseKind? Find(string name) => kinds.GetValueOrDefault(name);
}

/// The exception queue's desk. One open case per kind and subject: opening it again changes nothing.
public sealed class CaseDesk(KeelDb db, CaseKinds kinds)
{
    public void Open(CaseKind kind, DocumentRef subject, string sentence) => Open([(kind, subject, sentence)]);

    public void Open(IReadOnlyList<(CaseKind Kind, DocumentRef Subject, string Sentence)> cases)
    {
        if (cases.FirstOrDefault(c => kinds.Find(c.Kind.Name) is null).Kind is { } unknown) throw new InvariantBroken($"No module declares cases of the kind {unknown.Name}.");
        db.Table<Case>().InsertMissing([.. cases.Select(c => new Case(
            db.NewId<Case>(), db.Company, c.Kind.Name, c.Subject.Kind, c.Subject.Id, c.Subject.Number, c.Kind.Severity, c.Sentence,
            c.Kind.Owner, db.Now, db.Now + c.Kind.Target, CaseState.Open, null, null, null, db.Work.Operation))]);
    }

    /// Closes what was open about a subject, because what it waited for has happened.
    public void Close(CaseKind kind, IReadOnlyList<Guid> subjects, string resolution) => db.Queue(
        $"""
        update kernel.work_case set state = 'Closed', closed_at = {db.Now}, resolution = {resolution}, closed_by = {db.Work.Actor.Name}
        where company_id = {db.Company} and kind = {kind.Name} and subject_id = any({subjects}) and state = 'Open'
        """);
}
