using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Routes orders anew by the policy and the stock of now: what is promised to them is given back and promised again in one step, so that nobody comes in between.
[Operation("sales.route-orders", SalesPermissions.Reserve, Said = "routed {orders|it} anew", Icon = "branch")]
internal sealed class RouteOrders(KeelDb db, Rerouting rerouting, FloorDesk floor) : IOperation<RouteOrders.Request, IReadOnlyList<RouteOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<Order>> Orders);

    public sealed record Answer(Id<Order> Order, string? Number, OrderStatus? Status, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders(request.Orders);
        await db.Flush(ct);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        var works = await floor.Of([.. rows.Value.Select(o => o.Id.Value)], ct);
        var able = rows.Value.Where(o => Rerouting.May(o) && !works[o.Id.Value].Any()).ToArray();
        foreach (var order in able) db.Work.Concerns(order.Number);
        var after = (await rerouting.Route([.. able.Select(o => (o, linesOf[o.Id].ToArray()))], "routed anew", ct)).ToDictionary(o => o.Id);
        var known = rows.Value.ToDictionary(o => o.Id);
        return request.Orders.Distinct().Select(id =>
            after.TryGetValue(id, out var order) ? new Answer(id, order.Number, order.Status, null)
            : known.TryGetValue(id, out var other) ? new Answer(id, other.Number, other.Status, works[id.Value].FirstOrDefault() is { } work ? $"{work.Work.Number} sends goods of it already. End that first." : $"It is {other.Status.Spoken}: only orders that are promised goods or wait for them, and are not on the floor, are routed anew.")
            : new Answer(id, null, null, "There is no such order.")).ToArray();
    }
}

/// A site says that it cannot send lines of an order: it is not asked for them again, and the order is routed anew without it.
[Operation("sales.refuse-lines", SalesPermissions.Reserve, Said = "said that a site cannot send {order|an order}", Icon = "x")]
internal sealed class RefuseLines(KeelDb db, Settings settings, Refusing refusing) : IOperation<RefuseLines.Request, RouteOrders.Answer>
{
    /// Without lines, all that is promised from there.
    public sealed record Request(Id<Order> Order, NodeCode Node, [Required, MinLength(3), MaxLength(200)] string Reason, [MaxLength(1200)] IReadOnlyList<int>? Lines = null);

    public static readonly Error NoOrder = Error.NotFound("order.not-there", "There is no such order in this company.");
    public static readonly Error NotThere = new("order.refused-nothing", "Nothing of these lines is promised from that site. Load the page again.");
    public static readonly Error TooLate = new("order.refused-too-late", "The order is on the floor there, or over. What cannot be picked is reported short there; a supplier refuses on the supplier order.");

    public async Task<Result<RouteOrders.Answer>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Sites.ContainsKey(request.Node)) return SetLanes.NoSite.With($"There is no site {request.Node}. Choose one of the list.");
        db.Work.Actor.MustBeAt(request.Node);
        var after = await refusing.Refuse(request.Order, request.Node, request.Reason, request.Lines is { Count: > 0 } some ? some : null, endsWork: false, ct);
        return after.Ok ? new RouteOrders.Answer(after.Value.Id, after.Value.Number, after.Value.Status, null) : after.Error!;
    }
}

/// Takes from a site what it was to send of an order: it is not asked for these lines again, and they go elsewhere, or wait. What others send of the order stays with them
/// where their work on it has begun.
internal sealed class Refusing(KeelDb db, StockDesk stock, Rerouting rerouting, Promising promising, FloorDesk floor)
{
    /// `endsWork`: whoever asks ends the work of that site on these lines in the same step.
    public async Task<Result<Order>> Refuse(Id<Order> id, NodeCode node, string reason, IReadOnlyCollection<int>? some, bool endsWork, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders([id]);
        var from = db.Ask<int>($"select distinct line from stock.pub_reservation where document_id = {id} and node = {node} and open > 0");
        var before = db.Ask<int>($"select line from sales.route_refusal where order_id = {id} and node = {node}");
        await db.Flush(ct);
        if (rows.Value is not [var order]) return RefuseLines.NoOrder;
        var works = (await floor.Of([id.Value], ct))[id.Value].ToArray();
        if (!endsWork && works.Any(w => w.Node == node)) return RefuseLines.TooLate;
        if (!Rerouting.May(order) && order.Status is not (OrderStatus.Released or OrderStatus.PartlyShipped)) return RefuseLines.TooLate;
        var refused = from.Value.Where(l => some is null || some.Contains(l)).ToHashSet();
        if (refused.Count == 0) return RefuseLines.NotThere;

        // What is in a kit goes with the others of it.
        var kits = lines.Value.Where(l => refused.Contains(l.Line)).Select(l => l.KitLine).OfType<int>().ToHashSet();
        refused.UnionWith(lines.Value.Where(l => l.KitLine is { } kit && kits.Contains(kit)).Select(l => l.Line));
        db.Work.Concerns(order.Number);
        db.Work.Concerns(node.Text);
        db.Table<RouteRefusal>().Insert([.. refused.Except(before.Value).Order().Select(l => new RouteRefusal(order.Id, l, node, db.Company, reason, db.Now, db.Work.Actor.Name, db.Work.Operation))]);
        var why = $"{node} cannot send it: {reason}";
        if (Rerouting.May(order) && works.Length == 0) return (await rerouting.Route([(order, [.. lines.Value])], why, ct))[0];

        await stock.GiveBack(order.Ref, node, refused, why, ct);
        db.Queue($"delete from sales.route r where r.order_id = {id} and r.node = {node} and not exists (select from stock.pub_reservation p where p.document_id = r.order_id and p.node = r.node and p.open > 0)");
        // Nobody works on it any more: it waits to be released as any other.
        var isIdle = order.Status is OrderStatus.Released && works.All(w => w.Node == node);
        return (await promising.Again([(isIdle ? order.To(OrderStatus.Reserved, db.Now) : order, [.. lines.Value])], ct))[0];
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
