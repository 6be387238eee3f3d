namespace Keel.Kernel;

/// Work that needs a person: what kind, about what, how bad, which team's and whose, since when, until when. `Owner` is the team,
/// `Assignee` the person who has taken it, `ResolutionCode` and `Resolution` how it ended.
[Rows("kernel.work_case", "id")]
public sealed record Case(
    Id<Case> Id, Id<Company> CompanyId, string Kind, string SubjectKind, Guid SubjectId, string Subject, Severity Severity, string Sentence,
    string Owner, DateTimeOffset OpenedAt, DateTimeOffset DueAt, CaseState State, DateTimeOffset? ClosedAt, string? Resolution, string? ClosedBy, Guid Operation,
    Guid? AssigneeId, string? Assignee, DateTimeOffset? SnoozedUntil, DateTimeOffset? EscalatesAt, int Escalated, string? ResolutionCode)
{
    /// How long it may take.
    [NotAColumn]
    public TimeSpan Target => DueAt - OpenedAt;

    [NotAColumn]
    public DocumentRef About => new(SubjectKind, SubjectId, Subject);
}

public enum Severity
{
    Low,
    Normal,
    High,
}

public enum CaseState
{
    Open,

    /// Put off until an instant; it comes back by itself.
    Snoozed,
    Closed,
}

/// One thing that happened to a case, kept for good.
[Rows("kernel.case_step", "id")]
public sealed record CaseStep(
    Guid Id, Id<Company> CompanyId, Id<Case> CaseId, DateTimeOffset At, CaseStepKind Kind, ActorKind ActorKind, Guid ActorId, string ActorName, string Words, Guid Operation);

public enum CaseStepKind
{
    Opened,
    Taken,
    Assigned,
    Snoozed,
    Woken,
    Escalated,
    Noted,
    Closed,
}

/// Somebody, or time, took a step with a case.
internal sealed record CaseMoved(Case Now, CaseStepKind What, string Sentence) : IEvent;
