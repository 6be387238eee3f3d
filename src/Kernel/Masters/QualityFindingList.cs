using Keel.Kernel.Views;

namespace Keel.Kernel;

/// What is wrong with master data, the worst first. Served by the index quality_finding_list.
[View("kernel.quality-findings", KernelPermissions.Read, Sort = "-weight")]
internal sealed class QualityFindingList(KeelDb db, DataDomains domains) : IView<QualityFindingList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required string Domain { get; init; }
        [Search, Title("Record")] public required string Key { get; init; }
        [Search] public required string Name { get; init; }
        public required string Rule { get; init; }
        [Title("What is wrong")] public required string Says { get; init; }
        public string? Detail { get; init; }
        public required Severity Severity { get; init; }
        [Title("Points")] public required int Weight { get; init; }
        [Title("Since")] public required DateTimeOffset FoundAt { get; init; }
        public string? Waived { get; init; }
        [Title("Waived until")] public DateOnly? WaivedUntil { get; init; }
        public string? Owner { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows()
    {
        var rules = domains.All.SelectMany(d => domains.RulesOf(d.Name)).ToArray();
        return
            $"""
            select f.id, f.domain, f.key, f.name, f.rule, r.says, f.detail, f.severity, case f.severity when 'High' then 40 when 'Normal' then 20 else 10 end as weight, f.found_at,
              w.reason as waived, w.until_day as waived_until, o.owner, case when w.reason is not null then 'Waived' else r.fix end as next
            from kernel.quality_finding f
            join unnest({rules.Select(r => r.Domain).ToArray()}::text[], {rules.Select(r => r.Name).ToArray()}::text[], {rules.Select(r => r.Says).ToArray()}::text[],
              {rules.Select(r => r.Fix).ToArray()}::text[]) as r (domain, rule, says, fix) on r.domain = f.domain and r.rule = f.rule
            left join kernel.quality_waiver w on w.company_id = f.company_id and w.domain = f.domain and w.rule = f.rule and w.key = f.key
            left join kernel.data_owner o on o.company_id = f.company_id and o.domain = f.domain
            where f.company_id = {db.Company}
            """;
    }
}

/// How good each domain is, by day.
[View("kernel.quality-scores", KernelPermissions.Read, Sort = "-key")]
internal sealed class QualityScoreList(KeelDb db) : IView<QualityScoreList.Row>
{
    public sealed record Row
    {
        [System.ComponentModel.DataAnnotations.Key] public required string Key { get; init; }
        public required DateOnly Day { get; init; }
        public required string Domain { get; init; }
        public required decimal Score { get; init; }
        public required long Records { get; init; }
        public required long Flawed { get; init; }
        public required long Findings { get; init; }
        public required DateTimeOffset CheckedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"select s.day || ' ' || s.domain as key, s.day, s.domain, s.score, s.records, s.flawed, s.findings, s.checked_at from kernel.quality_score s where s.company_id = {db.Company}";
}

/// How good the master data is, for its page: what the last check wrote down, nothing is computed.
public sealed class QualityBook(KeelDb db, DataDomains domains, Settings settings)
{
    private const int Days = 30;

    public sealed record Day(string Domain, DateOnly On, decimal Score, long Records, long Flawed, DateTimeOffset CheckedAt);

    public sealed record RuleCount(string Domain, string Rule, Severity Severity, long Found, long Waived)
    {
        [NotAColumn] public string Says { get; init; } = "";
        [NotAColumn] public string Title { get; init; } = "";
    }

    /// One domain with its last thirty days, the oldest first.
    public sealed record Shelf(DataDomain Domain, DataOwner? Owner, IReadOnlyList<Day> Days)
    {
        public Day Last => Days[^1];
    }

    /// What was found by each rule, the worst first.
    public IReadOnlyList<RuleCount> Rules { get; private set; } = [];

    /// Every domain that was looked at. One round trip.
    public async Task<IReadOnlyList<Shelf>> Load(CancellationToken ct = default)
    {
        var owners = await DataOwners.Of(settings, ct);
        var since = DateOnly.FromDateTime(db.Now.UtcDateTime).AddDays(-Days);
        var counts = db.Ask<RuleCount>(
            $"""
            select f.domain, f.rule, f.severity, count(*) as found, count(w.reason) as waived from kernel.quality_finding f
            left join kernel.quality_waiver w on w.company_id = f.company_id and w.domain = f.domain and w.rule = f.rule and w.key = f.key
            where f.company_id = {db.Company} group by f.domain, f.rule, f.severity
            """);
        var days = (await db.Query<Day>($"select domain, day as on, score, records, flawed, checked_at from kernel.quality_score where company_id = {db.Company} and day >= {since} order by day", ct))
            .ToLookup(d => d.Domain);
        Rules = [.. counts.Value.Where(c => domains.Rule(c.Domain, c.Rule) is not null)
            .Select(c => c with { Says = domains.Rule(c.Domain, c.Rule)!.Says, Title = domains.Find(c.Domain)?.Title ?? c.Domain })
            .OrderByDescending(c => (c.Found - c.Waived) * QualityRule.WeightOf(c.Severity))];
        return [.. domains.All.Where(d => days[d.Name].Any()).Select(d => new Shelf(d, owners.For(d.Name), [.. days[d.Name]]))];
    }
}
