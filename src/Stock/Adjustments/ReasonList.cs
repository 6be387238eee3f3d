using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// Whether stock may be put right for a reason.
internal enum ReasonState
{
    [Shown(StateRole.Ready)]
    Open,

    [Shown(StateRole.Idle)]
    Closed,
}

/// The reasons for which stock is put right, what passes by itself, and how often each was used in the last 90 days. Served by the primary key and document_day.
[View("stock.reasons", StockPermissions.Read, Sort = "code")]
internal sealed class ReasonList(KeelDb db) : IView<ReasonList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required ReasonCode Code { get; init; }
        [Search] public required string Name { get; init; }
        public required ReasonState State { get; init; }
        [Title("Posts as")] public required string PostsAs { get; init; }
        [Title("Units", Empty = "any")] public Quantity? MostUnits { get; init; }
        [Title("Per cent", Empty = "any")] public decimal? MostPercent { get; init; }
        [Title("Value", Empty = "any")] public decimal? MostValue { get; init; }
        [Title("Second yes")] public required bool NeedsYes { get; init; }
        [Title("Used in 90 days")] public required int Used { get; init; }
        [Cost, Title("Came to")] public Money? Value { get; init; }
        public required Currency Currency { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select r.code, r.name, case when r.closed_at is null then 'Open' else 'Closed' end as state, coalesce(r.posts_as, r.code) as posts_as, r.most_units, r.most_percent, r.most_value, r.needs_yes,
          coalesce(u.used, 0)::int as used, u.value, (select c.currency from kernel.company c where c.id = r.company_id) as currency,
          case when r.closed_at is not null then 'Not used any more'
            when r.needs_yes and coalesce(r.most_units, r.most_percent, r.most_value) is null then 'Every difference waits for somebody else'
            when r.needs_yes then 'Larger differences wait for somebody else'
            else 'Passes by itself' end as next
        from stock.reason r left join (
          select d.reason, count(*) as used, sum(d.value)::bigint as value from stock.document d
          where d.company_id = {db.Company} and d.kind = 'Adjustment' and d.happened_at > {db.Now.AddDays(-90)} group by d.reason) u on u.reason = r.code
        where r.company_id = {db.Company}
        """;
}
