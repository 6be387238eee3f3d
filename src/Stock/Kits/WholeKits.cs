using System.Numerics;
using Keel.Catalog.Contract;

namespace Keel.Stock;

/// One line that wants goods: so many kits, each with its parts, or so much of a product.
internal sealed record WholeWant(int Line, Quantity Wanted, IReadOnlyList<KitPart> Parts, bool IsKit)
{
    /// So many whole kits.
    public static WholeWant OfKit(int line, Quantity kits, IReadOnlyList<KitPart> parts) => new(line, kits, parts, true);

    /// So much of a product itself.
    public static WholeWant OfProduct(int line, Sku sku, Quantity quantity) => new(line, quantity, [new KitPart(sku, 1)], false);
}

/// So many kits, or so much of a product, for a line from a node.
internal readonly record struct WholeShare(int Line, NodeCode Node, Quantity Quantity);

/// How many whole kits can be had of components that several of them share. The same arithmetic says what is available and decides what is reserved.
internal static class WholeKits
{
    /// So many ways are looked at before the best one so far is taken: only lines that share components over several nodes have more than one.
    private const int Patience = 20_000;

    /// How many kits can be had of what is free of their parts: whole ones, and none where a part is missing.
    public static Quantity Of(IReadOnlyList<KitPart> parts, Func<Sku, Quantity> free) => new(checked(Portions(parts, free) * 1_000));

    /// Shares what is free among lines: an earlier line gets as many as it can have at all, from those nodes that leave later lines the most; the first
    /// node where that makes no difference. One kit comes from one node.
    public static IReadOnlyList<WholeShare> Share(IReadOnlyList<WholeWant> wants, IReadOnlyList<NodeCode> nodes, Func<Sku, NodeCode, Quantity> free)
    {
        var left = wants.SelectMany(w => w.Parts.Select(t => t.Sku)).Distinct().ToDictionary(s => s, s => nodes.Select(n => Math.Max(0, free(s, n).Thousandths)).ToArray());
        return [.. Groups(wants).SelectMany(g => new Search([.. g.Select(w => PortionOf(w, g, left))], nodes, left).Best()).OrderBy(s => s.Line).ThenBy(s => Index(nodes, s.Node))];
    }

    /// A kit comes in whole kits; a product in the largest piece of which everything is a multiple, so that nothing is lost and few ways are looked at.
    private static Portioned PortionOf(WholeWant want, IReadOnlyList<WholeWant> all, Dictionary<Sku, long[]> left)
    {
        if (want.IsKit) return new Portioned(want.Line, want.Wanted.Thousandths / 1_000, 1, want.Parts);
        var sku = want.Parts[0].Sku;
        var sizes = all.SelectMany(w => w.IsKit ? w.Parts.Where(p => p.Sku == sku).Select(p => p.Quantity.Thousandths) : w.Parts[0].Sku == sku ? [w.Wanted.Thousandths] : []).Concat(left[sku]);
        var piece = new Quantity(Math.Max(1, sizes.Aggregate(0L, (a, b) => (long)BigInteger.GreatestCommonDivisor(a, b))));
        return new Portioned(want.Line, want.Wanted.Thousandths / piece.Thousandths, piece, [new KitPart(sku, piece)]);
    }

    /// What one line wants, in portions: a kit, or a piece of a product, and what one portion takes.
    private sealed record Portioned(int Line, long Portions, Quantity Portion, IReadOnlyList<KitPart> Takes);

    private static long Portions(IReadOnlyList<KitPart> parts, Func<Sku, Quantity> free) =>
        parts.Count == 0 ? 0 : parts.Min(p => Math.Max(0, free(p.Sku).Thousandths) / p.Quantity.Thousandths);

    private static int Index(IReadOnlyList<NodeCode> nodes, NodeCode node) => nodes.TakeWhile(n => n != node).Count();

