using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// How the queues did in the last thirty days, by kind: what came in, what was closed and how, what is open now.
[View("kernel.case-numbers", KernelPermissions.Cases, Sort = "-open")]
internal sealed class CaseNumbers(KeelDb db, Scopes scopes) : IView<CaseNumbers.Row>
{
    public const int Days = 30;

    public sealed record Row
    {
        [Key] public required string Kind { get; init; }
        public required long Opened { get; init; }
        public required long Closed { get; init; }

        /// Of what was closed, in per cent; nothing where nothing was closed.
        [Title("In time, %")] public int? InTime { get; init; }
        [Title("Open now")] public required long Open { get; init; }
        public required long LateNow { get; init; }

        /// The median age of what is open, in hours.
        [Title("Median age, h")] public int? MedianAgeHours { get; init; }
        [Title("Passed up")] public required long Escalated { get; init; }

        /// How they ended: `solved 3, duplicate 1`.
        [Title("How they ended")] public string? Endings { get; init; }
    }

    public FormattableString Rows()
    {
        var since = db.Now.AddDays(-Days);
        return $"""
            with seen as (
              select kind, id, state, opened_at, due_at, closed_at, resolution_code as code, opened_at >= {since} as is_new, coalesce(closed_at >= {since}, false) as is_done, {CaseInbox.Late(db.Now)} as is_late
              from kernel.work_case c where company_id = {db.Company} and (state <> 'Closed' or closed_at >= {since}){scopes.And("c.subject_id")}
              union
              select kind, id, state, opened_at, due_at, closed_at, resolution_code, true, coalesce(closed_at >= {since}, false), {CaseInbox.Late(db.Now)}
              from kernel.work_case c where company_id = {db.Company} and opened_at >= {since}{scopes.And("c.subject_id")}),
            endings as (
              select kind, string_agg(code || ' ' || cases, ', ' order by cases desc, code) as endings
              from (select kind, coalesce(code, 'other') as code, count(*) as cases from seen where is_done group by 1, 2) by_code group by kind),
            ups as (
              select c.kind, count(distinct e.case_id) as cases from kernel.case_step e join kernel.work_case c on c.id = e.case_id
              where e.company_id = {db.Company} and e.kind = 'Escalated' and e.at >= {since}{scopes.And("c.subject_id")} group by c.kind)
            select s.kind, count(*) filter (where is_new) as opened, count(*) filter (where is_done) as closed,
              (100 * count(*) filter (where is_done and closed_at <= due_at) / nullif(count(*) filter (where is_done), 0))::integer as in_time,
              count(*) filter (where state <> 'Closed') as open, count(*) filter (where is_late) as late_now,
              floor(extract(epoch from percentile_cont(0.5) within group (order by {db.Now}::timestamptz - opened_at) filter (where state <> 'Closed')) / 3600)::integer as median_age_hours,
              coalesce(max(u.cases), 0) as escalated, max(e.endings) as endings
            from seen s left join endings e on e.kind = s.kind left join ups u on u.kind = s.kind group by s.kind
            """;
    }
}
