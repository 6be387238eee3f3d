using Keel.Kernel.Views;

namespace Keel.Warehouse;

/// Shipments, the newest first, each with what happens next. Served by the index shipment_list.
[View("warehouse.shipments", WarehousePermissions.Read)]
internal sealed class ShipmentList(KeelDb db) : IView<ShipmentList.Row>
{
    public sealed record Row
    {
        public required Id<Shipment> Id { get; init; }
        [Search, Title("Shipment")] public required string Number { get; init; }
        public required Guid OrderId { get; init; }
        [Search, Title("Order")] public required string OrderNumber { get; init; }
        [Search, Personal] public string? Customer { get; init; }
        [Personal] public string? Town { get; init; }
        [Title("From")] public required NodeCode Node { get; init; }
        public required ChannelCode Channel { get; init; }
        [Title("State")] public required ShipmentStatus Status { get; init; }
        [Title("Promised ship")] public required DateOnly ShipBy { get; init; }
        public required int Lines { get; init; }
        public required Quantity Units { get; init; }
        public string? Carrier { get; init; }
        [Search] public string? Tracking { get; init; }
        [Title("Released")] public required DateTimeOffset ReleasedAt { get; init; }
        [Title("Left")] public DateTimeOffset? ShippedAt { get; init; }
        public required bool LeftLate { get; init; }
        [Title("Delivered")] public DateTimeOffset? DeliveredAt { get; init; }
        public required string Next { get; init; }

        [NotAColumn]
        public bool IsOpen => Status is not (ShipmentStatus.Shipped or ShipmentStatus.Delivered or ShipmentStatus.Cancelled);
    }

    public FormattableString Rows() =>
        $"""
        select s.id, s.number, s.order_id, s.order_number, s.customer_name as customer, s.ship_to->>'city' as town, s.node, s.channel, s.status, s.ship_by,
          s.line_count as lines, s.units, s.carrier, s.tracking, s.released_at, s.shipped_at, coalesce(s.day > s.ship_by, false) as left_late, s.delivered_at,
          case s.status
            when 'Released' then 'Pick ' || s.line_count || case when s.line_count = 1 then ' bin' else ' bins' end
            when 'Picked' then 'Pack'
            when 'Packed' then 'Hand over to ' || coalesce(s.carrier, 'the carrier')
            when 'Delivered' then 'Nothing: the customer has it'
            when 'Cancelled' then case when s.picked_at is null then 'Nothing: cancelled' else 'Put the goods back' end
            else coalesce('With ' || s.carrier || coalesce(', ' || s.tracking, ''), 'Left the building') end as next
        from warehouse.shipment s where s.company_id = {db.Company}
        """;
}
