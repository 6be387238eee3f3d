using System.ComponentModel.DataAnnotations;
using Keel.Printing.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Warehouse;

/// Gives orders to the floor: a shipment per node, with the bins to pick from set aside.
[Operation("warehouse.release-orders", WarehousePermissions.Release, Said = "released {orders|it} to picking", Icon = "warehouse")]
internal sealed class ReleaseOrders(KeelDb db, SalesDesk sales, StockDesk stock, PrintDesk prints, Settings settings, Policies policies) : IOperation<ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Orders);

    public sealed record Answer(Guid Order, string? Number, IReadOnlyList<string> Shipments, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var suppliers = (await Network.Of(settings, ct)).Sites.Values.Where(s => s.Kind is SiteKind.Supplier).Select(s => s.Code).ToHashSet();
        var orders = await sales.Lock(request.Orders, ct);
        var busy = await db.Query<Guid>($"select distinct order_id from warehouse.shipment where order_id = any({request.Orders}) and status in ('Released', 'Picked', 'Packed')", ct);
        var ready = orders.Where(o => o.Status is OrderStatus.Reserved or OrderStatus.Backordered or OrderStatus.PartlyShipped && o.Promises.Count > 0 && !o.IsBroken && !busy.Contains(o.Order.Id))
            .Where(o => suppliers.Count == 0 || o.Promises.Any(p => !suppliers.Contains(p.Node))).ToArray();
        sales.MarkReleased([.. ready.Where(o => o.Status is not OrderStatus.PartlyShipped).Select(o => o.Order)]);
        var numbers = new Queue<string>(await db.Numbers.Take(db.Company, "SH", db.Now.Year, ready.Sum(o => o.ByNode.Count(n => !suppliers.Contains(n.Node))), ct));

        foreach (var order in ready) db.Work.Concerns(order.Order.Number);
        foreach (var number in numbers) db.Work.Concerns(number);
        var byOrder = ready.ToDictionary(o => o.Order.Id);
        var made = new List<(Shipment Shipment, Allocated Bins)>();
        foreach (var bins in await stock.Allocate([.. ready.Select(o => o.Order)], ct, suppliers))
        {
            var shipment = Shipping.ShipmentOf(db, byOrder[bins.Document.Id], bins.Node, bins.Picks.Count + bins.Missing.Count, bins.Picks.Sum(p => p.Quantity) + bins.Missing.Sum(m => m.Quantity), numbers.Dequeue());
            made.Add((shipment, bins));
        }

        var released = made.Select(m => m.Shipment).ToArray();
        db.Shipments.Insert([.. (await policies.Of<ParcelsTogether>(ct)).Choice.Automatically ? PackTogether.ByThemselves(released) : released]);
        db.ShipmentLines.Insert([.. made.SelectMany(m => Lines(m.Shipment, m.Bins))]);
        await prints.After(PrintMoment.ShipmentReleased, [.. made.Select(m => new PaperSubject(m.Shipment.Ref, m.Shipment.Node))], ct);
        var shipments = made.ToLookup(m => m.Shipment.OrderId, m => m.Shipment.Number);
        var known = orders.ToDictionary(o => o.Order.Id);
        return request.Orders.Distinct().Select(id =>
            shipments[id].Any() ? new Answer(id, known[id].Order.Number, [.. shipments[id]], null)
            : known.TryGetValue(id, out var other) ? new Answer(id, other.Order.Number, [], busy.Contains(id) ? "It is on the floor already." : other.IsBroken ? OrderToShip.Broken : other.Promises.Count > 0 && other.Promises.All(p => suppliers.Contains(p.Node)) ? SupplierOrder.Sends : $"It is {other.Status.Spoken}: nothing is promised that could be picked.")
            : new Answer(id, null, [], "There is no such order.")).ToArray();
    }

    private IEnumerable<ShipmentLine> Lines(Shipment shipment, Allocated bins) =>
        bins.Picks.Select(p => (p.Line, p.Sku, Location: p.Location.Text, p.Quantity, p.Lot))
            .Concat(bins.Missing.Select(m => (m.Line, m.Sku, Location: "", m.Quantity, Lot: m.Lot?.Text ?? "")))
            .Select((l, i) => new ShipmentLine(shipment.Id, i + 1, db.Company, l.Line, l.Sku, l.Location, l.Quantity, l.Lot));
}
