using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Ledger;

/// The months of the money book and whether they are locked.
[View("ledger.periods", LedgerPermissions.Read, Sort = "-month")]
internal sealed class PeriodList(KeelDb db) : IView<PeriodList.Row>
{
    public sealed record Row
    {
        [Key] public required DateOnly Month { get; init; }
        public required PeriodState State { get; init; }
        public required long Postings { get; init; }
        [Title("Changed by")] public string? ChangedBy { get; init; }
        [Title("Changed")] public DateTimeOffset? ChangedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select m.month, coalesce(p.state, 'Open') as state, coalesce(m.postings, 0)::bigint as postings, p.changed_by, p.changed_at
        from (select ledger.month_of(day) as month, sum(postings) as postings from ledger.pub_day_total where company_id = {db.Company} group by 1) m
        full join (select * from ledger.period where company_id = {db.Company}) p using (month)
        """;
}
