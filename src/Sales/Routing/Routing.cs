using Keel.Stock.Contract;

namespace Keel.Sales;

/// Routes orders to sites: reads what the choice looks at, with nothing locked, and asks the policy in force. What it chose is decided again when goods are reserved.
internal sealed class Routing(KeelDb db, StockDesk stock, Settings settings, Policies policies)
{
    private sealed record DayLoad(NodeCode Node, DateOnly Day, int Orders);

    /// Asks with the next round trip what sites have of SKUs and how busy they are; `adopts` are cart holds that are taken over.
    public async Task<Ground> Survey(IReadOnlyCollection<Sku> skus, IReadOnlyCollection<NodeCode> nodes, IReadOnlyList<Guid>? adopts = null, InForce<Sourcing>? policy = null, CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        var lanes = await LaneBook.Of(settings, ct);
        policy ??= await policies.Of<Sourcing>(ct);
        var offering = await stock.AskOffers(skus, nodes, adopts, ct);
        var loads = !lanes.HasCapacities ? null : db.Ask<DayLoad, Dictionary<(NodeCode, DateOnly), int>>(
            $"select node, ship_on as day, count(*)::int as orders from sales.route where company_id = {db.Company} and ship_on >= {network.Day(db.Now)} and node = any({nodes}) group by node, ship_on",
            rows => rows.ToDictionary(r => (r.Node, r.Day), r => r.Orders));
        return new Ground(db.Now, network, lanes, policy, offering, loads);
    }
}

/// What is known of sites while orders are routed one after the other: each takes off what it was given.
internal sealed class Ground(DateTimeOffset now, Network network, LaneBook lanes, InForce<Sourcing> policy, Offering offering, Later<Dictionary<(NodeCode Node, DateOnly Day), int>>? loads)
{
    /// No site is looked at further ahead for a day with room.
    private const int Furthest = 60;

    private readonly Dictionary<(Sku, NodeCode), Quantity> taken = [];

    public InForce<Sourcing> Policy => policy;
    public Network Network => network;
    public DateOnly Today => network.Day(now);

    public Route Route(RouteAsked asked)
    {
        var (name, rules) = policy.Choice.For(asked);
        var route = new Router(asked, Stops(asked)).Decide(name, rules);
        foreach (var leg in route.Legs)
        {
            foreach (var (line, quantity) in leg.Lines)
            {
                var key = (asked.Lines.First(l => l.Line == line).Sku, leg.Node);
                // What it takes of its own hold nobody else had.
                var own = asked.Adopts is { } hold ? offering.Adopted(hold, key.Sku, key.Node) : 0;
                taken[key] = taken.GetValueOrDefault(key) + Quantity.Max(0, quantity - own);
            }

            if (loads is not null) loads.Value[(leg.Node, leg.ShipOn)] = loads.Value.GetValueOrDefault((leg.Node, leg.ShipOn)) + 1;
        }

        return route;
    }

    private Stop[] Stops(RouteAsked asked)
    {
        var stops = new Stop[asked.Channel.Nodes.Count];
        for (var i = 0; i < stops.Length; i++)
        {
            var node = asked.Channel.Nodes[i];
            var terms = lanes.Terms.GetValueOrDefault(node);
            var shipOn = ShipOn(node, terms, asked.At > now ? asked.At : now);
            var (available, kept) = (new Quantity[asked.Lines.Count], new string?[asked.Lines.Count]);
            for (var l = 0; l < available.Length; l++)
            {
                var sku = asked.Lines[l].Sku;
                var (free, why) = offering.Of(asked.Channel.Code, sku, node);
                if (asked.Adopts is { } hold) free += offering.Adopted(hold, sku, node);
                available[l] = Quantity.Max(0, free - taken.GetValueOrDefault((sku, node)));
                if (free < asked.Lines[l].Quantity) kept[l] = why;
            }

            stops[i] = new Stop(node, i, network.Sites[node], terms, lanes.Find(node, asked.Country, asked.Postcode), shipOn, Load(node, shipOn)) { Available = available, Kept = kept };
        }

        return stops;
    }

    /// The first day on which a site works and has room for one more, after it has prepared it.
    private DateOnly ShipOn(NodeCode node, SiteTerms? terms, DateTimeOffset at)
    {
        var calendar = network.Sites[node].Calendar;
        var day = calendar.ShipDay(network.LocalAt(node, at));
        for (var left = terms?.PrepareDays ?? 0; left > 0; left--) day = Next(calendar, day);
        if (terms?.Capacity is > 0 and var most) for (var i = 0; i < Furthest && Load(node, day) >= most; i++) day = Next(calendar, day);
        return day;
    }

    private int Load(NodeCode node, DateOnly day) => loads?.Value.GetValueOrDefault((node, day)) ?? 0;

    private static DateOnly Next(SiteCalendar calendar, DateOnly day)
    {
        day = day.AddDays(1);
        for (var i = 0; i < 366 && !calendar.Works(day); i++) day = day.AddDays(1);
        return day;
    }
}
