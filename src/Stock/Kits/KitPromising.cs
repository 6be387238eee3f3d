using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Promises what is there of a demand with kits of which not everything is: whole kits or nothing, and what a kit does not need is free for others.
internal sealed class KitPromising(Shelf shelf, Held held, Dictionary<(Guid, int), int> last, Func<Sku, NodeCode, IReadOnlyList<PositionKey>> keys)
{
    public Hold Reserve(Demand demand, IReadOnlyList<NodeCode> nodes, IReadOnlyList<NodeOffer> offers)
    {
        var kits = demand.Lines.Where(l => l.Kit is not null).ToLookup(l => l.Kit!.Value.Line);
        // A kit stands where its first component stands: what was said first is served first.
        var wants = demand.Lines.Where(l => l.Kit is not { } kit || kits[kit.Line].First() == l).Select(l => l.Kit is { } kit ? WantOf(kit.Line, [.. kits[kit.Line]]) : WholeWant.OfProduct(l.Line, l.Sku, l.Quantity)).ToArray();
        var shares = WholeKits.Share(wants, nodes, (sku, node) => Allowed(demand, sku, node).Quantity).ToLookup(s => s.Line);

        var (reserved, missing, lacks) = (new List<NodeHold>(), new List<DemandLine>(), new List<KitLack>());
        foreach (var want in wants)
        {
            DemandLine[] lines = want.IsKit ? [.. kits[want.Line]] : [demand.Lines.Single(l => l.Kit is null && l.Line == want.Line)];
            foreach (var share in shares[want.Line])
            {
                foreach (var line in lines) reserved.Add(Take(demand, line, share.Node, want.IsKit ? line.Kit!.Value.Each.Times(share.Quantity) : share.Quantity));
            }

            var left = want.Wanted - shares[want.Line].Sum(s => s.Quantity);
            if (!left.IsPositive) continue;
            missing.AddRange(lines.Select(l => l with { Quantity = want.IsKit ? l.Kit!.Value.Each.Times(left) : left }));
            if (want.IsKit) lacks.Add(new KitLack(want.Line, lines[0].Kit!.Value.Kit, left, []));
        }

        return new Hold(demand.Document, reserved, missing, offers) { Kept = Kept(demand, missing, nodes), Kits = [.. lacks.Select(k => k with { Lacks = Lacking(demand, k, kits[k.Line], nodes) })] };
    }

    private static WholeWant WantOf(int line, IReadOnlyList<DemandLine> lines)
    {
        var kits = new Quantity(checked(lines[0].Quantity.Thousandths / lines[0].Kit!.Value.Each.Thousandths * 1_000));
        if (lines.FirstOrDefault(l => l.Kit!.Value.Each.Times(kits) != l.Quantity) is { Line: not 0 } odd) throw new InvariantBroken($"{odd.Quantity} of {odd.Sku} are not the parts of {kits} whole kits.");
        return WholeWant.OfKit(line, kits, [.. lines.Select(l => new KitPart(l.Sku, l.Kit!.Value.Each))]);
    }

    private NodeHold Take(Demand demand, DemandLine line, NodeCode node, Quantity quantity)
    {
        var (left, part) = (quantity, last.GetValueOrDefault((demand.Document.Id, line.Line)));
        foreach (var key in keys(line.Sku, node))
        {
            var taken = shelf.Reserve(key, demand, line, part + 1, left);
            if (taken.IsZero) continue;
            (left, part) = (left - taken, part + 1);
        }

        if (left.IsPositive) throw new InvariantBroken($"{quantity} of {line.Sku} at {node} were to be promised, and {left} of them were not there.");
        last[(demand.Document.Id, line.Line)] = part;
        held.Add(line.Sku, node, demand.Channel?.Text, quantity);
        return new NodeHold(line.Line, node, quantity);
    }

    /// The components that are in the way at each node; where each node lacks another one, those of the first.
    private IReadOnlyList<Sku> Lacking(Demand demand, KitLack kit, IEnumerable<DemandLine> lines, IReadOnlyList<NodeCode> nodes)
    {
        if (nodes.Count == 0) return [];
        var perNode = nodes.Select(n => lines.Where(l => Allowed(demand, l.Sku, n).Quantity < l.Kit!.Value.Each).Select(l => l.Sku).ToArray()).ToArray();
        var everywhere = perNode.Aggregate((a, b) => [.. a.Intersect(b)]);
        return everywhere.Length > 0 ? everywhere : perNode[0];
    }

    private IReadOnlyList<KeptBack> Kept(Demand demand, IReadOnlyList<DemandLine> missing, IReadOnlyList<NodeCode> nodes) =>
        [.. missing.SelectMany(l => nodes.Select(n => (Line: l, Node: n, Allowed(demand, l.Sku, n).Why))).Where(k => k.Why is not null).Select(k => new KeptBack(k.Line.Line, k.Node, k.Why!))];

    private (Quantity Quantity, string? Why) Allowed(Demand demand, Sku sku, NodeCode node)
    {
        if (demand.Lines.Any(l => l.Without is { } without && l.Sku == sku && without.Contains(node))) return (0, null);
        var (free, why) = held.Allows(OnOffer.Of(shelf, keys(sku, node)), demand.Channel?.Text, demand.Kind);
        return demand.KeepsBack.IsPositive ? (Quantity.Max(0, free - demand.KeepsBack), why ?? $"{demand.KeepsBack} stay there") : (free, why);
    }
}
