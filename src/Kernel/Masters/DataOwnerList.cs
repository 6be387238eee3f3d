using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Every domain of master data with who answers for it, how good it is, and what waits there.
[View("kernel.data-owners", KernelPermissions.Read, Sort = "title")]
internal sealed class DataOwnerList(KeelDb db, DataDomains domains) : IView<DataOwnerList.Row>
{
    public sealed record Row
    {
        [Key] public required string Domain { get; init; }
        [Search] public required string Title { get; init; }
        [Title("What it is")] public required string Says { get; init; }
        [Search] public string? Owner { get; init; }
        public required bool IsTeam { get; init; }
        public string? Deputy { get; init; }
        public decimal? Score { get; init; }
        public required long Waiting { get; init; }
        public DateTimeOffset? ChangedAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows()
    {
        var (names, titles, says) = (domains.All.Select(d => d.Name).ToArray(), domains.All.Select(d => d.Title).ToArray(), domains.All.Select(d => d.Says).ToArray());
        return
            $"""
            select d.domain, d.title, d.says, o.owner, o.team is not null as is_team, o.deputy,
              (select s.score from kernel.quality_score s where s.company_id = {db.Company} and s.domain = d.domain order by s.day desc limit 1) as score,
              (select count(*) from kernel.approval a where a.company_id = {db.Company} and a.domain = d.domain and a.state = 'Waiting') as waiting,
              o.changed_at,
              case when o.owner is null then 'Name an owner' when o.deputy is null and o.team is null then 'Name a deputy' else 'Is owned' end as next
            from unnest({names}::text[], {titles}::text[], {says}::text[]) as d (domain, title, says)
            left join kernel.data_owner o on o.company_id = {db.Company} and o.domain = d.domain
            """;
    }
}
