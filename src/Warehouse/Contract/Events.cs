namespace Keel.Warehouse.Contract;

/// A shipment that arrived, on the day of the node that it had left.
public sealed record DeliveredShipment(DocumentRef Shipment, DocumentRef Order, ChannelCode Channel, NodeCode Node, Guid Partner, DateOnly Day, DateTimeOffset HappenedAt);

/// Customers have their goods.
public sealed record ShipmentsDelivered(IReadOnlyList<DeliveredShipment> Shipments) : IEvent;
