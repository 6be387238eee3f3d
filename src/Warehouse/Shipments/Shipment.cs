using System.Collections.Frozen;
using Keel.Partners.Contract;
using Keel.Ui;

namespace Keel.Warehouse;

/// The way of a shipment over the floor.
public enum ShipmentStatus
{
    [Shown(StateRole.Ready, "To pick")]
    Released,

    [Shown(StateRole.Working, "Picked")]
    Picked,

    [Shown(StateRole.Working, "Packed")]
    Packed,

    [Shown(StateRole.Done, "Shipped")]
    Shipped,

    [Shown(StateRole.Done, "Delivered")]
    Delivered,

    [Shown(StateRole.Idle, "Cancelled")]
    Cancelled,
}

/// What leaves one node for one order. Goods are issued at scan-out, when it becomes Shipped; from then on all that it can
/// still become is Delivered. Shipments with the same `Together` go in one parcel: the first of them counts it.
[Rows("warehouse.shipment", "id")]
internal sealed record Shipment(
    Id<Shipment> Id, Id<Company> CompanyId, string Number, Guid OrderId, string OrderNumber, NodeCode Node, ChannelCode Channel, Guid CustomerId, string CustomerName,
    [property: Json] PostalAddress? ShipTo, ShipmentStatus Status, DateOnly ShipBy, int LineCount, Quantity Units, string? Carrier, string? Tracking, int Parcels,
    DateTimeOffset ReleasedAt, DateTimeOffset? PickedAt, DateTimeOffset? PackedAt, DateTimeOffset? ShippedAt, DateTimeOffset? CancelledAt, DateOnly? Day, int Version, Guid Operation, DateTimeOffset? DeliveredAt = null, Guid? Together = null)
{
    private static readonly FrozenDictionary<ShipmentStatus, ShipmentStatus[]> Allowed = new Dictionary<ShipmentStatus, ShipmentStatus[]>
    {
        [ShipmentStatus.Released] = [ShipmentStatus.Picked, ShipmentStatus.Packed, ShipmentStatus.Shipped, ShipmentStatus.Cancelled],
        [ShipmentStatus.Picked] = [ShipmentStatus.Packed, ShipmentStatus.Shipped, ShipmentStatus.Released, ShipmentStatus.Cancelled],
        [ShipmentStatus.Packed] = [ShipmentStatus.Shipped, ShipmentStatus.Picked, ShipmentStatus.Cancelled],
        [ShipmentStatus.Shipped] = [ShipmentStatus.Delivered],
        [ShipmentStatus.Delivered] = [],
        [ShipmentStatus.Cancelled] = [],
    }.ToFrozenDictionary();

    [NotAColumn]
    public DocumentRef Ref => new("shipment", Id.Value, Number);

    [NotAColumn]
    public DocumentRef Order => new("order", OrderId, OrderNumber);

    [NotAColumn]
    public bool IsOpen => Status is not (ShipmentStatus.Shipped or ShipmentStatus.Delivered or ShipmentStatus.Cancelled);

    public bool May(ShipmentStatus next) => Allowed[Status].Contains(next);

    public Shipment To(ShipmentStatus next, DateTimeOffset now) => May(next)
        ? this with
        {
            Status = next,
            Version = Version + 1,
            PickedAt = next is ShipmentStatus.Picked ? now : PickedAt,
            PackedAt = next is ShipmentStatus.Packed ? now : PackedAt,
            ShippedAt = next is ShipmentStatus.Shipped ? now : next is ShipmentStatus.Delivered ? ShippedAt : null,
            DeliveredAt = next is ShipmentStatus.Delivered ? now : null,
            CancelledAt = next is ShipmentStatus.Cancelled ? now : null,
        }
        : throw new InvariantBroken($"{Number} cannot go from {Status} to {next}.");
}

/// One line of a shipment: what, how many, and from which bin.
[Rows("warehouse.shipment_line", "shipment_id", "line")]
internal sealed record ShipmentLine(Id<Shipment> ShipmentId, int Line, Id<Company> CompanyId, int OrderLine, Sku Sku, string Location, Quantity Quantity, string Lot = "");
