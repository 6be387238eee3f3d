namespace Keel.Warehouse.Contract;

/// A shipment that arrived, on the day of the node that it had left.
public sealed record DeliveredShipment(DocumentRef Shipment, DocumentRef Order, ChannelCode Channel, NodeCode Node, Guid Partner, DateOnly Day, DateTimeOffset HappenedAt);

/// Customers have their goods.
public sealed record ShipmentsDelivered(IReadOnlyList<DeliveredShipment> Shipments) : IEvent;

/// A shipment left its node; of many that leave together each is told.
public sealed record ShipmentLeft(DocumentRef Shipment, DocumentRef Order, ChannelCode Channel, NodeCode Node, int Lines, Quantity Units, int Parcels, string? Carrier, DateOnly ShipBy, DateOnly Day) : IEvent;

/// A shipment arrived at its customer.
public sealed record ShipmentArrived(DocumentRef Shipment, DocumentRef Order, ChannelCode Channel, NodeCode Node, DateOnly Day) : IEvent;
