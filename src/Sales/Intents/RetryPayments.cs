using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Asks once more for what orders lack, in the way that failed or ended last.
[Operation("sales.retry-payments", SalesPermissions.Payments, Said = "asked for the payment of {orders|it} again", Icon = "returns")]
internal sealed class RetryPayments(KeelDb db, IntentDesk desk, Settings settings) : IOperation<RetryPayments.Request, IReadOnlyList<RetryPayments.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Order>> Orders);

    public sealed record Answer(Id<Order> Order, string? Number, Id<PaymentIntent>? Intent, string? Why);

    /// The way out of a case about an order whose payment failed or ended.
    public static CaseWay WayOut => CaseWay.On<RetryPayments>("Ask for the payment again", "orders") with { SubjectKind = "order" };

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var gateways = await PaymentGateways.Of(settings, ct);
        var known = await desk.Lock(request.Orders, ct);
        return request.Orders.Distinct().Select(id =>
        {
            if (!known.TryGetValue(id, out var of)) return new Answer(id, null, default(Id<PaymentIntent>?), "There is no such order.");
            var order = of.Order;
            var last = of.Intents.LastOrDefault(i => i.IsOver && i.Token is not null) ?? of.Intents.LastOrDefault(i => i.Token is not null && order.Status is OrderStatus.Shipped);
            var open = of.Lacking;
            var why = order.Status is OrderStatus.Cancelled ? $"It is {order.Status.Spoken}: nothing more is authorised for it."
                : last is null ? "No payment of it failed or ended."
                : open.Minor <= 0 ? "It is paid, promised or asked for in full already."
                : !gateways.ByCode.TryGetValue(last.Gateway, out var gateway) || !gateway.IsActive ? "Its gateway is not in use any more. Ask the customer for another way to pay."
                : null;
            if (why is not null) return new Answer(id, order.Number, default(Id<PaymentIntent>?), why);
            db.Work.Concerns(order.Number);
            var amount = last!.Amount < open ? last.Amount : open;
            db.Work.IsWorth(amount);
            return new Answer(id, order.Number, AuthorisePayments.Begin(db, desk, order, last.Gateway, last.Method, last.Token, amount).Id, null);
        }).ToArray();
    }
}
