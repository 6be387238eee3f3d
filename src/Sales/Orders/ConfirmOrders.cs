using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Lets orders go on that were stopped, and promises goods to them. What its risk or its customer's credit stops is not confirmed: somebody answers for that first.
[Operation("sales.confirm-orders", SalesPermissions.Confirm, Said = "confirmed {orders|it}", Icon = "check")]
internal sealed class ConfirmOrders(Confirming confirming) : IOperation<ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders);

    public sealed record Answer(Id<Order> Order, string? Number, OrderStatus? Status, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var held = await confirming.Lock(request.Orders, ct);
        var after = await confirming.Confirm(held, [.. held.Orders.Values.Where(o => o.Status is OrderStatus.OnHold && Why(o) is null).OrderBy(o => o.Id)], ct);
        return request.Orders.Distinct().Select(id =>
            after.TryGetValue(id, out var order) ? new Answer(id, order.Number, order.Status, null)
            : !held.Orders.TryGetValue(id, out var other) ? new Answer(id, null, null, "There is no such order.")
            : new Answer(id, other.Number, other.Status, other.Status is OrderStatus.OnHold ? Why(other) : $"It is {other.Status.Spoken}, not on hold.")).ToArray();

        string? Why(Order order) => held.Risky.Contains(order.Id) ? "Its risk stops it: somebody who may clear risks clears it, or refuses it."
            : order.Hold is Holds.Credit ? "Its customer owes too much for it: record a payment, check again, or have it released above the limit by somebody who may."
            : held.Lacks(order);
    }
}
