using System.ComponentModel.DataAnnotations;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Warehouse;

/// Ships everything that is promised to orders in one step, without the stages of the floor: for small rooms, imports and third parties.
[Operation("warehouse.ship-orders", WarehousePermissions.Ship, Said = "shipped {orders|it} in one step", Icon = "truck")]
internal sealed class ShipOrders(KeelDb db, SalesDesk sales, Shipping shipping, Settings settings) : IOperation<ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Orders, DateTimeOffset? HappenedAt = null);

    public sealed record Answer(Guid Order, string? Number, IReadOnlyList<string> Shipments, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        db.Work.HappenedAt = request.HappenedAt;
        var busy = db.Ask<Guid>($"select distinct order_id from warehouse.shipment where order_id = any({request.Orders}) and status in ('Released', 'Picked', 'Packed')");
        var orders = await sales.Lock(request.Orders, ct);
        var ready = orders.Where(o => o.Status is OrderStatus.Reserved or OrderStatus.Backordered or OrderStatus.PartlyShipped && !o.IsBroken && !o.IsUnpaid && !busy.Value.Contains(o.Order.Id)).ToArray();
        var suppliers = (await Network.Of(settings, ct)).Sites.Values.Where(s => s.Kind is SiteKind.Supplier).Select(s => s.Code).ToHashSet();
        var parts = ready.SelectMany(o => o.ByNode.Where(n => !suppliers.Contains(n.Node)).Select(n => (Order: o, n.Node, n.Lines))).ToArray();
        var numbers = await db.Numbers.Take(db.Company, "SH", (request.HappenedAt ?? db.Now).Year, parts.Length, ct);

        var leaving = parts.Select((p, i) => new Leaving(Shipping.ShipmentOf(db, p.Order, p.Node, p.Lines.Count, p.Lines.Sum(l => l.Quantity), numbers[i]), p.Lines, p.Order.DeliveryTerm, IsNew: true)).ToArray();
        var charges = await InvoiceCharges(ready, ct);
        var outcome = await shipping.Out(leaving, ct);

        var shipped = leaving.Where(l => outcome[l.Shipment.Id] is null).ToLookup(l => l.Shipment.OrderId, l => l.Shipment.Number);
        var refused = leaving.Where(l => outcome[l.Shipment.Id] is not null).ToLookup(l => l.Shipment.OrderId, l => outcome[l.Shipment.Id]!.Message);
        var known = orders.ToDictionary(o => o.Order.Id);
        return request.Orders.Distinct().Select(id => !known.TryGetValue(id, out var order)
            ? new Answer(id, null, [], "There is no such order.")
            : new Answer(id, order.Order.Number, [.. shipped[id]], refused[id].FirstOrDefault()
                ?? (shipped[id].Any() || charges.Contains(id) ? null : busy.Value.Contains(id) ? "It is on the floor: ship its shipments." : order.IsBroken ? OrderToShip.Broken : order.IsUnpaid ? OrderToShip.Unpaid : order.Promises.Count > 0 && order.Promises.All(p => suppliers.Contains(p.Node)) ? SupplierOrder.Sends : $"It is {order.Status.Spoken}: nothing is promised that could leave."))).ToArray();
    }

    /// Orders of charges only have nothing that could leave: they are invoiced and done.
    private async Task<HashSet<Guid>> InvoiceCharges(IReadOnlyList<OrderToShip> ready, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var done = ready.Where(o => o.Lines.Count == 0 && o.Status is OrderStatus.Reserved).ToArray();
        if (done.Length > 0) await sales.RecordShipped([.. done.Select(o => new ShippedGoods(null, o.Order, network.Channels[o.Channel].Nodes[0], []))], ct);
        return [.. done.Select(o => o.Order.Id)];
    }
}
