using Keel.Stock.Contract;

namespace Keel.Sales;

/// Asks Stock to promise goods to orders and lets the orders follow the answer: state, case, and why.
internal sealed class Promising(KeelDb db, StockDesk stock, CaseDesk cases, Settings settings, Policies policies)
{
    public static readonly CaseKind Backordered = Short("backorder", TimeSpan.FromHours(24), Severity.Normal, "Find goods, then reserve again");
    public static readonly CaseKind StockConflict = Short("stock-conflict", TimeSpan.FromHours(4), Severity.High, "Find goods at once, then reserve again");

    private static CaseKind Short(string name, TimeSpan target, Severity severity, string next) => new(name, "operations", target, severity)
    {
        Next = next,
        Supervisor = "administrator",
        Resolutions = ["found-goods", "customer-waits", CaseKind.CalledOff, "duplicate"],
        Ways = WaysOut,
    };

    /// The ways out for an order that came out short.
    public static CaseWay[] WaysOut => [CaseWay.On<ReserveOrders>("Reserve again", "orders") with { SubjectKind = "order" }, CancelOrders.WayOut];

    /// Promises to orders that are not written yet: they are written as fully reserved, and those that come out short are put right.
    public async Task<IReadOnlyList<Hold>> First(IReadOnlyList<(Order Order, IReadOnlyList<OrderLine> Lines, Guid? Adopts)> orders, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var sourcing = await policies.Of<Sourcing>(ct);
        var holds = await stock.Reserve([.. orders.Select(o => DemandOf(o.Order, network, sourcing.Choice, Wanted(o.Lines)) with { Adopts = o.Adopts })], ct);
        var shorted = orders.Zip(holds).Where(p => !p.Second.IsComplete).ToArray();
        db.Orders.Update([.. shorted.Select(p => p.First.Order with { Status = OrderStatus.Backordered, ReservedAt = null })], nameof(Order.Status), nameof(Order.ReservedAt));
        Explain([.. orders.Zip(holds).Select(p => (p.First.Order, p.Second))], network, sourcing);
        return holds;
    }

    /// Says of orders that reserve later what they will want, and when: they count on it.
    public async Task Plan(IReadOnlyList<(Order Order, IReadOnlyList<OrderLine> Lines)> orders, CancellationToken ct)
    {
        if (orders.Count == 0) return;
        var network = await Network.Of(settings, ct);
        var sourcing = (await policies.Of<Sourcing>(ct)).Choice;
        stock.Plan([.. orders.Select(o => DemandOf(o.Order, network, sourcing, Wanted(o.Lines))).Where(d => d.Lines.Count > 0)]);
    }

    /// Promises what is still open of orders that are locked, beside what they have. What is on the floor or has partly left stays there.
    public async Task<IReadOnlyList<Order>> Again(IReadOnlyList<(Order Order, OrderLine[] Lines)> orders, CancellationToken ct)
    {
        if (orders.Count == 0) return [];
        var network = await Network.Of(settings, ct);
        var sourcing = await policies.Of<Sourcing>(ct);
        var promises = stock.Promises([.. orders.Select(o => o.Order.Id.Value)]);
        await db.Flush(ct);
        var has = promises.Value.GroupBy(p => (p.Document, p.Line)).ToDictionary(g => g.Key, g => g.Sum(p => p.Quantity));
        // A kit that lost a component a moment ago is given free as a whole first, and asks again then.
        var promisesOf = promises.Value.ToLookup(p => p.Document);
        var broken = orders.Where(o => KitLines.AreBroken(o.Lines, [.. promisesOf[o.Order.Id.Value]])).Select(o => o.Order.Id).ToHashSet();

        var wants = orders.Where(o => !broken.Contains(o.Order.Id)).Select(o => (o.Order, Lines: Wanted(o.Lines)
            .Select(l => l with { Quantity = l.Quantity - has.GetValueOrDefault((o.Order.Id.Value, l.Line)) })
            .Where(l => l.Quantity.IsPositive).ToArray())).ToArray();
        var asking = wants.Where(w => w.Lines.Length > 0).ToArray();
        var holds = await stock.Reserve([.. asking.Select(w => DemandOf(w.Order, network, sourcing.Choice, w.Lines) with { Again = true })], ct);
        var complete = holds.Where(h => h.IsComplete).Select(h => h.Document.Id).Concat(wants.Where(w => w.Lines.Length == 0).Select(w => w.Order.Id.Value)).ToHashSet();

        var after = orders.Select(o => IsUnderWay(o.Order) ? o.Order : o.Order.To(complete.Contains(o.Order.Id.Value) ? OrderStatus.Reserved : OrderStatus.Backordered, db.Now)).ToArray();
        db.Orders.Update([.. after.Where(o => !IsUnderWay(o))], nameof(Order.Status), nameof(Order.ReservedAt), nameof(Order.ConfirmedAt), nameof(Order.Version));
        cases.Close([Backordered, StockConflict, StockCases.Displaced, StockCases.SupplyLate, StockCases.TakenOver], [.. complete], "reserved in full");
        Explain([.. asking.Select(a => a.Order).Zip(holds)], network, sourcing);
        return after;
    }

    private static bool IsUnderWay(Order order) => order.Status is OrderStatus.Released or OrderStatus.PartlyShipped;

