using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The exception queue: what needs a person, the most urgent first.
[View("kernel.cases", KernelPermissions.Cases, Sort = "due-at")]
internal sealed class CaseList(KeelDb db) : IView<CaseList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Subject { get; init; }
        public required string SubjectKind { get; init; }
        public required Guid SubjectId { get; init; }
        public required string Kind { get; init; }
        public required Severity Severity { get; init; }
        public required string Sentence { get; init; }
        [Search] public required string Owner { get; init; }
        public required DateTimeOffset OpenedAt { get; init; }
        public required DateTimeOffset DueAt { get; init; }
        public required CaseState State { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
        public string? ClosedBy { get; init; }
        public string? Resolution { get; init; }
        public required Guid Operation { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select c.id, c.subject, c.subject_kind, c.subject_id, c.kind, c.severity, c.sentence, c.owner, c.opened_at, c.due_at, c.state, c.closed_at,
          c.closed_by, c.resolution, c.operation,
          case when c.state = 'Closed' then c.resolution else c.owner || ' decides' end as next
        from kernel.work_case c where c.company_id = {db.Company}
        """;
}
