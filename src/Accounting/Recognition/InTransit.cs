using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Accounting;

/// Shipments that left and are not delivered yet, with the revenue and the cost that wait for it, the oldest first. Served by the index
/// deferral_waiting.
[View("accounting.in-transit", AccountingPermissions.Read, Sort = "left")]
internal sealed class InTransit(KeelDb db) : IView<InTransit.Row>
{
    public sealed record Row
    {
        [Key] public required Guid Id { get; init; }
        [Search, Title("Shipment")] public required string Number { get; init; }
        public required Guid OrderId { get; init; }
        public ChannelCode? Channel { get; init; }
        [Title("From")] public NodeCode? Node { get; init; }
        [Title("Left")] public required DateOnly Left { get; init; }
        [Title("Revenue that waits")] public required Money Revenue { get; init; }
        [Title("Goods at cost")] public required Money Cost { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select d.shipment_id as id, d.shipment_number as number, d.order_id, d.channel, d.node, d.day as left, d.company_amount_currency as currency,
          coalesce(sum(d.company_amount - d.taken_company_amount) filter (where d.part = 'Revenue'), 0)::bigint as revenue,
          coalesce(sum(d.company_amount - d.taken_company_amount) filter (where d.part = 'Cost'), 0)::bigint as cost
        from accounting.deferral d where d.company_id = {db.Company} and d.recognised_day is null
        group by d.shipment_id, d.shipment_number, d.order_id, d.channel, d.node, d.day, d.company_amount_currency
        having sum(d.company_amount - d.taken_company_amount) filter (where d.part = 'Revenue') <> 0 or sum(d.company_amount - d.taken_company_amount) filter (where d.part = 'Cost') <> 0
        """;
}