    private static DemandLine[] Wanted(IReadOnlyList<OrderLine> lines) =>
        [.. lines.Where(l => l.WantsGoods).Select(l => new DemandLine(l.Line, l.Sku!.Value, l.Open, l.KitLine is { } kit ? new KitShare(kit, lines.First(k => k.Line == kit).Sku!.Value, l.Each!.Value) : null) { Lot = l.Lot })];

    private static Demand DemandOf(Order order, Network network, Sourcing sourcing, IReadOnlyList<DemandLine> lines) =>
        new(DemandKind.Order, order.Ref, lines, network.Channels[order.Channel].Nodes, order.Rank, order.ShipBy) { MaySplit = sourcing.MaySplit, Channel = order.Channel };

    /// Short orders get a case: a marketplace order is a commitment already, so being short is a conflict there. A choice among nodes, or a shortage, is kept with its reasons.
    private void Explain(IReadOnlyList<(Order Order, Hold Hold)> decided, Network network, InForce<Sourcing> sourcing)
    {
        var shorted = decided.Where(d => !d.Hold.IsComplete).ToArray();
        cases.Open([.. shorted.Select(d =>
        {
            var marketplace = network.Channels[d.Order.Channel].IsMarketplace;
            var what = Missing(d.Hold);
            var why = d.Hold.Kept.Count == 0 ? $"{d.Order.Number} waits for {what}." : $"{d.Order.Number} waits for {what}. More is there, but {Kept(d.Hold)}.";
            return (marketplace ? StockConflict : Backordered, d.Order.Ref, why);
        })]);
        db.Table<Decision>().Insert([.. decided.Where(d => d.Hold.Offers.Count > 0).Select(d => Why(d.Order, d.Hold, sourcing))]);
    }

    /// What is short: goods, and kits by the components that are in their way.
    private static string Missing(Hold hold) => string.Join(", ", hold.Short.Where(s => s.Kit is null).Select(s => $"{s.Quantity} × {s.Sku}")
        .Concat(hold.Kits.Select(k => $"{k.Missing} × {k.Kit} for want of {string.Join(" and ", k.Lacks)}")));

    /// What rings and safety stock kept from an order.
    private static string Kept(Hold hold) => string.Join("; ", hold.Kept.Select(k => $"{k.Why} at {k.Node}").Distinct());

    private Decision Why(Order order, Hold hold, InForce<Sourcing> sourcing)
    {
        var chosen = hold.Reserved.Select(r => r.Node).ToHashSet();
        var candidates = hold.Offers.GroupBy(o => o.Node).Select(g => new Candidate(
            g.Key.Text, chosen.Contains(g.Key), g.ToDictionary(o => $"line {o.Line} available", o => o.Available.ToString()))).ToArray();
        var sentence = (hold.IsComplete, chosen.Count) switch
        {
            (true, 1) => $"{chosen.First()} was chosen because it is the first node of the channel that has everything.",
            (true, _) => $"The order is split over {string.Join(" and ", chosen.Order())} because no single node has everything.",
            (false, _) when hold.Kept.Count > 0 => $"Not all of it is promised. More is there, but {Kept(hold)}.",
            (false, 0) => "Nothing more could be promised: no site of the channel had any of it.",
            _ => $"Part is promised from {string.Join(" and ", chosen.Order())}; {Missing(hold)} waits for stock.",
        };
        return new Decision(Guid.CreateVersion7(db.Now), db.Company, db.Now, db.Work.Operation, "sourcing", order.Ref, sentence, Sourcing.Kind, sourcing.Version, new DecisionDetail(candidates, []));
    }
}

/// Where goods of an order come from: the first node of the channel that has everything; may an order be split over nodes where none has?
public sealed record Sourcing(bool MaySplit) : IPolicy<Sourcing>
{
    public static string Kind => "sourcing";
    public static Sourcing AsDelivered => new(true);
    public static string Says => "Where goods of an order come from: the first site of the channel that has everything; whether an order may be split over sites where none has.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order", "sales.reserve-orders"];
}

/// When an order reserves: as soon as it is confirmed, when money is captured, some days before it was promised to leave, or by hand.
public sealed record ReservationTiming(ReserveWhen When, [System.ComponentModel.DataAnnotations.Range(0, 365)] int DaysBefore = 3) : IPolicy<ReservationTiming>
{
    public static string Kind => "reservation-timing";
    public static ReservationTiming AsDelivered => new(ReserveWhen.AtOrder);
    public static string Says => "When goods are set aside for an order: as it comes in, when its payment is there, so many days before the day on which it was promised to leave, or by hand.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order", "sales.confirm-orders", "sales.record-payments", "sales.reserve-due"];

    internal bool IsDue(Order order, DateOnly today) => IsDue(!order.Paid.IsZero, order.ShipBy, today);

    internal bool IsDue(bool isPaid, DateOnly shipBy, DateOnly today) => When switch
    {
        ReserveWhen.AtOrder => true,
        ReserveWhen.AtPayment => isPaid,
        ReserveWhen.BeforePromise => shipBy <= today.AddDays(DaysBefore),
        _ => false,
    };

    /// Whether an order that does not reserve yet counts on its goods already: what others are promised leaves them alone.
    internal bool Plans => When is ReserveWhen.BeforePromise or ReserveWhen.ByHand;
}

public enum ReserveWhen
{
    AtOrder,
    AtPayment,
    ByHand,
    BeforePromise,
}
