using Keel.Printing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;
using Keel.Warehouse.Contract;

namespace Keel.Warehouse;

/// Scan-out: goods leave, the order and the books follow in the same transaction.
internal sealed class Shipping(KeelDb db, SalesDesk sales, StockDesk stock, Settings settings, PrintDesk prints)
{
    public static Shipment ShipmentOf(KeelDb db, OrderToShip order, NodeCode node, int lines, Quantity units, string number) => new(
        db.NewId<Shipment>(), db.Company, number, order.Order.Id, order.Order.Number, node, order.Channel, order.Customer, order.CustomerName, order.ShipTo,
        ShipmentStatus.Released, order.ShipBy, lines, units, null, null, 0, db.Now, null, null, null, null, null, 1, db.Work.Operation);

    /// Issues shipments whose orders are locked. What cannot leave in full stays and says why.
    /// Papers that do not depend on the shelf are written before its contended rows are locked, in the hope that everything may leave, as it
    /// nearly always may; where something may not, the operation begins again and asks the shelf first.
    public async Task<IReadOnlyDictionary<Id<Shipment>, Error?>> Out(IReadOnlyList<Leaving> leaving, CancellationToken ct)
    {
        foreach (var shipment in leaving.Select(l => l.Shipment)) db.Work.Concerns(shipment.Number);
        foreach (var order in leaving.Select(l => l.Shipment.OrderNumber).Distinct()) db.Work.Concerns(order);
        var isHopeful = !db.Work.Cautious;
        if (isHopeful) await Write(leaving, ct);
        var issued = await stock.Issue([.. leaving.Select(l => new IssueRequest(l.Shipment.Ref, l.Shipment.Order, l.Shipment.Node, l.Lines, l.Shipment.Channel, l.Shipment.CustomerId, l.Term))], ct);
        if (!isHopeful) await Write([.. leaving.Zip(issued).Where(p => p.Second.Refused is null).Select(p => p.First)], ct);
        else if (issued.Any(i => i.Refused is not null)) throw new BeginAgain();
        return leaving.Zip(issued).ToDictionary(p => p.First.Shipment.Id, p => p.Second.Refused);
    }

    private async Task Write(IReadOnlyList<Leaving> leaving, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var happenedAt = db.Work.HappenedAt ?? db.Now;
        // Of what goes in one parcel the first counts it.
        var counted = leaving.Where(l => l.Shipment.Together is not null).GroupBy(l => l.Shipment.Together).Select(g => (g.MaxBy(l => l.Shipment.Parcels) ?? g.First()).Shipment.Id).ToHashSet();
        var shipped = leaving.Select(l => (l.IsNew, After: l.Shipment.To(ShipmentStatus.Shipped, happenedAt) with
        {
            Day = network.DayAt(l.Shipment.Node, happenedAt), Parcels = l.Shipment.Together is null || counted.Contains(l.Shipment.Id) ? Math.Max(1, l.Shipment.Parcels) : l.Shipment.Parcels,
        })).ToArray();
        db.Shipments.Insert([.. shipped.Where(s => s.IsNew).Select(s => s.After)]);
        db.Shipments.Update([.. shipped.Where(s => !s.IsNew).Select(s => s.After)], nameof(Shipment.Status), nameof(Shipment.ShippedAt), nameof(Shipment.Day), nameof(Shipment.Parcels), nameof(Shipment.Carrier), nameof(Shipment.Tracking), nameof(Shipment.Version));
        db.ShipmentLines.Insert([.. leaving.Where(l => l.IsNew).SelectMany(l => l.Lines.Select((line, i) => new ShipmentLine(l.Shipment.Id, i + 1, db.Company, line.Line, line.Sku, "", line.Quantity)))]);
        foreach (var (_, s) in shipped) db.Raise(new ShipmentLeft(s.Ref, s.Order, s.Channel, s.Node, s.LineCount, s.Units, s.Parcels, s.Carrier, s.ShipBy, s.Day!.Value));
        await sales.RecordShipped([.. leaving.Select(l => new ShippedGoods(l.Shipment.Ref, l.Shipment.Order, l.Shipment.Node, l.Lines))], ct);
        await prints.After(PrintMoment.ShipmentShipped, [.. leaving.Select(l => new PaperSubject(l.Shipment.Ref, l.Shipment.Node))], ct);
    }
}

/// A shipment about to leave with what is on it; a new one is written as it leaves.
internal sealed record Leaving(Shipment Shipment, IReadOnlyList<IssueLine> Lines, DeliveryTerm? Term, bool IsNew);
