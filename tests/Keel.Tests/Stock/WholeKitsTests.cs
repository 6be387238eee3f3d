using Keel.Catalog.Contract;
using Keel.Kernel;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// The arithmetic of whole kits, held against trying everything.
public class WholeKitsTests
{
    private static readonly Sku[] Parts = ["A", "B", "C"];
    private static readonly NodeCode[] Nodes = ["N1", "N2"];

    [Fact, Feature("MF-06")]
    public void The_scarcest_component_says_how_many_whole_kits_there_are()
    {
        Had([("A", 2), ("B", 1)], ("A", 7), ("B", 5)).ShouldBe(3);
        Had([("A", 2), ("B", 1)], ("A", 1), ("B", 5)).ShouldBe(0, "half a kit is none");
        Had([("A", 2), ("B", 1)], ("A", 7)).ShouldBe(0, "a part that nobody knows is not there");
        WholeKits.Of([new KitPart("RIBBON", Quantity.Of(1.5m))], _ => Quantity.Of(4.4m)).ShouldBe(2);
        WholeKits.Of([new KitPart("A", 1)], _ => -5).ShouldBe(0);
    }

    [Fact, Feature("MF-06")]
    public void Kits_within_kits_are_flattened_and_what_they_share_is_counted_once()
    {
        var book = new KitBook([
            new Kit("SET", KitKind.Virtual, [new("MUG", 1), new("PAIR", 2), new("CHEST", 1)]),
            new Kit("PAIR", KitKind.Virtual, [new("MUG", 2), new("BOX", 1)]),
            new Kit("CHEST", KitKind.PreBuilt, [new("MUG", 6)])]);

        book.PartsOf("SET").ShouldBe([new KitPart("MUG", 5), new KitPart("BOX", 2), new KitPart("CHEST", 1)]);
        book.PartsOf("CHEST").ShouldBe([new KitPart("CHEST", 1)], "what is assembled before stands on the shelf itself");
        book.PartsOf(book.Find("CHEST")!).ShouldBe([new KitPart("MUG", 6)]);
        WholeKits.Of(book.PartsOf("SET"), s => s == "MUG" ? 14 : 100).ShouldBe(2, "five mugs go into one set, not one, two and two of the same ones");
    }

    [Fact, Feature("MF-06", "IN-37")]
    public void Lines_that_share_components_leave_each_other_what_they_need()
    {
        // The first node has the only B: whoever wants A alone takes it from the second.
        var shares = WholeKits.Share([WholeWant.OfProduct(1, "A", 1), WholeWant.OfKit(2, 1, [new("A", 1), new("B", 1)])], Nodes, (sku, node) => (sku.Text, node.Text) switch { ("A", _) => 1, ("B", "N1") => 1, _ => 0 });

        shares.ShouldBe([new WholeShare(1, "N2", 1), new WholeShare(2, "N1", 1)]);
    }

    [Fact, Feature("MF-06")]
    public void Measured_goods_lose_nothing_to_whole_numbers()
    {
        var shares = WholeKits.Share([WholeWant.OfProduct(1, "A", Quantity.Of(7.3m)), WholeWant.OfKit(2, 2, [new("A", Quantity.Of(1.5m)), new("B", 1)])], Nodes, (sku, node) => sku == "A" ? Quantity.Of(4.4m) : 5);

        shares.Where(s => s.Line == 1).Sum(s => s.Quantity).ShouldBe(Quantity.Of(7.3m));
        shares.Where(s => s.Line == 2).ShouldBe([new WholeShare(2, "N2", 1)], "what is left of both is one and a half, all of it at the second");
    }

    [Theory, Feature("MF-06", "IN-37"), InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Nothing_that_can_be_tried_serves_earlier_lines_better(int seed)
    {
        var dice = new Random(seed);
        for (var round = 0; round < 250; round++)
        {
            var wants = Enumerable.Range(1, 1 + dice.Next(3)).Select(line => dice.Next(3) == 0
                ? WholeWant.OfProduct(line, Parts[dice.Next(3)], dice.Next(1, 4))
                : WholeWant.OfKit(line, dice.Next(1, 4), [.. Parts.Where(_ => dice.Next(2) == 0).DefaultIfEmpty("A").Select(p => new KitPart(p, dice.Next(1, 3)))])).ToArray();
            var nodes = Nodes[..(1 + dice.Next(2))];
            var free = Parts.SelectMany(p => nodes.Select(n => (p, n))).ToDictionary(k => k, _ => (Quantity)dice.Next(0, 6));

            var shares = WholeKits.Share(wants, nodes, (sku, node) => free[(sku, node)]);

            foreach (var (key, quantity) in free) shares.Where(s => s.Node == key.n).Sum(s => Takes(wants.Single(w => w.Line == s.Line), key.p, s.Quantity)).ShouldBeLessThanOrEqualTo(quantity, "nothing is given twice");
            shares.Where(s => wants.Single(w => w.Line == s.Line).IsKit).ShouldAllBe(s => s.Quantity.IsWhole);
            wants.Select(w => (int)shares.Where(s => s.Line == w.Line).Sum(s => s.Quantity).Units).ToArray().ShouldBe(Best(wants, nodes, free, 0), $"seed {seed}, round {round}");
        }
    }

    /// Every way in which every line can be split, tried one by one: the best of them, an earlier line first.
    private static int[] Best(WholeWant[] wants, NodeCode[] nodes, Dictionary<(Sku, NodeCode), Quantity> free, int at)
    {
        if (at == wants.Length) return [];
        int[]? best = null;
        var most = (int)wants[at].Wanted.Units;
        foreach (var split in nodes.Length == 1 ? Enumerable.Range(0, most + 1).Select(a => new[] { a }) : from a in Enumerable.Range(0, most + 1) from b in Enumerable.Range(0, most + 1 - a) select new[] { a, b })
        {
            var left = new Dictionary<(Sku, NodeCode), Quantity>(free);
            for (var n = 0; n < nodes.Length; n++)
            {
                foreach (var part in wants[at].Parts) left[(part.Sku, nodes[n])] -= Takes(wants[at], part.Sku, split[n]);
            }

            if (left.Values.Any(q => q.IsNegative)) continue;
            int[] way = [split.Sum(), .. Best(wants, nodes, left, at + 1)];
            if (best is null || way.Zip(best).Select(p => p.First.CompareTo(p.Second)).FirstOrDefault(c => c != 0) > 0) best = way;
        }

        return best!;
    }

    private static Quantity Takes(WholeWant want, Sku sku, Quantity quantity) => new(want.Parts.Where(p => p.Sku == sku).Sum(p => p.Quantity.Thousandths * quantity.Thousandths / 1_000));

    private static Quantity Had((Sku Sku, Quantity Each)[] parts, params (Sku Sku, Quantity Free)[] free) =>
        WholeKits.Of([.. parts.Select(p => new KitPart(p.Sku, p.Each))], s => free.FirstOrDefault(f => f.Sku == s).Free);
}
