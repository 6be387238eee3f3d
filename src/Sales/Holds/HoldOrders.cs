using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Stops orders on purpose until somebody confirms them. They keep what is promised to them; work on the floor stays where it is and cannot leave.
[Operation("sales.hold-orders", SalesPermissions.Hold, Said = "put {orders|it} on hold", Icon = "lock")]
internal sealed class HoldOrders(KeelDb db, CaseDesk cases, FloorDesk floor) : IOperation<HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders, [Required, MinLength(3)] string Reason);

    public sealed record Answer(Id<Order> Order, string? Number, OrderStatus? Status, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (rows, _) = db.LockOrders(request.Orders);
        await db.Flush(ct);
        var works = await floor.Of([.. request.Orders.Select(o => o.Value).Distinct()], ct);
        var known = rows.Value.ToDictionary(o => o.Id);
        var held = rows.Value.Where(o => o.Status is OrderStatus.Confirmed or OrderStatus.Reserved or OrderStatus.Backordered or OrderStatus.Released && StageRule.Of(works[o.Id.Value]).Hold is not FloorEffect.Refused)
            .Select(o => (o with { Hold = Holds.Manual, HeldIn = db.Work.Operation }).To(OrderStatus.OnHold, db.Now)).ToDictionary(o => o.Id);

        foreach (var order in held.Values) db.Work.Concerns(order.Number);
        db.Orders.Update([.. held.Values], nameof(Order.Status), nameof(Order.Hold), nameof(Order.HeldAt), nameof(Order.HeldIn), nameof(Order.Version));
        cases.Open([.. held.Values.Select(o => (Holds.CaseOf(Holds.Manual), o.Ref, $"{o.Number} is on hold: {request.Reason}"))]);
        foreach (var order in held.Values) db.Raise(new Contract.OrderHeld(order.Ref, order.Channel, order.Gross, Holds.Manual, request.Reason));
        return request.Orders.Distinct().Select(id =>
            held.TryGetValue(id, out var order) ? new Answer(id, order.Number, order.Status, null)
            : known.TryGetValue(id, out var other) ? new Answer(id, other.Number, other.Status, works[id.Value].FirstOrDefault(w => w.Stage is Contract.FloorStage.Ordered) is { } work ? $"A supplier is to send goods of it: ask on {work.Work.Number} to cancel first." : $"It is {other.Status.Spoken}: too late, or not needed.")
            : new Answer(id, null, null, "There is no such order.")).ToArray();
    }
}
