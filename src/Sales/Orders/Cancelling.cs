using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Ends orders that have not left: promises are given back, their cases are closed as what they ended for, and everybody is told.
internal sealed class Cancelling(KeelDb db, StockDesk stock, PricingDesk pricing, CaseDesk cases, FloorDesk floor, VoucherBook vouchers)
{
    /// Those that may end and that the caller means; the code says as what their cases are closed.
    public async Task<IReadOnlyList<CancelOrders.Answer>> Cancel(IReadOnlyList<Id<Order>> orders, string reason, string code, CancellationToken ct, Func<Order, string?>? keeps = null)
    {
        var (rows, lines) = db.LockOrders(orders);
        await db.Flush(ct);
        var works = await floor.Of([.. orders.Select(o => o.Value).Distinct()], ct);
        var byId = rows.Value.ToDictionary(o => o.Id);
        var kept = rows.Value.Select(o => (o.Id, Why: keeps?.Invoke(o))).Where(k => k.Why is not null).ToDictionary(k => k.Id, k => k.Why!);
        var cancellable = rows.Value.Where(o => o.IsOpen && o.May(End(o)) && StageRule.Of(works[o.Id.Value]).Cancel is not FloorEffect.Refused && !kept.ContainsKey(o.Id)).ToArray();

        foreach (var order in cancellable) db.Work.Concerns(order.Number);
        db.Orders.Update([.. cancellable.Select(o => o.To(End(o), db.Now))], nameof(Order.Status), nameof(Order.Hold), nameof(Order.ShippedAt), nameof(Order.CancelledAt), nameof(Order.Version));
        var ids = cancellable.Select(o => o.Id).ToHashSet();
        // What gift cards and store credit paid of what will not leave is spent elsewhere.
        await vouchers.PutBack([.. cancellable.Select(o => o.To(End(o), db.Now))], reason, ct);
        db.OrderLines.Update([.. lines.Value.Where(l => ids.Contains(l.OrderId)).Select(l => l with { Cancelled = l.Quantity - l.Shipped })], nameof(OrderLine.Cancelled));
        var subjects = cancellable.Select(o => o.Id.Value).ToArray();
        cases.CloseAll(subjects, "order cancelled: " + reason, code);
        db.Queue($"delete from sales.route where order_id = any({cancellable.Where(o => End(o) is OrderStatus.Cancelled).Select(o => o.Id.Value).ToArray()})");
        // What nothing left of was given nothing: its promotions count for others again.
        pricing.GiveBack([.. cancellable.Where(o => End(o) is OrderStatus.Cancelled).Select(o => o.Id.Value)]);
        foreach (var order in cancellable) db.Raise(new Contract.OrderCancelled(order.Ref, order.Channel, reason));
        await stock.Release([.. cancellable.Select(o => o.Ref)], "order cancelled: " + reason, ct);

        return orders.Distinct().Select(id => !byId.TryGetValue(id, out var order)
            ? new CancelOrders.Answer(id, null, false, "There is no such order.")
            : ids.Contains(id)
                ? new CancelOrders.Answer(id, order.Number, true, Followed(order, works[id.Value]))
                : new CancelOrders.Answer(id, order.Number, false, kept.GetValueOrDefault(id) ?? (order.Status is OrderStatus.Cancelled ? "It is cancelled already." : order.IsOpen ? AtSupplier(works[id.Value]) ?? "It is on a carrier's list already: take it back as a return." : "Everything has left already: take it back as a return."))).ToArray();
    }

    /// What was ordered from a supplier ends when the supplier says so.
    private static string? AtSupplier(IEnumerable<FloorWork> works) =>
        works.FirstOrDefault(w => w.Stage is FloorStage.Ordered) is { } work ? $"A supplier is to send goods of it: ask on {work.Work.Number} to cancel, and it can be cancelled as soon as the supplier agrees." : null;

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
