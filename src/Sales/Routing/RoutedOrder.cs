using Keel.Catalog.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// An order and the way that was chosen for it.
internal sealed record RoutedOrder(RouteAsked Asked, Route Route, SourcingRule? Rule)
{
    /// Whether what cannot come from one site may come from several.
    public bool MaySplit => Rule is not { MostParcels: 1 } and not { Whole: true };

    /// Whether stock is asked of several sites for one order: where they were chosen together, that is meant.
    public bool Splits => Route.IsComplete || MaySplit;

    public string Sentence => RouteWords.Sentence(Route, Rule);

    /// The sites whose stock is locked and asked. Where not everything is there, the others that may send are asked too: what they have for nobody is said then.
    public IReadOnlyList<NodeCode>? From
    {
        get
        {
            if (Route.IsComplete) return Route.Nodes;
            if (Rule is null || Rule.Whole) return [];
            var able = Route.Candidates.Select(c => (NodeCode)c.Name).Except(Route.Nodes);
            var sent = Route.Nodes.Union(Asked.Has).ToHashSet();
            return sent.Count == 0 || sent.Count < Rule.MostParcels ? [.. Route.Nodes, .. able] : [.. Route.Nodes.Union(Route.Candidates.Select(c => (NodeCode)c.Name).Where(Asked.Has.Contains))];
        }
    }

    /// A new order: `lines` are those with goods, components for their kits. What names a lot is not routed: only the shelf knows where the lot lies.
    public static RoutedOrder? Of(Ground ground, Channel channel, PostalAddressOf to, Money value, DateOnly? shipBy, DateTimeOffset at, IReadOnlyList<DemandLine> lines, IReadOnlyDictionary<Sku, ProductFacts> products, Guid? adopts = null)
    {
        if (lines.Count == 0 || lines.Any(l => l.Lot is not null)) return null;
        return Decided(ground, new RouteAsked(channel, to.Country, to.Postcode, value, channel.Priority, shipBy, at, LinesOf(lines, products)) { Adopts = adopts });
    }

    /// What is still open of an order; it has goods at these nodes already.
    public static RoutedOrder? Of(Ground ground, Order order, Network network, IReadOnlyList<DemandLine> lines, IReadOnlyDictionary<Sku, ProductFacts> products, DateTimeOffset now, IReadOnlySet<NodeCode> has)
    {
        if (lines.Count == 0 || lines.Any(l => l.Lot is not null)) return null;
        return Decided(ground, new RouteAsked(network.Channels[order.Channel], order.Country, order.ShipTo?.PostalCode, order.Gross, order.Rank, order.ShipBy, now, LinesOf(lines, products))
        {
            Has = has, Refused = lines.SelectMany(l => (l.Without ?? []).Select(n => (l.Line, n))).ToHashSet(),
        });
    }

    /// The same for what is missing of it, by what is there now.
    public RoutedOrder Anew(Ground ground, IReadOnlyList<DemandLine> lines, IReadOnlySet<NodeCode> has)
    {
        var known = Asked.Lines.ToDictionary(l => l.Line);
        return Decided(ground, Asked with { Has = has, Adopts = null, Lines = [.. lines.Select(l => known[l.Line] with { Quantity = l.Quantity })] });
    }

    private static RoutedOrder Decided(Ground ground, RouteAsked asked)
    {
        var route = ground.Route(asked);
        return new RoutedOrder(asked, route, route.Followed);
    }

    private static RouteLine[] LinesOf(IReadOnlyList<DemandLine> lines, IReadOnlyDictionary<Sku, ProductFacts> products) => [.. lines.Select(l =>
    {
        var product = products.GetValueOrDefault(l.Sku);
        return new RouteLine(l.Line, l.Sku, l.Quantity, product?.Category, product?.WeightGrams, l.Kit?.Line, l.Kit?.Each);
    })];
}

/// Where an order goes, as far as the choice of a site looks at it.
internal readonly record struct PostalAddressOf(string Country, string? Postcode);
