namespace Keel.Kernel;

/// Work that needs a person: what kind, about what, how bad, whose, since when, until when, and the ways out.
[Rows("kernel.work_case", "id")]
public sealed record Case(
    Id<Case> Id, Id<Company> CompanyId, string Kind, string SubjectKind, Guid SubjectId, string Subject, Severity Severity, string Sentence,
    string Owner, DateTimeOffset OpenedAt, DateTimeOffset DueAt, CaseState State, DateTimeOffset? ClosedAt, string? Resolution, string? ClosedBy, Guid Operation);

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

/// A kind of case: its name, who looks after it, how soon, how bad.
public sealed record CaseKind(string Name, string Owner, TimeSpan Target, Severity Severity);

/// The exception queue's desk. One open case per kind and subject: opening it again changes nothing.
public sealed class CaseDesk(KeelDb db)
{
    public void Open(CaseKind kind, DocumentRef subject, string sentence) => Open([(kind, subject, sentence)]);

    public void Open(IReadOnlyList<(CaseKind Kind, DocumentRef Subject, string Sentence)> cases) =>
        db.Table<Case>().InsertMissing([.. cases.Select(c => new Case(
            db.NewId<Case>(), db.Company, c.Kind.Name, c.Subject.Kind, c.Subject.Id, c.Subject.Number, c.Kind.Severity, c.Sentence,
            c.Kind.Owner, db.Now, db.Now + c.Kind.Target, CaseState.Open, null, null, null, db.Work.Operation))]);

    /// Closes what was open about a subject, because what it waited for has happened.
    public void Close(CaseKind kind, IReadOnlyList<Guid> subjects, string resolution) => db.Queue(
        $"""
        update kernel.work_case set state = 'Closed', closed_at = {db.Now}, resolution = {resolution}, closed_by = {db.Work.Actor.Name}
        where company_id = {db.Company} and kind = {kind.Name} and subject_id = any({subjects}) and state = 'Open'
        """);
}
