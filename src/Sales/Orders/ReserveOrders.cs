using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Sets stock aside for the open lines of orders; what the shelf cannot give stays back-ordered.
[Operation("sales.reserve-orders", SalesPermissions.Reserve, Said = "reserved goods for {orders|it}", Icon = "branch")]
internal sealed class ReserveOrders(KeelDb db, Promising promising) : IOperation<ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders);

    public sealed record Answer(Id<Order> Order, string? Number, OrderStatus? Status, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders(request.Orders);
        await db.Flush(ct);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        var open = rows.Value.Where(o => o.Status is OrderStatus.Confirmed or OrderStatus.Backordered or OrderStatus.Reserved or OrderStatus.Released or OrderStatus.PartlyShipped).ToArray();

        foreach (var order in open) db.Work.Concerns(order.Number);
        var after = await promising.Again([.. open.Select(o => (o, linesOf[o.Id].ToArray()))], ct);
        promising.FollowRoutes([.. rows.Value.Select(o => o.Id.Value)]);
        var byId = after.ToDictionary(o => o.Id);
        var known = rows.Value.ToDictionary(o => o.Id);
        return request.Orders.Distinct().Select(id =>
            byId.TryGetValue(id, out var order) ? new Answer(id, order.Number, order.Status, null)
            : known.TryGetValue(id, out var other) ? new Answer(id, other.Number, other.Status, $"It is {other.Status.Spoken}: only orders that are confirmed and not done are reserved.")
            : new Answer(id, null, null, "There is no such order.")).ToArray();
    }
}
