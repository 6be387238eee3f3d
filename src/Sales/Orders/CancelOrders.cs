using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Cancels what has not left yet: promises are given back, nothing more is invoiced. What has left of an order stays sold, and the order is done.
/// What was paid stays as the customer's deposit until it is refunded.
[Operation("sales.cancel-orders", SalesPermissions.Cancel, Said = "cancelled {orders|it}", Icon = "x")]
internal sealed class CancelOrders(Cancelling cancelling) : IOperation<CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders, [Required, MinLength(3)] string Reason);

    public sealed record Answer(Id<Order> Order, string? Number, bool Cancelled, string? Why);

    /// The way out of a case about an order that nobody can serve.
    public static CaseWay WayOut => CaseWay.Asking<CancelOrders>("Cancel order", "orders", "reason", "The order ends, and what is promised to it is freed. Why is it cancelled?") with { SubjectKind = "order" };

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct) => Result.Of(await cancelling.Cancel(request.Orders, request.Reason, CaseKind.CalledOff, ct));
}
