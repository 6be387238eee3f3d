namespace Keel.Kernel;

/// One file of an evidence pack, as a module declares it: a query with `{scope}` where its condition goes, and the conditions for a record and
/// for a period. They name `@company`, and `@ids` and `@numbers` of the record and what hangs on it, or `@from` and `@until` (instants)
/// and `@from_day` and `@until_day`.
public sealed record EvidencePart(string Name, string Title, string Rows, string OfRecord, string OfPeriod)
{
    internal string Sql(bool isRecord) => Rows.Replace("{scope}", isRecord ? OfRecord : OfPeriod, StringComparison.Ordinal);
}

/// What the Kernel itself has to say about a record or a period.
internal static class KernelEvidence
{
    public static readonly EvidencePart[] Parts =
    [
        new("decisions", "Decisions of policies", """
            select d.at, d.kind, d.subject_kind, d.subject_number, d.sentence, d.policy, d.policy_version, d.detail::text as detail, d.operation
            from kernel.decision d where d.company_id = @company and {scope} order by d.at, d.id
            """, "d.subject_id = any(@ids)", "d.at >= @from and d.at < @until"),
        new("approvals", "Approvals and who decided", """
            select a.asked_at, a.operation, a.requester_name, a.sentence, a.state, a.outcome, a.ended_at, d.at as decided_at, d.level, d.verdict, d.actor_name as decided_by,
              d.for_name as decided_for, d.reason, encode(a.digest, 'hex') as request_digest
            from kernel.approval a left join kernel.approval_decision d on d.approval_id = a.id
            where a.company_id = @company and {scope} order by a.asked_at, a.id, d.id
            """,
            "exists (select from jsonb_array_elements(a.effect -> 'subjects') s where (s -> 'document' ->> 'id')::uuid = any(@ids) or s -> 'document' ->> 'number' = any(@numbers))",
            "a.asked_at >= @from and a.asked_at < @until"),
        new("cases", "Cases and their steps", """
            select c.kind, c.subject, c.severity, c.sentence, c.owner, c.state, c.opened_at, c.closed_at, c.resolution, s.at, s.kind as step, s.actor_name, s.words, s.operation
            from kernel.work_case c left join kernel.case_step s on s.case_id = c.id where c.company_id = @company and {scope} order by c.opened_at, c.id, s.at, s.position
            """, "(c.subject_id = any(@ids) or c.subject = any(@numbers))", "c.opened_at >= @from and c.opened_at < @until"),
        new("changes", "Changes of masters and settings", """
            select c.at, c.actor_name, c.kind, c.subject, c.field, case when c.person is null then c.before else 'personal' end as before,
              case when c.person is null then c.after else 'personal' end as after, c.operation
            from kernel.master_change c where c.company_id = @company and {scope} order by c.told
            """, "c.subject = any(@numbers)", "c.at >= @from and c.at < @until"),
    ];
}
