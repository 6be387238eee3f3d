using Keel.Partners.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales.Contract;

/// An order as the floor sees it: who gets what, what is promised from where, and what is still open.
public sealed record OrderToShip(
    DocumentRef Order, ChannelCode Channel, Guid Customer, string CustomerName, PostalAddress? ShipTo, DateOnly ShipBy, OrderStatus Status, int Version,
    IReadOnlyList<LineToShip> Lines, IReadOnlyList<NodePromise> Promises, DeliveryTerm? DeliveryTerm)
{
    /// Goods of a kit were lost a moment ago: what is left of it is about to be given free, and nothing of the order leaves until then.
    public bool IsBroken { get; init; }

    /// Its payment is not confirmed, and the policy lets nothing leave before.
    public bool IsUnpaid { get; init; }

    /// What whoever wants it shipped is told where its payment is not confirmed.
    public const string Unpaid = "Its payment is not confirmed. Capture it, have it authorised anew or wait for the gateway; then scan it out.";

    /// What whoever wants it shipped is told where goods of a kit are lost.
    public const string Broken = "A component of a kit in it was lost a moment ago: what is left of the kit is being given free. Try again in a moment.";

    /// The nodes that promised goods, and the lines that each may ship now.
    public IEnumerable<(NodeCode Node, IReadOnlyList<IssueLine> Lines)> ByNode => Promises
        .GroupBy(p => p.Node)
        .OrderBy(g => g.Key)
        .Select(g => (g.Key, (IReadOnlyList<IssueLine>)[.. g.GroupBy(p => (p.Line, p.Sku)).OrderBy(l => l.Key.Line).Select(l => new IssueLine(l.Key.Line, l.Key.Sku, l.Sum(p => p.Quantity)))]));
}

/// A goods line with what is still to ship.
public readonly record struct LineToShip(int Line, Sku Sku, Quantity Ordered, Quantity Open);

/// What left on one shipment; without a shipment, an order of charges only that is done.
public sealed record ShippedGoods(DocumentRef? Shipment, DocumentRef Order, NodeCode Node, IReadOnlyList<IssueLine> Lines);

/// The order desk: what the floor and the returns bench may ask and tell.
public sealed class SalesDesk
{
    private readonly KeelDb db;
    private readonly Settings settings;
    private readonly StockDesk stock;
    private readonly Policies policies;
    private readonly IntentDesk intents;
    private readonly Dictionary<Guid, (Order Order, OrderLine[] Lines)> locked = [];

    internal SalesDesk(KeelDb db, Settings settings, StockDesk stock, Policies policies, IntentDesk intents) => (this.db, this.settings, this.stock, this.policies, this.intents) = (db, settings, stock, policies, intents);

    /// Locks orders for as long as the operation runs and says what each wants shipped. One round trip. Unknown ids are left out.
    public async Task<IReadOnlyList<OrderToShip>> Lock(IReadOnlyList<Guid> orders, CancellationToken ct = default)
    {
        var (rows, lines) = db.LockOrders([.. orders.Select(o => new Id<Order>(o))]);
        var promises = stock.Promises(orders);
        await db.Flush(ct);
        var unpaid = await UnpaidOf(orders, ct);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        var promisesOf = promises.Value.ToLookup(p => p.Document);
        return [.. rows.Value.Select(o =>
        {
            OrderLine[] own = [.. linesOf[o.Id]];
            locked[o.Id.Value] = (o, own);
            return new OrderToShip(o.Ref, o.Channel, o.CustomerId, o.CustomerName, o.ShipTo, o.ShipBy, o.Status, o.Version,
                [.. own.Where(l => l.Kind is LineKind.Goods).Select(l => new LineToShip(l.Line, l.Sku!.Value, l.Quantity, l.Open))], [.. promisesOf[o.Id.Value]], o.DeliveryTerm)
            {
                IsUnpaid = unpaid.Contains(o.Id),
                IsBroken = KitLines.AreBroken(own, [.. promisesOf[o.Id.Value]]),
            };
        })];
    }

    /// Orders whose payment keeps their goods here; where no gateway is set up, or the policy does not ask for it, nobody is asked.
    private async Task<HashSet<Id<Order>>> UnpaidOf(IReadOnlyList<Guid> orders, CancellationToken ct)
    {
        if (orders.Count == 0 || !(await PaymentGateways.Of(settings, ct)).Any || (await policies.Of<PaymentCapture>(ct)).Choice is not { OnlyPaidLeaves: true } capture) return [];
        return [.. (await intents.Behind(orders, ct)).Values.Where(capture.Keeps).Select(o => o.Order.Id)];
    }

    /// The orders that were locked go to the floor.
    public void MarkReleased(IReadOnlyList<DocumentRef> orders) => Step(orders, OrderStatus.Released);

    /// The orders that were locked come back from the floor unshipped: promised as before.
    public void MarkReserved(IReadOnlyList<DocumentRef> orders) => Step(orders, OrderStatus.Reserved);

    /// Goods left: lines and states follow, and each shipment is invoiced with what it brought, so that the parts add up to the order.
    public async Task RecordShipped(IReadOnlyList<ShippedGoods> shipped, CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        new Invoicing(db, network, locked, await DaysToPay(shipped, network, ct)).Ship(shipped);
    }

    /// The own terms of customers who have not paid ahead; where all have, nothing is asked.
    private async Task<IReadOnlyDictionary<Guid, int>> DaysToPay(IReadOnlyList<ShippedGoods> shipped, Network network, CancellationToken ct)
    {
        Guid[] owing = [.. shipped.Select(s => locked[s.Order.Id].Order).Where(o => !network.Channels[o.Channel].IsMarketplace && o.Paid < o.Gross).Select(o => o.CustomerId).Distinct()];
        if (owing.Length == 0) return new Dictionary<Guid, int>();
        var rows = await db.Query<Terms>($"select id, payment_terms_days as days from partners.pub_partner where company_id = {db.Company} and id = any({owing}) and payment_terms_days > 0", ct);
        return rows.ToDictionary(r => r.Id, r => r.Days);
    }

    private sealed record Terms(Guid Id, int Days);

    private void Step(IReadOnlyList<DocumentRef> orders, OrderStatus next)
    {
        var stepped = orders.Select(o => locked[o.Id].Order).Where(o => o.Status != next && o.May(next)).Select(o => o.To(next, db.Now)).ToArray();
        foreach (var order in stepped) locked[order.Id.Value] = (order, locked[order.Id.Value].Lines);
        db.Orders.Update(stepped, nameof(Order.Status), nameof(Order.ReleasedAt), nameof(Order.ReservedAt), nameof(Order.Version));
    }
}
