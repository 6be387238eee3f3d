using System.ComponentModel.DataAnnotations;
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
        [Search, Title("Who is at it")] public string? Assignee { get; init; }
        [Title("Rests until")] public DateTimeOffset? SnoozedUntil { get; init; }
        public required int Escalated { get; init; }
        [Title("Resolution code")] public string? ResolutionCode { get; init; }

        /// Where it stands for whoever looks: mine, unassigned, others', resting or closed.
        public required string Queue { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select c.id, c.subject, c.subject_kind, c.subject_id, c.kind, c.severity, c.sentence, c.owner, c.opened_at, c.due_at, c.state, c.closed_at,
          c.closed_by, c.resolution, c.operation, c.assignee, c.snoozed_until, c.escalated, c.resolution_code,
          case when c.state = 'Closed' then 'closed' when c.snoozed_until > {db.Now} then 'resting' when c.assignee_id = {db.Work.Actor.Id} then 'mine'
            when c.assignee_id is null then 'unassigned' else 'others' end as queue,
          case when c.state = 'Closed' then c.resolution when c.snoozed_until > {db.Now} then 'Rests' else coalesce(c.assignee || ' is at it', 'Take it: ' || c.owner) end as next
        from kernel.work_case c where c.company_id = {db.Company}
        """;
}

/// How cases of each kind went in the last thirty days: how many, how quickly, how they ended.
[View("kernel.case-numbers", KernelPermissions.Cases, Sort = "kind")]
internal sealed class CaseNumbers(KeelDb db) : IView<CaseNumbers.Row>
{
    public sealed record Row
    {
        [Key] public required string Kind { get; init; }
        [Title("Open now")] public required long Open { get; init; }
        [Title("Late now")] public required long Late { get; init; }
        [Title("Opened, 30 days")] public required long Opened { get; init; }
        [Title("Closed, 30 days")] public required long Closed { get; init; }
        [Title("In time, %")] public decimal? InTime { get; init; }
        [Title("Hours to close, median")] public decimal? Hours { get; init; }
        [Title("Passed up")] public required long Escalated { get; init; }
        [Title("By itself, %")] public decimal? ByItself { get; init; }
        [Title("How they ended")] public string? Ends { get; init; }
    }

    public FormattableString Rows()
    {
        var since = db.Now.AddDays(-30);
        return $"""
            select c.kind, count(*) filter (where c.state = 'Open') as open, count(*) filter (where c.state = 'Open' and c.due_at < {db.Now}) as late,
              count(*) filter (where c.opened_at >= {since}) as opened, count(*) filter (where c.closed_at >= {since}) as closed,
              round(100.0 * count(*) filter (where c.closed_at >= {since} and c.closed_at <= c.due_at and c.escalated = 0) / nullif(count(*) filter (where c.closed_at >= {since}), 0), 1) as in_time,
              round((percentile_cont(0.5) within group (order by extract(epoch from c.closed_at - c.opened_at) / 3600) filter (where c.closed_at >= {since}))::numeric, 1) as hours,
              count(*) filter (where c.escalated > 0 and (c.state = 'Open' or c.closed_at >= {since})) as escalated,
              round(100.0 * count(*) filter (where c.closed_at >= {since} and c.closed_by = 'Keel') / nullif(count(*) filter (where c.closed_at >= {since}), 0), 1) as by_itself,
              (select string_agg(e.code || ' ' || e.n, ', ' order by e.n desc, e.code) from (
                select coalesce(w.resolution_code, 'no code') as code, count(*) as n from kernel.work_case w
                where w.company_id = c.company_id and w.kind = c.kind and w.closed_at >= {since} group by 1) e) as ends
            from kernel.work_case c where c.company_id = {db.Company} and (c.state = 'Open' or c.closed_at >= {since} or c.opened_at >= {since})
            group by c.company_id, c.kind
            """;
    }
}
