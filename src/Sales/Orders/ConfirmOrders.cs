using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Lets orders go on that were stopped, and promises goods to them. What its risk stops stays until it is cleared.
[Operation("sales.confirm-orders", SalesPermissions.Confirm, Said = "confirmed {orders|it}", Icon = "check")]
internal sealed class ConfirmOrders(Confirming confirming) : IOperation<ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders);

    public sealed record Answer(Id<Order> Order, string? Number, OrderStatus? Status, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct) => Result.Of(await confirming.Confirm(request.Orders, clears: false, ct));
}
