namespace Keel.Kernel;

/// What the Kernel has for figures that are watched, and the figures that it watches itself: cases, approvals, imports, messages, records.
internal static class KernelMeasures
{
    private const string Open = "f.state=Open,Snoozed";

    public static ModuleContents Watched(this ModuleContents contents) => contents
        .Operation<TakeMeasures>().Operation<SetTarget>().View<TargetList>().View<PointList>().Desk<MeasureDesk>()
        .Job<TakeMeasuresJob>(every: TimeSpan.FromHours(1))
        .Measure(
            Measure.Rows<CaseList>("cases-open", "Open cases", "Cases that nobody has closed, put off or not, at this moment.", "/cases", Open)
                with { Better = Better.Less, Team = "operations", Next = "Take some" },
            Measure.Rows<CaseList>("cases-late", "Late cases", "Open cases whose time is up, and that nobody has put off, at this moment.", "/cases", "f.late=true")
                with { Better = Better.Less, Target = 0, Team = "operations", IsPast = true, Next = "Settle them first" },
            Measure.Rows<CaseList>("cases-unassigned", "Cases nobody is at", "Open cases of all teams that nobody took, at this moment.", "/cases", "f.state=Open&f.assignee-id.is=empty")
                with { Better = Better.Less, Target = 10, Team = "operations", Next = "Take some" },
            Measure.PerDay<CaseList>("cases-opened", "Cases opened", "Cases by the day on which they were opened, in the company's zone.", "/cases", "opened-at")
                with { Slices = "owner", Next = "See today's" },
            Measure.PerDay<CaseList>("cases-closed", "Cases closed", "Cases by the day on which they were closed, in the company's zone.", "/cases", "closed-at", "f.state=Closed")
                with { Next = "See today's" },
            Measure.Share<CaseList>("cases-in-time", "Cases closed in time", "Of the cases closed in the last 30 days, those closed before their time was up.", "/cases",
                "f.state=Closed&f.closed-at.ge=today-29&f.closed-late=false", "f.state=Closed&f.closed-at.ge=today-29", "f.state=Closed&f.closed-at.ge=today-29&f.closed-late=true")
                with { Better = Better.More, Target = 90, Team = "operations", IsPast = true, Next = "See those closed late" },
            new Measure("cases-age", "Age of open cases", "The median time since open cases were opened, at this moment.", MeasureUnit.Hours, "/cases")
            {
                Needs = KernelPermissions.Cases, Better = Better.Less, Target = 48, Team = "operations", Next = "See the oldest", Question = Open + "&sort=opened-at",
                Sql = """
                    select '' as slice, round((extract(epoch from percentile_cont(0.5) within group (order by $2 - c.opened_at)) / 3600)::numeric, 2) as value
                    from kernel.work_case c where c.company_id = $1 and c.state <> 'Closed'
                    """,
            },
            Measure.Rows<ApprovalList>("approvals-waiting", "Approvals waiting", "Requests that wait for somebody's yes at this moment.", "/approvals", "f.state=Waiting")
                with { Better = Better.Less, Team = "operations", Next = "Decide" },
            new Measure("approvals-age", "Oldest approval", "How long the oldest waiting request has waited at this moment; 0 where none waits.", MeasureUnit.Hours, "/approvals")
            {
                Needs = KernelPermissions.Ask, Better = Better.Less, Target = 24, Team = "operations", Next = "Decide it", Question = "f.state=Waiting&sort=asked-at",
                Sql = """
                    select '' as slice, coalesce(round((extract(epoch from $2 - min(a.asked_at)) / 3600)::numeric, 2), 0) as value
                    from kernel.approval a where a.company_id = $1 and a.state = 'Waiting'
                    """,
            },
            Measure.Rows<OutboxList>("messages-dead", "Messages that did not go out", "Messages that were given up, at this moment.", "/outbox", "f.state=Dead")
                with { Better = Better.Less, Target = 0, Team = "administrator", IsPast = true, Next = "Send them again" },
            Measure.Rows<HeartbeatList>("jobs-failing", "Work that does not run", "Recurring work that failed the last time or is late, at this moment.", "/jobs", "f.state=failed,late")
                with { Better = Better.Less, Target = 0, Team = "administrator", IsPast = true, Next = "See why" },
            Measure.Rows<RuleRunList>("rules-refused", "Rules that were refused", "What rules wanted to do and could not, waiting for somebody, at this moment.", "/rules/runs", "f.state=Refused")
                with { Better = Better.Less, Target = 0, Team = "administrator", IsPast = true, Next = "Mend them" },
            new Measure("automatic", "Done by rules", "Of what rules and people did in the last 30 days, with operations that rules know, what rules did.", MeasureUnit.Percent, "/rules/numbers")
            {
                Needs = KernelPermissions.ReadRules, Better = Better.More, Team = "operations", Next = "See what rules do",
                Sql = """
                    select '' as slice, count(*) filter (where l.actor_kind = 'Rule') as part, count(*) as whole from kernel.operation_log l
                    where l.company_id = $1 and l.at >= $2 - interval '30 days' and l.outcome = 'done' and l.actor_kind in ('Rule', 'Person')
                      and l.operation in (select w.operation from kernel.rule_run w where w.company_id = $1 and w.ended_at >= $2 - interval '30 days')
                    """,
            },
            new Measure("data-quality", "Data quality", "The average score of master data, each domain weighed by its records, as the last check of each found it.", MeasureUnit.Percent, "/data-quality")
            {
                Needs = KernelPermissions.Read, Better = Better.More, Target = 95, Team = "merchandiser", Next = "See what is missing",
                Sql = """
                    select '' as slice, round(sum(s.score * s.records))::bigint as part, 100 * sum(s.records)::bigint as whole
                    from (select distinct on (domain) domain, score, records from kernel.quality_score where company_id = $1 and day <= $4 order by domain, day desc) s having sum(s.records) > 0
                    """,
            });
}
