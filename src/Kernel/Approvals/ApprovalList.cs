using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Requests that wait for somebody's yes, and what became of them; `ForMe` are those that whoever looks may decide now. Served by the indexes approval_waiting and approval_list.
[View("kernel.approvals", KernelPermissions.Ask, Sort = "due-at")]
internal sealed class ApprovalList(KeelDb db, ToDecide mine) : IView<ApprovalList.Row>, IPrepare
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("What it would do")] public required string Sentence { get; init; }
        public required string Operation { get; init; }
        [Search, Title("Asked by")] public required string Requester { get; init; }
        public required Guid RequesterId { get; init; }
        public required ApprovalState State { get; init; }
        public required string Level { get; init; }
        [Title("Permission")] public required string Permission { get; init; }
        [Title("Since")] public required DateTimeOffset AskedAt { get; init; }
        [Title("Until")] public required DateTimeOffset DueAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string? Outcome { get; init; }
        public required int Version { get; init; }
        public string? Domain { get; init; }
        [Title("Holds from")] public DateTimeOffset? EffectiveFrom { get; init; }
        public required bool IsStale { get; init; }
        public required bool ForMe { get; init; }
        [Title("In place of")] public string? InPlaceOf { get; init; }
    }

    public Task Prepare(CancellationToken ct) => mine.Prepare(ct);

    public FormattableString Rows() =>
        $"""
        select a.id, a.sentence, a.operation, a.requester_name as requester, a.requester_id, a.state, case when jsonb_array_length(a.levels) = 0 then 'planned' else (a.level + 1) || ' of ' || jsonb_array_length(a.levels) end as level,
          case when jsonb_array_length(a.levels) = 0 then '' when not a.escalated and a.levels -> a.level ->> 'domain' is not null then 'owner of ' || (a.levels -> a.level ->> 'domain') when a.escalated then a.levels -> a.level ->> 'thenPermission' else a.levels -> a.level ->> 'permission' end as permission,
          a.asked_at, a.due_at, a.ended_at, a.outcome, a.version, a.domain, a.effective_from, a.stale is not null as is_stale, {mine.Mine()} as for_me, {mine.InPlaceOf()} as in_place_of
        from kernel.approval a where a.company_id = {db.Company}{mine.Seen()}
        """;

    /// What is about a site or a channel that is not theirs, somebody does not see.
    internal static SqlText Within(Reach reach)
    {
        var sql = reach.And(channel: "(a.effect ->> 'channel')");
        return reach.Nodes is { } nodes ? sql.Append($" and not exists (select from jsonb_array_elements_text(a.effect -> 'nodes') n where n <> all({nodes.ToArray()}))") : sql;
    }
}

/// One request with its decisions, for its page.
internal sealed class ApprovalDesk(KeelDb db, ToDecide mine)
{
    /// The request, where whoever looks may see it: what their list shows.
    public async Task<(Approval Approval, IReadOnlyList<ApprovalDecision> Decisions)?> Find(Guid id, CancellationToken ct = default)
    {
        await mine.Prepare(ct);
        var decisions = db.Ask<ApprovalDecision>(
            $"{new SqlText.Verbatim($"select {RowMap<ApprovalDecision>.Instance.Names} from kernel.approval_decision")} where company_id = {db.Company} and approval_id = {id} order by id");
        var seen = new SqlText($" and id in (select a.id from kernel.approval a where a.company_id = {db.Company} and a.id = {id}{mine.Seen()})");
        return await db.Table<Approval>().Find($"company_id = {db.Company} and id = {id}{seen}", ct) is { } approval ? (approval, decisions.Value) : null;
    }
}
