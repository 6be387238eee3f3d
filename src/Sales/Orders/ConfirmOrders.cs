using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Lets orders go on that were stopped, and promises goods to them.
[Operation("sales.confirm-orders", SalesPermissions.Confirm, Said = "confirmed {orders|it}", Icon = "check")]
internal sealed class ConfirmOrders(KeelDb db, Promising promising, StockDesk stock, Policies policies, Settings settings, CaseDesk cases, FloorDesk floor) : IOperation<ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders);

    public sealed record Answer(Id<Order> Order, string? Number, OrderStatus? Status, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders(request.Orders);
        var promises = stock.Promises([.. request.Orders.Select(o => o.Value)]);
        await db.Flush(ct);
        var works = await floor.Of([.. request.Orders.Select(o => o.Value).Distinct()], ct);
        var timing = (await policies.Of<ReservationTiming>(ct)).Choice;
        var has = promises.Value.Select(p => p.Document).ToHashSet();
        var known = rows.Value.ToDictionary(o => o.Id);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        var unresolved = lines.Value.Where(l => l.Description?.StartsWith("unresolved:", StringComparison.Ordinal) == true).Select(l => l.OrderId).ToHashSet();
        var homeless = rows.Value.Where(o => o is { Hold: Holds.Address, ShipTo: null }).Select(o => o.Id).ToHashSet();
        var confirmed = rows.Value.Where(o => o.Status is OrderStatus.OnHold && !unresolved.Contains(o.Id) && !homeless.Contains(o.Id)).Select(o => works[o.Id.Value].Any() ? o.To(OrderStatus.Released, db.Now) with { ReleasedAt = o.ReleasedAt } : o.To(OrderStatus.Confirmed, db.Now)).ToArray();

        foreach (var order in confirmed) db.Work.Concerns(order.Number);
        db.Orders.Update(confirmed, nameof(Order.Status), nameof(Order.Hold), nameof(Order.ConfirmedAt), nameof(Order.Version));
        var subjects = confirmed.Select(o => o.Id.Value).ToArray();
        if (confirmed.Length > 0) db.Raise(new Contract.OrdersConfirmed([.. confirmed.Select(o => new Contract.ConfirmedOrder(o.Ref, o.Channel, o.PlacedAt))]));
        cases.CloseAll(subjects, "order confirmed", Holds.Confirmed);
        // What was promised before it was stopped goes on; the others are promised goods when the policy says so.
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var reserving = confirmed.Where(o => timing.IsDue(o, today) || has.Contains(o.Id.Value)).ToArray();
        if (timing.Plans) await promising.Plan([.. confirmed.Except(reserving).Select(o => (o, (IReadOnlyList<OrderLine>)[.. linesOf[o.Id]]))], ct);
        var after = confirmed.Except(reserving).Concat(await promising.Again([.. reserving.Select(o => (o, linesOf[o.Id].ToArray()))], ct)).ToDictionary(o => o.Id);

        return request.Orders.Distinct().Select(id =>
            after.TryGetValue(id, out var order) ? new Answer(id, order.Number, order.Status, null)
            : unresolved.Contains(id) ? new Answer(id, known[id].Number, known[id].Status, "A line still names a product that nobody knows: resolve it or cancel the order.")
            : homeless.Contains(id) ? new Answer(id, known[id].Number, known[id].Status, "It has no address to ship to: enter the address first, or cancel the order.")
            : known.TryGetValue(id, out var other) ? new Answer(id, other.Number, other.Status, $"It is {other.Status.Spoken}, not on hold.")
            : new Answer(id, null, null, "There is no such order.")).ToArray();
    }
}
