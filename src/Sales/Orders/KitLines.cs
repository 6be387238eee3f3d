using Keel.Stock.Contract;

namespace Keel.Sales;

/// The lines of a kit: one that the customer ordered, and those below it that carry its goods.
internal static class KitLines
{
    /// The components of a kit's line, each with what so many kits hold of it.
    public static IReadOnlyList<(OrderLine Line, Quantity Quantity)> Parts(OrderLine kit, IReadOnlyList<OrderLine> lines, Quantity kits) =>
        [.. lines.Where(l => l.KitLine == kit.Line).Select(l => (l, Times(l, kits)))];

    /// How many whole kits leave with a shipment. Promises are whole kits at each node, and a shipment leaves in full: what is no whole kit cannot leave.
    public static Quantity WholeKits(OrderLine kit, IReadOnlyList<OrderLine> lines, IReadOnlyList<IssueLine> leaving)
    {
        Quantity? kits = null;
        foreach (var part in lines.Where(l => l.KitLine == kit.Line))
        {
            var quantity = leaving.Where(l => l.Line == part.Line).Sum(l => l.Quantity);
            var own = new Quantity(quantity.Thousandths / part.Each!.Value.Thousandths * 1_000);
            if (Times(part, own) != quantity || (kits is { } others && others != own)) throw new InvariantBroken($"{quantity} of {part.Sku} would leave for line {kit.Line}, which is no whole number of {kit.Sku}.");
            kits = own;
        }

        return kits ?? 0;
    }

    /// Whether what is promised to the components of some kit is no whole number of kits at each node.
    public static bool AreBroken(IReadOnlyList<OrderLine> lines, IReadOnlyList<NodePromise> promises)
    {
        var parts = lines.Where(l => l.KitLine is not null).ToLookup(l => l.KitLine!.Value);
        if (parts.Count == 0) return false;
        var open = promises.GroupBy(p => (p.Line, p.Node)).ToDictionary(g => g.Key, g => g.Sum(p => p.Quantity));
        var nodes = promises.Select(p => p.Node).Distinct().ToArray();
        return parts.Any(kit => nodes.Any(node =>
        {
            var whole = kit.Min(p => open.GetValueOrDefault((p.Line, node)).Thousandths / p.Each!.Value.Thousandths);
            return kit.Any(p => open.GetValueOrDefault((p.Line, node)).Thousandths != p.Each!.Value.Thousandths * whole);
        }));
    }

    private static Quantity Times(OrderLine part, Quantity kits) => new(checked(part.Each!.Value.Thousandths * (kits.Thousandths / 1_000)));
}
