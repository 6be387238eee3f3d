using Keel.Printing.Contract;
using Keel.Sales;
using Keel.Ui;
using Microsoft.AspNetCore.Components;

namespace Keel.Warehouse;

/// What the floor adds to an order's record: its shipments, what can be released or shipped now, and what happened on the floor.
internal sealed class OrderShipments(KeelDb db) : IJoinRecord
{
    public sealed record Row(
        Id<Shipment> Id, string Number, NodeCode Node, ShipmentStatus Status, Quantity Units, string? Carrier, string? Tracking,
        DateTimeOffset ReleasedAt, DateTimeOffset? PickedAt, DateTimeOffset? PackedAt, DateTimeOffset? ShippedAt, DateTimeOffset? CancelledAt, DateTimeOffset? DeliveredAt);

    public sealed record State(Guid Id, OrderStatus Status, Quantity Promised);

    private Later<List<Row>>? shipments;
    private Later<List<State>>? states;

    public string Kind => "order";
    public IReadOnlyList<Row> Shipments => shipments!.Value;

    public void Ask(DocumentRef document)
    {
        shipments = db.Ask<Row>(
            $"""
            select id, number, node, status, units, carrier, tracking, released_at, picked_at, packed_at, shipped_at, cancelled_at, delivered_at from warehouse.shipment
            where company_id = {db.Company} and order_id = {document.Id} order by id
            """);
        states = db.Ask<State>(
            $"""
            select o.id, o.status, coalesce((select sum(r.open) from stock.pub_reservation r where r.document_id = o.id), 0)::bigint as promised
            from sales.pub_order o where o.company_id = {db.Company} and o.id = {document.Id}
            """);
    }

    public IReadOnlyList<SmartLinks.SmartLink> Links =>
        [new("truck", Shipments.Count, "shipment", "shipments", Shipments is [var only] ? $"/shipments/{only.Id}" : "#shipments")];

    public IReadOnlyList<Act> Acts => [.. Steps, .. Papers];

    private Act[] Papers => !db.Work.Actor.May(WarehousePermissions.Read) ? [] : Shipments.Where(s => s.Status is not ShipmentStatus.Cancelled).Select(s => s.Id.Value).ToArray() is { Length: > 0 } living
        ? [PaperActs.Print(living.Length == 1 ? "Print packing slip" : $"Print {living.Length} packing slips", PackingSlip.Paper, living)] : [];

    private IReadOnlyList<Act> Steps
    {
        get
        {
            if (states!.Value is not [var order]) return [];
            if (Shipments.FirstOrDefault(s => s.Status is ShipmentStatus.Released or ShipmentStatus.Picked or ShipmentStatus.Packed) is { } open)
            {
                return [Act.Go($"Open {open.Number}", $"/shipments/{open.Id}", WarehousePermissions.Read) with { Key = "O", IsMain = true }];
            }

            if (order.Promised.IsZero || order.Status is not (OrderStatus.Reserved or OrderStatus.Backordered or OrderStatus.PartlyShipped)) return [];
            var release = Act.On<ReleaseOrders>(order.Status is OrderStatus.Reserved ? "Release to picking" : $"Release the {order.Promised} that are there", ("orders", order.Id));
            var ship = Act.On<ShipOrders>("Ship in one step", ("orders", order.Id)) with
            {
                Confirm = $"{Figures.Units(order.Promised)} leave at once, without picking and packing on the floor: goods are issued, invoiced and posted.",
            };
            return [release with { Key = "R", IsMain = order.Status is OrderStatus.Reserved }, ship];
        }
    }

    public IReadOnlyList<TimelineEntry> Timeline => [.. Shipments.SelectMany(Story)];

    public RenderFragment? Panel => Shipments.Count == 0 ? null : b =>
    {
        b.OpenComponent<OrderShipmentsPanel>(0);
        b.CloseComponent();
    };

    private static IEnumerable<TimelineEntry> Story(Row s)
    {
        TimelineEntry Entry(DateTimeOffset at, string icon, string sentence) => new(at, icon, sentence) { Link = (s.Number, $"/shipments/{s.Id}"), Role = StateRole.Working };
        if (s.PickedAt is { } picked) yield return Entry(picked, "scan", "Picked");
        if (s.PackedAt is { } packed) yield return Entry(packed, "stock", "Packed");
        if (s.ShippedAt is { } shipped) yield return Entry(shipped, "truck", Words.T($"{Figures.Units(s.Units)} left {s.Node}")) with { Role = StateRole.Done, Context = s.Carrier is null ? null : $"{s.Carrier} {s.Tracking}" };
        if (s.DeliveredAt is { } delivered) yield return Entry(delivered, "check", "The customer has it") with { Role = StateRole.Done };
        if (s.CancelledAt is { } cancelled) yield return Entry(cancelled, "x", "Stopped on the floor");
    }
}

/// Lets somebody give selected orders to the floor.
internal sealed class ReleaseFromList : IJoinList
{
    public string View => "sales.orders";

    public IReadOnlyList<Act> Bulk => [Act.On<ReleaseOrders>("Release to picking") with { Key = "R" }, PaperActs.PrintSelected("Print packing slips", PackingSlip.Paper)];
}
