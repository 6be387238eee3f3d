using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The rules of the company, with what they did in the last thirty days.
[View("kernel.rules", KernelPermissions.ReadRules, Sort = "name")]
internal sealed class RuleList(KeelDb db) : IView<RuleList.Row>
{
    public const int Days = 30;

    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search] public required string Name { get; init; }
        public required RuleMode Mode { get; init; }
        [Title("When")] public required string Trigger { get; init; }
        [Title("Does")] public required string Operation { get; init; }
        [Title("Owner")] public required string OwnerName { get; init; }
        public required int Version { get; init; }
        [Title("Met")] public required long Matched { get; init; }
        public required long Done { get; init; }
        [Title("Failed, open")] public required long Failed { get; init; }
        public required long Held { get; init; }
        [Title("Last met")] public DateTimeOffset? LastAt { get; init; }
        public DateTimeOffset? NextAt { get; init; }
    }

    /// The first key of the days that are counted: keys begin with their instant.
    internal static Guid First(DateTimeOffset now)
    {
        var at = now.AddDays(-Days).ToUnixTimeMilliseconds().ToString("x12", System.Globalization.CultureInfo.InvariantCulture);
        return Guid.Parse($"{at[..8]}-{at[8..]}-7000-8000-000000000000");
    }

    public FormattableString Rows() =>
        $"""
        select r.id, r.name, r.mode, r.trigger, r.definition ->> 'operation' as operation, r.owner_name, r.version, coalesce(w.matched, 0) as matched, coalesce(w.done, 0) as done,
          coalesce(o.failed, 0) as failed, coalesce(o.held, 0) as held, w.last_at, r.next_at
        from kernel.rule r left join lateral (
          select count(*) as matched, count(*) filter (where state in ('Done', 'Asked')) as done, max(matched_at) as last_at from kernel.rule_run w where w.rule_id = r.id and w.id >= {First(db.Now)}) w on true
        left join lateral (
          select count(*) filter (where state = 'Refused') as failed, count(*) filter (where state = 'Held') as held from kernel.rule_run w where w.rule_id = r.id and w.state in ('Held', 'Refused')) o on true
        where r.company_id = {db.Company}
        """;
}

/// What rules did, and could not do, run by run.
[View("kernel.rule-runs", KernelPermissions.ReadRules, Sort = "-id")]
internal sealed class RuleRunList(KeelDb db) : IView<RuleRunList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required Guid RuleId { get; init; }
        [Search] public required string Rule { get; init; }
        public required int Version { get; init; }
        [Search, Title("About")] public required string Subject { get; init; }
        public required string SubjectKind { get; init; }
        public required Guid SubjectId { get; init; }
        public required RunState State { get; init; }
        public required string Operation { get; init; }
        public string? Code { get; init; }
        [Title("What came of it")] public string? Sentence { get; init; }
        public required DateTimeOffset HappenedAt { get; init; }
        [Title("Met")] public required DateTimeOffset MatchedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public required int Attempts { get; init; }
        public required string Owner { get; init; }
        public Guid? OperationId { get; init; }
        public Guid? ApprovalId { get; init; }

        /// What became of the request that waited for somebody's yes.
        public ApprovalState? Approval { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select w.id, w.rule_id, r.name as rule, w.version, w.subject_number as subject, w.subject_kind, w.subject_id, w.state, w.operation, w.code, w.sentence, w.happened_at, w.matched_at, w.ended_at,
          w.attempts, r.owner_name as owner, w.operation_id, w.approval_id, a.state as approval
        from kernel.rule_run w join kernel.rule r on r.id = w.rule_id left join kernel.approval a on a.id = w.approval_id
        where w.company_id = {db.Company}
        """;
}

/// How much of each kind of work rules do, and how much people: of the operations that any rule did in the last thirty days.
[View("kernel.automation", KernelPermissions.ReadRules, Sort = "-by-rules")]
internal sealed class AutomationNumbers(KeelDb db) : IView<AutomationNumbers.Row>
{
    public sealed record Row
    {
        [System.ComponentModel.DataAnnotations.Key, Search] public required string Operation { get; init; }
        public required long ByRules { get; init; }
        public required long ByPeople { get; init; }
        public required long ByPrograms { get; init; }

        /// Of what rules and people did, in per cent.
        [Title("Automatic, %")] public required int Automatic { get; init; }
        [Title("Rules were refused")] public required long Refused { get; init; }
        public required long Rules { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select l.operation, count(*) filter (where l.outcome = 'done' and l.actor_kind = 'Rule') as by_rules, count(*) filter (where l.outcome = 'done' and l.actor_kind = 'Person') as by_people,
          count(*) filter (where l.outcome = 'done' and l.actor_kind not in ('Rule', 'Person')) as by_programs,
          (100 * count(*) filter (where l.outcome = 'done' and l.actor_kind = 'Rule') / greatest(1, count(*) filter (where l.outcome = 'done' and l.actor_kind in ('Rule', 'Person'))))::integer as automatic,
          count(*) filter (where l.outcome = 'refused' and l.actor_kind = 'Rule') as refused, max(u.rules) as rules
        from kernel.operation_log l join (
          select operation, count(distinct rule_id) as rules from kernel.rule_run where company_id = {db.Company} and id >= {RuleList.First(db.Now)} group by operation) u on u.operation = l.operation
        where l.company_id = {db.Company} and l.id >= {RuleList.First(db.Now)} group by l.operation
        """;
}
