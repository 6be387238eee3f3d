using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The exception queue: what needs a person, the most urgent first. `Mine`, `OurTeams` and `ForMe` (either of
/// them) are said for whoever looks.
[View("kernel.cases", KernelPermissions.Cases, Sort = "due-at")]
internal sealed class CaseList(KeelDb db, CaseKinds kinds) : IView<CaseList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Subject { get; init; }
        [Spoken, Title("About what")] public required string SubjectKind { get; init; }
        public required Guid SubjectId { get; init; }
        [Spoken] public required string Kind { get; init; }
        public required Severity Severity { get; init; }
        [Title("What happened")] public required string Sentence { get; init; }
        [Search, Spoken, Title("Team")] public required string Owner { get; init; }
        [Search, Title("Who", Empty = "nobody")] public string? Assignee { get; init; }
        [Title("Who", Empty = "nobody")] public Guid? AssigneeId { get; init; }
        public required DateTimeOffset OpenedAt { get; init; }
        public required DateTimeOffset DueAt { get; init; }
        public required CaseState State { get; init; }
        [Title("Back")] public DateTimeOffset? SnoozedUntil { get; init; }
        public required int Escalated { get; init; }
        public required bool Mine { get; init; }
        public required bool OurTeams { get; init; }
        public required bool ForMe { get; init; }
        public required bool Late { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
        public required bool ClosedLate { get; init; }
        public string? ClosedBy { get; init; }
        [Spoken, Title("Code")] public string? ResolutionCode { get; init; }
        public string? Resolution { get; init; }
        public required Guid Operation { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows()
    {
        var actor = db.Work.Actor;
        var all = kinds.All.ToArray();
        return $"""
            select c.id, c.subject, c.subject_kind, c.subject_id, c.kind, c.severity, c.sentence, c.owner, c.assignee, c.assignee_id, c.opened_at, c.due_at, c.state, c.snoozed_until,
              c.escalated, c.assignee_id is not distinct from {actor.Id}::uuid as mine, c.owner = any({actor.Teams.ToArray()}::text[]) as our_teams,
              {CaseInbox.For(actor)} as for_me,
              {CaseInbox.Late(db.Now)} as late, c.closed_at, coalesce(c.closed_at > c.due_at, false) as closed_late, c.closed_by, c.resolution_code, c.resolution, c.operation,
              case c.state when 'Closed' then c.resolution when 'Snoozed' then 'Comes back by itself'
                else coalesce(k.next, 'Decide, then close it') end as next
            from kernel.work_case c
            left join unnest({all.Select(k => k.Name).ToArray()}::text[], {all.Select(k => k.Next).ToArray()}::text[]) as k (kind, next) on k.kind = c.kind
            where c.company_id = {db.Company}
            """;
    }
}
