using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Warehouse;

/// Scan-out: goods leave, the order and the books follow in the same transaction.
internal sealed class Shipping(KeelDb db, SalesDesk sales, StockDesk stock, Settings settings)
{
    public static Shipment ShipmentOf(KeelDb db, OrderToShip order, NodeCode node, int lines, Quantity units, string number) => new(
        db.NewId<Shipment>(), db.Company, number, order.Order.Id, order.Order.Number, node, order.Channel, order.Customer, order.CustomerName, order.ShipTo,
        ShipmentStatus.Released, order.ShipBy, lines, units, null, null, 0, db.Now, null, null, null, null, null, 1, db.Work.Operation);

    /// Issues shipments whose orders are locked. What cannot leave in full stays and says why.
    public async Task<IReadOnlyDictionary<Id<Shipment>, Error?>> Out(IReadOnlyList<(Shipment Shipment, IReadOnlyList<IssueLine> Lines)> leaving, bool isNew, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var issued = await stock.Issue([.. leaving.Select(l => new IssueRequest(l.Shipment.Ref, l.Shipment.Order, l.Shipment.Node, l.Lines, l.Shipment.Channel, l.Shipment.CustomerId))], ct);
        var done = leaving.Zip(issued).Where(p => p.Second.Refused is null).Select(p => p.First).ToArray();

        var happenedAt = db.Work.HappenedAt ?? db.Now;
        var shipped = done.Select(l => l.Shipment.To(ShipmentStatus.Shipped, happenedAt) with { Day = network.DayAt(l.Shipment.Node, happenedAt), Parcels = Math.Max(1, l.Shipment.Parcels) }).ToArray();
        if (isNew) db.Shipments.Insert(shipped);
        else db.Shipments.Update(shipped, nameof(Shipment.Status), nameof(Shipment.ShippedAt), nameof(Shipment.Day), nameof(Shipment.Parcels), nameof(Shipment.Carrier), nameof(Shipment.Tracking), nameof(Shipment.Version));
        foreach (var shipment in shipped) db.Work.Concerns(shipment.Number);
        await sales.RecordShipped([.. done.Select(l => new ShippedGoods(l.Shipment.Ref, l.Shipment.Order, l.Shipment.Node, l.Lines))], ct);
        return leaving.Zip(issued).ToDictionary(p => p.First.Shipment.Id, p => p.Second.Refused);
    }
}
