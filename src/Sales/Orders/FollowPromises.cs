using Keel.Stock.Contract;

namespace Keel.Sales;

/// An order that lost promised goods to a fact is back-ordered; waiting orders are served when goods arrive, the strongest claim first.
internal sealed class FollowPromises(Gate gate, Work work) : IDeliver<PromiseDisplaced>, IDeliver<PromiseGained>, IDeliver<StockArrived>
{
    public async Task Deliver(PromiseDisplaced happened, CancellationToken ct)
    {
        if (happened.Kind is not DemandKind.Order) return;
        NotDelivered.Unless(await gate.Run<BackorderDisplaced, BackorderDisplaced.Request, Done>(new(new Id<Order>(happened.Document.Id)), Caller(), ct));
    }

    public async Task Deliver(PromiseGained happened, CancellationToken ct)
    {
        if (happened.Kind is not DemandKind.Order) return;
        NotDelivered.Unless(await gate.Run<ReserveOrders, ReserveOrders.Request, IReadOnlyList<ReserveOrders.Answer>>(new([new Id<Order>(happened.Document.Id)]), Caller(), ct));
    }

    public async Task Deliver(StockArrived happened, CancellationToken ct)
    {
        for (Id<Order>? after = null; ;)
        {
            var served = await gate.Run<ReserveWaiting, ReserveWaiting.Request, ReserveWaiting.Answer>(new(happened.Skus, after), Caller(), ct);
            if (NotDelivered.Unless(served)?.Next is not { } next) return;
            after = next;
        }
    }

    private Caller Caller() => new(Actor.Keel, Door.Job, work.Company) { At = work.Now, Cause = work.Cause };
}

/// Puts an order that lost promised goods back to waiting, or to the floor's attention where it was released.
[Operation("sales.backorder-displaced", SalesPermissions.Reserve, Said = "put {orders|it} back to waiting", Icon = "alert")]
internal sealed class BackorderDisplaced(KeelDb db, StockDesk stock, Promising promising) : IOperation<BackorderDisplaced.Request, Done>
{
    public sealed record Request(Id<Order> Order);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (orders, _) = db.LockOrders([request.Order]);
        await db.Flush(ct);
        // Goods that came meanwhile may have served it again.
        var waits = await db.Query<bool>($"select true from stock.pub_waiting where document_id = {request.Order.Value} limit 1", ct);
        if (waits.Count > 0 && orders.Value is [{ Status: OrderStatus.Reserved or OrderStatus.Released } order])
        {
            db.Work.Concerns(order.Number);
            db.Orders.Update([order.To(OrderStatus.Backordered, db.Now)], nameof(Order.Status), nameof(Order.Version));
        }

        // What is left of a kit that lost a component serves others, or the kit again as soon as it is whole.
        await stock.KeepWhole([.. orders.Value.Select(o => o.Ref)], ct);
        promising.FollowRoutes([.. orders.Value.Select(o => o.Id.Value)]);
        return Done.It;
    }
}

/// Offers goods that arrived to the orders that wait for them, whole or for their rest: the strongest claim first, then the earliest promise, then the oldest.
/// One step serves some hundred orders and says where the next one goes on.
[Operation("sales.reserve-waiting", SalesPermissions.Reserve, Said = "reserved goods for waiting {orders|orders}", Icon = "branch")]
internal sealed class ReserveWaiting(KeelDb db, Promising promising) : IOperation<ReserveWaiting.Request, ReserveWaiting.Answer>
{
    internal const int Most = 200;

    public sealed record Request(IReadOnlyList<Sku> Skus, Id<Order>? After = null);

    public sealed record Answer(int Reserved, Id<Order>? Next);

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        FormattableString further = $"";
        if (request.After is { } last) further = $"and (o.rank, o.ship_by, o.id) > (select a.rank, a.ship_by, a.id from sales.orders a where a.company_id = {db.Company} and a.id = {last})";
        var waiting = await db.Query<Id<Order>>(
            $"""
            select o.id from sales.orders o
            where o.company_id = {db.Company} and o.status in ('Reserved', 'Backordered', 'Released', 'PartlyShipped')
              and o.id in (select w.document_id from stock.pub_waiting w where w.company_id = {db.Company} and w.sku = any({request.Skus}) and w.kind = 'Order' and not w.planned)
            {further}
            order by o.rank, o.ship_by, o.id limit {Most}
            """, ct);
        if (waiting.Count == 0) return new Answer(0, null);

        var (rows, lines) = db.LockOrders(waiting);
        await db.Flush(ct);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        var still = rows.Value.Where(o => o.Status is OrderStatus.Reserved or OrderStatus.Backordered or OrderStatus.Released or OrderStatus.PartlyShipped).OrderBy(o => o.Rank).ThenBy(o => o.ShipBy).ThenBy(o => o.Id);
        var after = await promising.Again([.. still.Select(o => (o, linesOf[o.Id].ToArray()))], ct);
        return new Answer(after.Count(o => o.Status is OrderStatus.Reserved), waiting.Count == Most ? waiting[^1] : null);
    }
}