    /// Lines that share a component, directly or through others, are decided together; the others each for themselves.
    private static IEnumerable<IReadOnlyList<WholeWant>> Groups(IReadOnlyList<WholeWant> wants)
    {
        var group = Enumerable.Range(0, wants.Count).ToArray();
        var first = new Dictionary<Sku, int>();
        for (var i = 0; i < wants.Count; i++)
        {
            foreach (var part in wants[i].Parts)
            {
                if (first.TryAdd(part.Sku, i)) continue;
                var (from, to) = (Root(i), Root(first[part.Sku]));
                group[Math.Max(from, to)] = Math.Min(from, to);
            }
        }

        return wants.Select((w, i) => (w, Root: Root(i))).GroupBy(p => p.Root, p => p.w).Select(g => (IReadOnlyList<WholeWant>)[.. g]);

        int Root(int i)
        {
            while (group[i] != i) i = group[i];
            return i;
        }
    }

    /// Looks through the ways in which lines can be split over nodes, the nodes in their order first, and keeps the best.
    private sealed class Search(IReadOnlyList<Portioned> wants, IReadOnlyList<NodeCode> nodes, Dictionary<Sku, long[]> left)
    {
        private readonly long[,] now = new long[wants.Count, nodes.Count];
        private readonly long[] sums = new long[wants.Count];
        private long[]? bestSums;
        private long[,] best = new long[0, 0];
        private int ways;

        /// Lines of one and the same product take it from each other's hands alike: there the first way is the best.
        private readonly bool isPlain = nodes.Count == 1 || wants.Count == 1 || wants.All(w => w.Takes is [var only] && only == wants[0].Takes[0]);

        public IEnumerable<WholeShare> Best()
        {
            Try(0);
            for (var i = 0; i < wants.Count; i++)
            {
                for (var n = 0; n < nodes.Count; n++)
                {
                    if (best[i, n] > 0) yield return new WholeShare(wants[i].Line, nodes[n], new Quantity(checked(best[i, n] * wants[i].Portion.Thousandths)));
                }
            }
        }

        /// True where nothing better can be found.
        private bool Try(int at)
        {
            if (at == wants.Count)
            {
                if (bestSums is null || Compare(at) > 0) (bestSums, best) = ([.. sums], (long[,])now.Clone());
                return isPlain || ++ways >= Patience || wants.Select((w, i) => bestSums[i] >= w.Portions).All(full => full);
            }

            var most = new long[nodes.Count];
            for (var n = 0; n < nodes.Count; n++) most[n] = wants[at].Takes.Min(p => left[p.Sku][n] / p.Quantity.Thousandths);
            Int128 all = 0;
            foreach (var one in most) all += one;
            sums[at] = (long)Int128.Min(wants[at].Portions, all);
            if (bestSums is not null && Compare(at + 1) < 0) return ++ways >= Patience;
            return Split(at, 0, sums[at], most);
        }

        private bool Split(int at, int node, long wanted, long[] most)
        {
            if (node == nodes.Count) return Try(at + 1);
            Int128 further = 0;
            for (var n = node + 1; n < nodes.Count; n++) further += most[n];
            var least = (long)Int128.Max(0, wanted - further);
            for (var take = Math.Min(wanted, most[node]); take >= least; take--)
            {
                Take(at, node, take);
                var isDone = Split(at, node + 1, wanted - take, most);
                Take(at, node, -take);
                if (isDone) return true;
            }

            return false;
        }

        private void Take(int at, int node, long portions)
        {
            now[at, node] += portions;
            foreach (var part in wants[at].Takes) left[part.Sku][node] -= checked(part.Quantity.Thousandths * portions);
        }

        /// How the lines decided so far stand against the best: an earlier line counts first.
        private int Compare(int count)
        {
            for (var i = 0; i < count; i++)
            {
                if (sums[i] != bestSums![i]) return sums[i].CompareTo(bestSums[i]);
            }

            return 0;
        }
    }
}
