using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Asks Stock to promise goods to orders and lets the orders follow the answer: state, case, and why.
internal sealed class Promising(KeelDb db, StockDesk stock, CatalogDesk catalog, Routing routing, CaseDesk cases, Settings settings, Policies policies, MakingDesk making)
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

    /// Promises to orders that are being written: they are written as fully reserved, and those that come out short are put right.
    public async Task<IReadOnlyList<(Order Order, Hold Hold)>> First(IReadOnlyList<(Order Order, IReadOnlyList<OrderLine> Lines, Guid? Adopts, RoutedOrder? Routed)> orders, CancellationToken ct)
    {
        if (orders.Count == 0) return [];
        var network = await Network.Of(settings, ct);
        var sourcing = await policies.Of<Sourcing>(ct);
        var holds = await Reserve([.. orders.Select(o => new Wish(o.Order, o.Routed, DemandOf(o.Order, network, sourcing.Choice, Wanted(o.Lines), o.Routed) with { Adopts = o.Adopts }))], ct);
        // What is stopped stays so, whatever it is promised.
        var shorted = orders.Zip(holds).Where(p => p.First.Order.Status is not OrderStatus.OnHold && !p.Second.Hold.IsComplete).ToArray();
        // What is made to order is asked to be made before the day is said on which it comes.
        var made = await making.For([.. shorted.Select(p => (p.First.Order, p.Second.Hold))], ct);
        var promised = await WhenItComes([.. shorted.Select(p => (p.First.Order, p.Second))], network, ct);
        db.Orders.Update([.. promised.Select(o => o with { Status = OrderStatus.Backordered, ReservedAt = null })], nameof(Order.Status), nameof(Order.ReservedAt), nameof(Order.ShipBy), nameof(Order.PlanShip));
        // Who was too late is promised by the sites that send it in the end.
        var moved = orders.Zip(holds).Where(p => p.Second.Routed != p.First.Routed && p.Second.Hold.IsComplete).Select(p => Later(p.First.Order, p.Second)).ToArray();
        db.Orders.Update(moved, nameof(Order.ShipBy), nameof(Order.PlanShip), nameof(Order.DeliverBy));
        Keep([.. orders.Zip(holds).Select(p => (p.First.Order, p.Second))]);
        Explain([.. orders.Zip(holds).Select(p => (p.First.Order, p.Second.Hold, p.Second.Routed))], network, sourcing, made);
        var later = promised.Concat(moved).ToDictionary(o => o.Id);
        return [.. orders.Zip(holds).Select(p => (later.GetValueOrDefault(p.First.Order.Id) ?? p.First.Order, p.Second.Hold))];
    }

    /// The days of an order whose goods come from elsewhere than it was routed to first.
    private static Order Later(Order order, Taken taken)
    {
        if (taken.Routed?.Route is not { IsComplete: true, ShipOn: { } ship } route) return order;
        var plan = Latest(taken.Kept, ship)!.Value;
        return order with { PlanShip = plan, DeliverBy = Latest(order.DeliverBy, route.DeliverOn), ShipBy = taken.Routed.Asked.ShipBy is null && plan > order.ShipBy ? plan : order.ShipBy };
    }

    /// What waits for goods that are to come is promised for the day on which they serve it, not for a day on which nothing is there; a day that a channel demands
    /// stays, and is compared with that. Where nothing to come serves it, nobody knows a better day.
    private async Task<IReadOnlyList<Order>> WhenItComes(IReadOnlyList<(Order Order, Taken Taken)> shorted, Network network, CancellationToken ct)
    {
        if (shorted.Count == 0) return [];
        var expected = (await stock.Expected([.. shorted.SelectMany(s => s.Taken.Hold.Short).Select(l => l.Sku).Distinct()], ct)).ToDictionary(e => (e.Document, e.Line), e => e.Day);
        return [.. shorted.Select(s =>
        {
            var days = s.Taken.Hold.Short.Select(l => expected.GetValueOrDefault((s.Order.Id.Value, l.Line))).ToArray();
            if (s.Taken.Routed is not { } routed || days.Any(d => d is null)) return s.Order;
            var node = network.Channels[s.Order.Channel].Nodes[0];
            var day = days.Max()!.Value;
            while (!network.Sites[node].Calendar.Works(day)) day = day.AddDays(1);
            return s.Order with { PlanShip = day, ShipBy = routed.Asked.ShipBy is null && day > s.Order.ShipBy ? day : s.Order.ShipBy };
        })];
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
        var ids = orders.Select(o => o.Order.Id.Value).ToArray();
        var promises = stock.Promises(ids);
        var refusals = db.Ask<RouteRefusal>($"select {new SqlText.Verbatim(RowMap<RouteRefusal>.Instance.Names)} from sales.route_refusal where company_id = {db.Company} and order_id = any({ids})");
        var days = db.Ask<SentOn>($"select order_id, max(ship_on) as day from sales.route where company_id = {db.Company} and order_id = any({ids}) group by order_id");
        var products = catalog.Ask([.. orders.SelectMany(o => o.Lines).Select(l => l.Sku).OfType<Sku>().Distinct()]);
        var ground = await routing.Survey([.. orders.SelectMany(o => o.Lines).Where(l => l.WantsGoods).Select(l => l.Sku!.Value).Distinct()], [.. orders.SelectMany(o => network.Channels[o.Order.Channel].Nodes).Distinct()], ct: ct);
        await db.Flush(ct);
        var has = promises.Value.GroupBy(p => (p.Document, p.Line)).ToDictionary(g => g.Key, g => g.Sum(p => p.Quantity));
        // A kit that lost a component a moment ago is given free as a whole first, and asks again then.
        var promisesOf = promises.Value.ToLookup(p => p.Document);
        var refused = refusals.Value.ToLookup(r => r.OrderId);
        var broken = orders.Where(o => KitLines.AreBroken(o.Lines, [.. promisesOf[o.Order.Id.Value]])).Select(o => o.Order.Id).ToHashSet();

        var wants = orders.Where(o => !broken.Contains(o.Order.Id)).Select(o => (o.Order, Lines: Wanted(o.Lines)
            .Select(l => l with { Quantity = l.Quantity - has.GetValueOrDefault((o.Order.Id.Value, l.Line)), Without = [.. refused[o.Order.Id].Where(r => r.Line == l.Line).Select(r => r.Node)] })
            .Where(l => l.Quantity.IsPositive).ToArray())).ToArray();
        var asking = wants.Where(w => w.Lines.Length > 0).ToArray();
        var wishes = asking.Select(w =>
        {
            var routed = RoutedOrder.Of(ground, w.Order, network, w.Lines, products.Value, db.Now, promisesOf[w.Order.Id.Value].Select(p => p.Node).ToHashSet());
            return new Wish(w.Order, routed, DemandOf(w.Order, network, sourcing.Choice, w.Lines, routed) with { Again = true });
        }).ToArray();
        var holds = await Reserve(wishes, ct);
        var complete = holds.Where(h => h.Hold.IsComplete).Select(h => h.Hold.Document.Id).Concat(wants.Where(w => w.Lines.Length == 0).Select(w => w.Order.Id.Value)).ToHashSet();

        var planOf = asking.Select(a => a.Order.Id).Zip(holds).ToDictionary(p => p.First, p => p.Second);
        var sentOn = days.Value.ToDictionary(d => d.OrderId, d => (DateOnly?)d.Day);
        var after = orders.Select(o => Planned(IsUnderWay(o.Order) ? o.Order : o.Order.To(complete.Contains(o.Order.Id.Value) ? OrderStatus.Reserved : OrderStatus.Backordered, db.Now), planOf.GetValueOrDefault(o.Order.Id), sentOn.GetValueOrDefault(o.Order.Id))).ToArray();
        db.Orders.Update([.. after.Where(o => !IsUnderWay(o))], nameof(Order.Status), nameof(Order.ReservedAt), nameof(Order.ConfirmedAt), nameof(Order.Version), nameof(Order.PlanShip), nameof(Order.DeliverBy));
        Keep([.. asking.Select(a => a.Order).Zip(holds)]);
        cases.Close([Backordered, StockConflict, StockCases.Displaced, StockCases.SupplyLate, StockCases.TakenOver], [.. complete], "reserved in full");
        var made = await making.For([.. asking.Zip(holds).Where(p => p.First.Order.Status is not OrderStatus.OnHold && !p.Second.Hold.IsComplete).Select(p => (p.First.Order, p.Second.Hold))], ct);
        cases.Close([Backordered, StockConflict], [.. made.Select(m => m.Value)], "it is made");
        Explain([.. asking.Zip(holds).Select(p => (p.First.Order, p.Second.Hold, p.Second.Routed))], network, sourcing, made);
        return after;
    }

    /// When it leaves and arrives as far as is known now; what was known before stays where nothing new is.
    private static Order Planned(Order order, Taken? taken, DateOnly? sentOn) =>
        taken?.Routed?.Route is { IsComplete: true } route ? order with { PlanShip = Latest(Latest(sentOn, taken.Kept), route.ShipOn), DeliverBy = Latest(order.DeliverBy, route.DeliverOn) } : order;

    private sealed record SentOn(Id<Order> OrderId, DateOnly Day);

    private static DateOnly? Latest(DateOnly? a, DateOnly? b) => a is null || b > a ? b : a;

    /// One order that asks for goods: where it was routed to, and what it asks of stock.
    private sealed record Wish(Order Order, RoutedOrder? Routed, Demand Demand)
    {
        /// Nothing is promised to it beside what it asks for.
        public bool IsAll => Routed is { Asked.Has.Count: 0 };
    }

    /// What came of it.
    private sealed record Taken(Hold Hold, RoutedOrder? Routed, DateOnly? Kept = null);

    /// Nobody is routed anew more often than that: then it waits.
    private const int MostTries = 3;

    /// Reserves where orders were routed to. Where somebody was quicker, what is missing is routed anew by what is there now.
    private async Task<IReadOnlyList<Taken>> Reserve(IReadOnlyList<Wish> wishes, CancellationToken ct)
    {
        var all = (await stock.Reserve([.. wishes.Select(w => w.Demand)], ct)).Select((h, i) => new Taken(h, wishes[i].Routed)).ToArray();
        for (var tries = 0; tries <= MostTries; tries++)
        {
            // Who was too late to the last waits; what is sent as a whole only keeps nothing meanwhile.
            var isLast = tries == MostTries;
            var lost = Enumerable.Range(0, all.Length).Where(i => all[i] is { Hold.IsComplete: false, Routed.Route.IsComplete: true } && (isLast ? wishes[i].IsAll && all[i].Routed!.Rule!.Whole : wishes[i].IsAll || all[i].Routed!.MaySplit)).ToArray();
            if (lost.Length == 0) return all;

            // What is sent as a whole gives back what it has and is routed as a whole; the others keep it.
            var whole = lost.Where(i => !all[i].Routed!.MaySplit).ToHashSet();
            if (whole.Count > 0) await stock.Release([.. whole.Select(i => wishes[i].Order.Ref)], "routed anew", ct);
            var lines = lost.ToDictionary(i => i, i => whole.Contains(i) ? wishes[i].Demand.Lines : all[i].Hold.Short);
            var ground = await routing.Survey([.. lines.Values.SelectMany(l => l).Select(l => l.Sku).Distinct()], [.. lost.SelectMany(i => wishes[i].Demand.Nodes).Distinct()], ct: ct);
            await db.Flush(ct);
            var again = lost.Select(i =>
            {
                var kept = whole.Contains(i) ? [] : all[i].Hold.Reserved;
                var routed = all[i].Routed!.Anew(ground, lines[i], kept.Select(r => r.Node).ToHashSet());
                DateOnly? until = all[i].Kept;
                foreach (var leg in all[i].Routed!.Route.Legs.Where(l => kept.Any(k => k.Node == l.Node))) until = Latest(until, leg.ShipOn);
                return (At: i, Kept: kept, Until: until, Routed: routed, Demand: wishes[i].Demand with { Lines = lines[i], From = isLast ? [] : routed.From, MaySplit = routed.Splits, KeepsBack = routed.Rule?.KeepsBack ?? 0, Again = true, Adopts = null });
            }).ToArray();
            var holds = await stock.Reserve([.. again.Select(a => a.Demand)], ct);
            foreach (var (a, hold) in again.Zip(holds)) all[a.At] = new Taken(hold with { Reserved = [.. a.Kept, .. hold.Reserved] }, a.Routed, a.Until);
        }

        return all;
    }

    /// Which site sends what, kept beside the order: how busy sites are is read from it.
    private void Keep(IReadOnlyList<(Order Order, Taken Taken)> taken)
    {
        var rows = taken.SelectMany(t => t.Taken.Hold.Reserved.GroupBy(r => r.Node).Select(g =>
        {
            var leg = t.Taken.Routed?.Route.Legs.FirstOrDefault(l => l.Node == g.Key);
            return new RouteRow(t.Order.Id, g.Key, db.Company, g.Sum(r => r.Quantity), leg?.ShipOn ?? t.Order.PlanShip ?? t.Order.ShipBy, leg?.DeliverOn, leg?.Cost, leg?.Cost?.Currency ?? t.Order.Currency, db.Now, db.Work.Operation);
        })).OrderBy(r => r.OrderId.Value).ThenBy(r => r.Node).ToArray();
        if (rows.Length == 0) return;
        db.Queue(
            $"""
            insert into sales.route (order_id, node, company_id, units, ship_on, deliver_on, cost, currency, at, operation)
            select r.order_id, r.node, {db.Company}::uuid, r.units, r.ship_on, r.deliver_on, r.cost, r.currency, {db.Now}::timestamptz, {db.Work.Operation}::uuid
            from unnest({rows.Select(r => r.OrderId.Value).ToArray()}, {rows.Select(r => r.Node).ToArray()}, {rows.Select(r => r.Units).ToArray()}, {rows.Select(r => r.ShipOn).ToArray()},
              {rows.Select(r => r.DeliverOn).ToArray()}, {rows.Select(r => r.Cost?.Minor).ToArray()}, {rows.Select(r => r.Currency.Code).ToArray()}) as r (order_id, node, units, ship_on, deliver_on, cost, currency)
            on conflict (order_id, node) do update set units = sales.route.units + excluded.units, ship_on = greatest(sales.route.ship_on, excluded.ship_on),
              deliver_on = greatest(sales.route.deliver_on, excluded.deliver_on), cost = coalesce(sales.route.cost, excluded.cost), at = excluded.at, operation = excluded.operation
            """);
    }

    /// What sends an order is read from what is promised to it: sites that lost it are not busy with it any more, and those that gained it are. What has left stays.
    internal void FollowRoutes(IReadOnlyList<Guid> orders)
    {
        var ids = orders.ToArray();
        db.Queue(
            $"""
            delete from sales.route r using sales.orders o
            where r.company_id = {db.Company} and r.order_id = any({ids}) and o.id = r.order_id and o.status not in ('PartlyShipped', 'Shipped')
              and not exists (select from stock.pub_reservation p where p.document_id = r.order_id and p.node = r.node and p.open > 0)
            """);
        db.Queue(
            $"""
            insert into sales.route (order_id, node, company_id, units, ship_on, currency, at, operation)
            select o.id, p.node, o.company_id, sum(p.open), coalesce(o.plan_ship, o.ship_by), o.currency, {db.Now}::timestamptz, {db.Work.Operation}::uuid
            from sales.orders o join stock.pub_reservation p on p.document_id = o.id and p.open > 0
            where o.company_id = {db.Company} and o.id = any({ids}) group by o.id, p.node order by o.id, p.node
            on conflict (order_id, node) do nothing
            """);
    }

    private static bool IsUnderWay(Order order) => order.Status is OrderStatus.Released or OrderStatus.PartlyShipped;

    internal static DemandLine[] Wanted(IReadOnlyList<OrderLine> lines) =>
        [.. lines.Where(l => l.WantsGoods).Select(l => new DemandLine(l.Line, l.Sku!.Value, l.Open, l.KitLine is { } kit ? new KitShare(kit, lines.First(k => k.Line == kit).Sku!.Value, l.Each!.Value) : null) { Lot = l.Lot })];

    private static Demand DemandOf(Order order, Network network, Sourcing sourcing, IReadOnlyList<DemandLine> lines, RoutedOrder? routed = null) =>
        new(DemandKind.Order, order.Ref, lines, network.Channels[order.Channel].Nodes, order.Rank, order.ShipBy) { MaySplit = routed?.Splits ?? sourcing.MaySplit, Channel = order.Channel, From = routed?.From, KeepsBack = routed?.Rule?.KeepsBack ?? 0 };

    /// Short orders get a case: a marketplace order is a commitment already, so being short is a conflict there. A choice among nodes, or a shortage, is kept with its reasons.
    private void Explain(IReadOnlyList<(Order Order, Hold Hold, RoutedOrder? Routed)> decided, Network network, InForce<Sourcing> sourcing, IReadOnlySet<Id<Order>> made)
    {
        // What is being made for an order is nobody's doubt: it is late when it is late.
        var shorted = decided.Where(d => d.Order.Status is not OrderStatus.OnHold && !d.Hold.IsComplete && !made.Contains(d.Order.Id)).ToArray();
        cases.Open([.. shorted.Select(d =>
        {
            var marketplace = network.Channels[d.Order.Channel].IsMarketplace;
            var what = Missing(d.Hold);
            var why = d.Hold.Kept.Count == 0 ? $"{d.Order.Number} waits for {what}." : $"{d.Order.Number} waits for {what}. More is there, but {Kept(d.Hold)}.";
            return (marketplace ? StockConflict : Backordered, d.Order.Ref, why);
        })]);
        db.Table<Decision>().Insert([.. decided.Where(d => d.Hold.Offers.Count > 0 || d.Routed is { Route.Candidates.Count: > 1 } or { Route.LeftOut.Count: > 0 }).Select(d => Why(d.Order, d.Hold, d.Routed, sourcing))]);
    }

    /// What is short: goods, and kits by the components that are in their way.
    private static string Missing(Hold hold) => string.Join(", ", hold.Short.Where(s => s.Kit is null).Select(s => $"{s.Quantity} × {s.Sku}")
        .Concat(hold.Kits.Select(k => $"{k.Missing} × {k.Kit} for want of {string.Join(" and ", k.Lacks)}")));

    /// What rings and safety stock kept from an order.
    private static string Kept(Hold hold) => string.Join("; ", hold.Kept.Select(k => $"{k.Why} at {k.Node}").Distinct());

    private Decision Why(Order order, Hold hold, RoutedOrder? routed, InForce<Sourcing> sourcing)
    {
        var chosen = hold.Reserved.Select(r => r.Node).ToHashSet();
        IReadOnlyList<Candidate> candidates = routed is { Route.Candidates.Count: > 0 }
            ? [.. routed.Route.Candidates.Select(c => c with { Chosen = chosen.Contains(c.Name) })]
            : [.. hold.Offers.GroupBy(o => o.Node).Select(g => new Candidate(g.Key.Text, chosen.Contains(g.Key), g.ToDictionary(o => RouteWords.LineOf(o.Line), o => o.Available.ToString())))];
        var sentence = (hold.IsComplete, chosen.Count) switch
        {
            (true, _) when routed is { Route.IsComplete: true } && chosen.SetEquals(routed.Route.Nodes) => routed.Sentence,
            (true, 1) => $"{chosen.First()} was chosen because it is the first node of the channel that has everything.",
            (true, _) => $"The order is split over {string.Join(" and ", chosen.Order())} because no single node has everything.",
            (false, _) when hold.Kept.Count > 0 => $"Not all of it is promised. More is there, but {Kept(hold)}.",
            (false, 0) when routed is { Rule: null, Route.Tried: [.., var last] } => $"Nothing is promised yet. {last.Why} The order is sent as a whole only.",
            (false, 0) => "Nothing more could be promised: no site of the channel had any of it.",
            _ => $"Part is promised from {string.Join(" and ", chosen.Order())}; {Missing(hold)} waits for stock.",
        };
        return new Decision(Guid.CreateVersion7(db.Now), db.Company, db.Now, db.Work.Operation, "sourcing", order.Ref, sentence, Sourcing.Kind, sourcing.Version, new DecisionDetail(candidates, routed?.Route.LeftOut ?? []));
    }
}

/// When an order reserves: as soon as it is confirmed, when money is captured, some days before it was promised to leave, or by hand.
public sealed record ReservationTiming(ReserveWhen When, [System.ComponentModel.DataAnnotations.Range(0, 365)] int DaysBefore = 3) : IPolicy<ReservationTiming>
{
    public static string Kind => "reservation-timing";
    public static ReservationTiming AsDelivered => new(ReserveWhen.AtOrder);
    public static string Says => "When goods are set aside for an order: as it comes in, when its payment is there, so many days before the day on which it was promised to leave, or by hand.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order", "sales.confirm-orders", "sales.record-payments", "sales.reserve-due"];

    internal bool IsDue(Order order, DateOnly today) => IsDue(!order.Paid.IsZero || order.Gross.IsZero, order.ShipBy, today);

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
