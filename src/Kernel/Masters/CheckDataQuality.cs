using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Looks at every record of a company's master data: writes down what is wrong, forgets what was put right, and how good each domain is today.
/// Set-based: two statements per rule, whatever the number of records.
[Operation("kernel.check-data-quality", KernelPermissions.Masters, Said = "checked the quality of data", Icon = "check")]
internal sealed class CheckDataQuality(KeelDb db, DataDomains domains, Settings settings) : IOperation<CheckDataQuality.Request, int>
{
    /// Without a domain all are looked at.
    public sealed record Request([MaxLength(60)] string? Domain = null);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        if (request.Domain is { } one && domains.Find(one) is null) return SetDataOwner.Unknown;
        db.Patience = TimeSpan.FromMinutes(20);
        var day = (await Network.Of(settings, ct)).Day(db.Now);
        db.Queue($"delete from kernel.quality_waiver where company_id = {db.Company} and until_day < {day}");
        var looked = domains.All.Where(d => d.Records is not null && (request.Domain is null || d.Name == request.Domain)).ToArray();
        foreach (var domain in looked)
        {
            var rules = domains.RulesOf(domain.Name).ToArray();
            db.Queue($"delete from kernel.quality_finding where company_id = {db.Company} and domain = {domain.Name} and rule <> all({rules.Select(r => r.Name).ToArray()})");
            foreach (var rule in rules) Look(rule);
            if (rules.Length > 0) Score(domain, day);
            await db.Flush(ct);
        }

        return (await db.Query<int>($"select count(*)::integer from kernel.quality_finding where company_id = {db.Company}", ct))[0];
    }

    private void Look(QualityRule rule)
    {
        var gone = Begin().Words("delete from kernel.quality_finding f where f.company_id = $1 and f.domain = ").Append($"{rule.Domain} and f.rule = {rule.Name}")
            .Words(" and not exists (select from (").Words(rule.Sql).Words(") r where r.key = f.key)");
        db.Queue(gone);
        var found = Begin().Words("insert into kernel.quality_finding (company_id, domain, rule, key, name, detail, severity, found_at) select distinct on (r.key) $1, ")
            .Append($"{rule.Domain}, {rule.Name}, r.key, r.name, r.detail, {rule.Severity}, {db.Now}").Words(" from (").Words(rule.Sql)
            .Words(
                """
                ) r order by r.key on conflict (company_id, domain, rule, key) do update set name = excluded.name, detail = excluded.detail, severity = excluded.severity
                where (quality_finding.name, quality_finding.detail, quality_finding.severity) is distinct from (excluded.name, excluded.detail, excluded.severity)
                """);
        db.Queue(found);
    }

    /// A record has a hundred points; each finding that is not waived takes some. A domain's score is the average of its records.
    private void Score(DataDomain domain, DateOnly day)
    {
        var sql = Begin().Words("with records as (").Words(domain.Records!).Words("), flawed as (select f.key, count(*) as findings, least(100, sum(case f.severity when 'High' then ")
            .Append($"{QualityRule.WeightOf(Severity.High)} when 'Normal' then {QualityRule.WeightOf(Severity.Normal)} else {QualityRule.WeightOf(Severity.Low)}")
            .Words(" end)) as lost from kernel.quality_finding f where f.company_id = $1 and f.domain = ").Append($"{domain.Name}")
            .Words(" and f.key in (select key from records) and not exists (select from kernel.quality_waiver w where w.company_id = $1 and w.domain = f.domain and w.rule = f.rule and w.key = f.key and w.until_day >= ")
            .Append($"{day}").Words(") group by f.key) insert into kernel.quality_score (company_id, domain, day, records, flawed, findings, score, checked_at) select $1, ")
            .Append($"{domain.Name}, {day}").Words(", r.n, f.n, f.findings, round(100 - f.lost / greatest(r.n, 1), 2), ").Append($"{db.Now}")
            .Words(
                """
                 from (select count(*) as n from records) r, (select count(*) as n, coalesce(sum(findings), 0)::bigint as findings, coalesce(sum(lost), 0)::numeric as lost from flawed) f
                on conflict (company_id, domain, day) do update set records = excluded.records, flawed = excluded.flawed, findings = excluded.findings, score = excluded.score,
                  checked_at = excluded.checked_at
                """);
        db.Queue(sql);
    }

    private SqlText Begin()
    {
        var text = new SqlText();
        text.Add(SqlText.Parameter(db.Company));
        return text;
    }
}

/// Looks at the master data of every company, and for records that may be one.
internal sealed class CareForMasters(KeelDb db, Gate gate, DataDomains domains) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select id from kernel.company order by id", ct))
        {
            var caller = new Caller(Actor.Keel, Door.Job, company);
            foreach (var domain in domains.All.Where(d => d.Records is not null))
            {
                await gate.Run<CheckDataQuality, CheckDataQuality.Request, int>(new(domain.Name), caller, ct);
                if (domains.SignsOf(domain.Name).Any()) await gate.Run<FindDuplicates, FindDuplicates.Request, int>(new(domain.Name), caller, ct);
            }
        }
    }
}
