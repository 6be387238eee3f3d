using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Sales;

/// What orders of the last 30 days needed people for: the cases about them by kind, and edits. An order counts once for each reason.
[View("sales.touched-orders", SalesPermissions.Read, Sort = "-orders")]
internal sealed class TouchedOrders(KeelDb db) : IView<TouchedOrders.Row>
{
    /// The reason of orders that were changed after they came in.
    internal const string Changed = "order-changed";

    public sealed record Row
    {
        [Key, Spoken, Title("Needed for"), Search] public required string Reason { get; init; }
        [Title("Orders")] public required long Orders { get; init; }
        [Title("Of all orders, %")] public required decimal Percent { get; init; }
        [Title("Still open")] public required long Waiting { get; init; }
        [Title("Hours until it was settled")] public decimal? Hours { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        with placed as materialized (select o.id from sales.orders o where o.company_id = {db.Company} and o.placed_at >= {db.Now}::timestamptz - interval '30 days'{db.Work.Actor.Reach.And(channel: "o.channel")})
        select r.reason, count(distinct r.id) as orders, round(100.0 * count(distinct r.id) / (select count(*) from placed), 1) as percent, count(distinct r.id) filter (where r.waits) as waiting,
          round((percentile_cont(0.5) within group (order by r.hours))::numeric, 1) as hours
        from (
          select w.kind as reason, p.id, w.state <> 'Closed' as waits, extract(epoch from w.closed_at - w.opened_at) / 3600 as hours from placed p join kernel.work_case w on w.subject_id = p.id
          union all
          select distinct {Changed}, p.id, false, null::numeric from placed p join sales.order_version v on v.order_id = p.id) r
        group by r.reason
        """;
}
