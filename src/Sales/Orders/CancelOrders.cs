using System.ComponentModel.DataAnnotations;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Cancels what has not left yet: promises are given back, nothing more is invoiced. What has left of an order stays sold, and the order is done.
/// What was paid stays as the customer's deposit until it is refunded.
[Operation("sales.cancel-orders", SalesPermissions.Cancel, Said = "cancelled {orders|it}", Icon = "x")]
internal sealed class CancelOrders(KeelDb db, StockDesk stock, PricingDesk pricing, CaseDesk cases, FloorDesk floor) : IOperation<CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders, [Required, MinLength(3)] string Reason);

    public sealed record Answer(Id<Order> Order, string? Number, bool Cancelled, string? Why);

    /// The way out of a case about an order that nobody can serve.
    public static CaseWay WayOut => CaseWay.Asking<CancelOrders>("Cancel order", "orders", "reason", "The order ends, and what is promised to it is freed. Why is it cancelled?") with { SubjectKind = "order" };

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders(request.Orders);
        await db.Flush(ct);
        var works = await floor.Of([.. request.Orders.Select(o => o.Value).Distinct()], ct);
        var byId = rows.Value.ToDictionary(o => o.Id);
        var cancellable = rows.Value.Where(o => o.IsOpen && o.May(End(o)) && StageRule.Of(works[o.Id.Value]).Cancel is not FloorEffect.Refused).ToArray();

        foreach (var order in cancellable) db.Work.Concerns(order.Number);
        db.Orders.Update([.. cancellable.Select(o => o.To(End(o), db.Now))], nameof(Order.Status), nameof(Order.Hold), nameof(Order.ShippedAt), nameof(Order.CancelledAt), nameof(Order.Version));
        var ids = cancellable.Select(o => o.Id).ToHashSet();
        db.OrderLines.Update([.. lines.Value.Where(l => ids.Contains(l.OrderId)).Select(l => l with { Cancelled = l.Quantity - l.Shipped })], nameof(OrderLine.Cancelled));
        var subjects = cancellable.Select(o => o.Id.Value).ToArray();
        cases.CloseAll(subjects, "order cancelled: " + request.Reason, CaseKind.CalledOff);
        db.Queue($"delete from sales.route where order_id = any({cancellable.Where(o => End(o) is OrderStatus.Cancelled).Select(o => o.Id.Value).ToArray()})");
        // What nothing left of was given nothing: its promotions count for others again.
        pricing.GiveBack([.. cancellable.Where(o => End(o) is OrderStatus.Cancelled).Select(o => o.Id.Value)]);
        foreach (var order in cancellable) db.Raise(new Contract.OrderCancelled(order.Ref, order.Channel, request.Reason));
        await stock.Release([.. cancellable.Select(o => o.Ref)], "order cancelled: " + request.Reason, ct);

        return request.Orders.Distinct().Select(id => !byId.TryGetValue(id, out var order)
            ? new Answer(id, null, false, "There is no such order.")
            : ids.Contains(id)
                ? new Answer(id, order.Number, true, Followed(order, works[id.Value]))
                : new Answer(id, order.Number, false, order.Status is OrderStatus.Cancelled ? "It is cancelled already." : order.IsOpen ? "It is on a carrier's list already: take it back as a return." : "Everything has left already: take it back as a return.")).ToArray();
    }

    /// What followed besides: on the floor, and for what was paid.
    private static string? Followed(Order order, IEnumerable<FloorWork> works)
    {
        string[] told =
        [
            .. order.Status is OrderStatus.PartlyShipped ? ["The rest was cancelled; what left already stays sold."] : Array.Empty<string>(),
            .. works.Where(w => StageRule.At(w.Stage).Cancel is FloorEffect.PutsBack).Select(w => $"{w.Work.Number} is stopped: what was picked for it is put back."),
        ];
        return told.Length == 0 ? null : string.Join(' ', told);
    }

    /// How an order ends that loses what has not left: cancelled, or shipped where some of it left.
    private static OrderStatus End(Order order) => order.Status is OrderStatus.PartlyShipped ? OrderStatus.Shipped : OrderStatus.Cancelled;
}
