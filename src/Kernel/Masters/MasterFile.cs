using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What there is to say about the care for one record of master data: who answers for it, what waits and is planned, what is wrong with it.
public sealed class MasterFile(KeelDb db, DataDomains domains, Settings settings, Viewer viewer)
{
    private const int Most = 20;

    public sealed record Request(Guid Id, string Sentence, string Requester, Guid RequesterId, ApprovalState State, DateTimeOffset? EffectiveFrom, bool IsStale)
    {
        [NotAColumn] public bool MayOpen { get; init; }
    }

    public sealed record Coming(DateTimeOffset At, string Sentence);

    public sealed record Finding(string Rule, string? Detail, Severity Severity)
    {
        [NotAColumn] public string Says { get; init; } = "";
        [NotAColumn] public string? Fix { get; init; }
    }

    public sealed record Waiver(string Rule, string Reason, DateOnly UntilDay)
    {
        [NotAColumn] public string Says { get; init; } = "";
    }

    /// All of it.
    public sealed record Sheet(
        DataDomain Domain, DataOwner? Owner, IReadOnlyList<Request> Waiting, IReadOnlyList<Request> Planned, IReadOnlyList<Coming> Coming, IReadOnlyList<Finding> Findings,
        IReadOnlyList<Waiver> Waivers, decimal? Score);

    /// One round trip, and one more where the owners are not in memory.
    public async Task<Sheet?> Load(string domain, string key, CancellationToken ct = default)
    {
        if (domains.Find(domain) is not { } known) return null;
        var owners = await DataOwners.Of(settings, ct);
        var requests = db.Ask<Request>(
            $"""
            select id, sentence, requester_name as requester, requester_id, state, effective_from, stale is not null as is_stale from kernel.approval
            where company_id = {db.Company} and domain = {domain} and state in ('Waiting', 'Approved') and begun_at is null
              and effect -> 'changes' @> jsonb_build_array(jsonb_build_object('subject', {key}::text))
            order by effective_from nulls first, id limit {Most}
            """);
        var findings = db.Ask<Finding>(
            $"""
            select f.rule, f.detail, f.severity from kernel.quality_finding f
            where f.company_id = {db.Company} and f.domain = {domain} and f.key = {key}
              and not exists (select from kernel.quality_waiver w where w.company_id = f.company_id and w.domain = f.domain and w.rule = f.rule and w.key = f.key and w.until_day >= {Today})
            order by f.rule
            """);
        var waivers = db.Ask<Waiver>($"select rule, reason, until_day from kernel.quality_waiver where company_id = {db.Company} and domain = {domain} and key = {key} and until_day >= {Today}");
        var @checked = db.Ask<bool>($"select exists (select from kernel.quality_score where company_id = {db.Company} and domain = {domain})");
        var coming = domains.ComingTo(domain).Select(c => db.Ask<Coming>($"select at, sentence from ({Sql(c.Sql, key)}) c order by at limit {Most}")).ToArray();
        await db.Flush(ct);

        var found = findings.Value.Select(f => domains.Rule(domain, f.Rule) is { } rule ? f with { Says = rule.Says, Fix = viewer.May(rule.FixPermission) ? rule.FixUrl(key) : null } : f).ToArray();
        var seesAll = viewer.May(KernelPermissions.Decide) || viewer.May(KernelPermissions.ReadLog) || owners.For(domain)?.Is(db.Work.Actor) == true;
        var asked = requests.Value.Select(r => r with { MayOpen = seesAll || r.RequesterId == db.Work.Actor.Id }).ToArray();
        return new Sheet(
            known, owners.For(domain), [.. asked.Where(r => r.State is ApprovalState.Waiting)], [.. asked.Where(r => r.State is ApprovalState.Approved)],
            [.. coming.SelectMany(c => c.Value).OrderBy(c => c.At)], found,
            [.. waivers.Value.Select(w => w with { Says = domains.Rule(domain, w.Rule)?.Says ?? w.Rule })],
            @checked.Value[0] ? Math.Max(0m, 100m - found.Select(f => QualityRule.WeightOf(f.Severity)).Sum()) : null);
    }

    private DateOnly Today => DateOnly.FromDateTime(db.Now.UtcDateTime);

    private SqlText Sql(string sql, string key)
    {
        var text = new SqlText().Words(sql);
        text.Add(SqlText.Parameter(db.Company));
        text.Add(SqlText.Parameter(key));
        text.Add(SqlText.Parameter(db.Now));
        return text;
    }
}
