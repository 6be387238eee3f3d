using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Routes orders anew by the policy and the stock of now: what is promised to them is given back and promised again in one step, so that nobody comes in between.
[Operation("sales.route-orders", SalesPermissions.Reserve, Said = "routed {orders|it} anew", Icon = "branch")]
internal sealed class RouteOrders(KeelDb db, Rerouting rerouting) : IOperation<RouteOrders.Request, IReadOnlyList<RouteOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Order>> Orders);

    public sealed record Answer(Id<Order> Order, string? Number, OrderStatus? Status, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders(request.Orders);
        await db.Flush(ct);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        var able = rows.Value.Where(Rerouting.May).ToArray();
        foreach (var order in able) db.Work.Concerns(order.Number);
        var after = (await rerouting.Route([.. able.Select(o => (o, linesOf[o.Id].ToArray()))], "routed anew", ct)).ToDictionary(o => o.Id);
        var known = rows.Value.ToDictionary(o => o.Id);
        return request.Orders.Distinct().Select(id =>
            after.TryGetValue(id, out var order) ? new Answer(id, order.Number, order.Status, null)
            : known.TryGetValue(id, out var other) ? new Answer(id, other.Number, other.Status, $"It is {other.Status.Spoken}: only orders that are promised goods or wait for them, and are not on the floor, are routed anew.")
            : new Answer(id, null, null, "There is no such order.")).ToArray();
    }
}

/// A site says that it cannot send lines of an order: it is not asked for them again, and the order is routed anew without it.
[Operation("sales.refuse-lines", SalesPermissions.Reserve, Said = "said that a site cannot send {order|an order}", Icon = "x")]
internal sealed class RefuseLines(KeelDb db, Settings settings, Rerouting rerouting) : IOperation<RefuseLines.Request, RouteOrders.Answer>
{
    /// Without lines, all that is promised from there.
    public sealed record Request(Id<Order> Order, NodeCode Node, [Required, MinLength(3), MaxLength(200)] string Reason, [MaxLength(1200)] IReadOnlyList<int>? Lines = null);

    public static readonly Error NoOrder = Error.NotFound("order.not-there", "There is no such order in this company.");
    public static readonly Error NotThere = new("order.refused-nothing", "Nothing of these lines is promised from that site. Load the page again.");
    public static readonly Error TooLate = new("order.refused-too-late", "The order is on the floor, or over. What cannot be picked is reported short there.");

    public async Task<Result<RouteOrders.Answer>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Sites.ContainsKey(request.Node)) return SetLanes.NoSite.With($"There is no site {request.Node}. Choose one of the list.");
        db.Work.Actor.MustBeAt(request.Node);
        var (rows, lines) = db.LockOrders([request.Order]);
        var from = db.Ask<int>($"select distinct line from stock.pub_reservation where document_id = {request.Order} and node = {request.Node} and open > 0");
        var before = db.Ask<int>($"select line from sales.route_refusal where order_id = {request.Order} and node = {request.Node}");
        await db.Flush(ct);
        if (rows.Value is not [var order]) return NoOrder;
        if (!Rerouting.May(order)) return TooLate;
        var refused = from.Value.Where(l => request.Lines is not { Count: > 0 } some || some.Contains(l)).ToHashSet();
        if (refused.Count == 0) return NotThere;

        // What is in a kit goes with the others of it.
        var kits = lines.Value.Where(l => refused.Contains(l.Line)).Select(l => l.KitLine).OfType<int>().ToHashSet();
        refused.UnionWith(lines.Value.Where(l => l.KitLine is { } kit && kits.Contains(kit)).Select(l => l.Line));
        db.Work.Concerns(order.Number);
        db.Work.Concerns(request.Node.Text);
        db.Table<RouteRefusal>().Insert([.. refused.Except(before.Value).Order().Select(l => new RouteRefusal(order.Id, l, request.Node, db.Company, request.Reason, db.Now, db.Work.Actor.Name, db.Work.Operation))]);
        var after = await rerouting.Route([(order, [.. lines.Value])], $"{request.Node} cannot send it: {request.Reason}", ct);
        return new RouteOrders.Answer(order.Id, order.Number, after[0].Status, null);
    }
}

/// Gives back what orders are promised and routes them anew, in one step.
internal sealed class Rerouting(KeelDb db, StockDesk stock, Promising promising)
{
    public static bool May(Order order) => order.Status is OrderStatus.Reserved or OrderStatus.Backordered;

    public async Task<IReadOnlyList<Order>> Route(IReadOnlyList<(Order Order, OrderLine[] Lines)> orders, string reason, CancellationToken ct)
    {
        if (orders.Count == 0) return [];
        await stock.Release([.. orders.Select(o => o.Order.Ref)], reason, ct);
        db.Queue($"delete from sales.route where order_id = any({orders.Select(o => o.Order.Id.Value).ToArray()})");
        return await promising.Again([.. orders.Select(o => (o.Order with { PlanShip = null, DeliverBy = null }, o.Lines))], ct);
    }
}
