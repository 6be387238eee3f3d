using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// What there is of virtual kits, worked out from what there is of their components by the arithmetic that reserves them.
internal static class KitSupply
{
    /// The products that a question about some SKUs is really about: of virtual kits their parts.
    public static IReadOnlyCollection<Sku> Shelved(KitBook book, IReadOnlyCollection<Sku> skus) =>
        skus.Any(book.IsVirtual) ? [.. skus.SelectMany(book.PartsOf).Select(p => p.Sku).Distinct()] : skus;

    /// With a virtual kit's own row at each node that has all of its parts on its books; a kit itself is never on hand.
    public static List<Availability> Of(KitBook book, IReadOnlyCollection<Sku> skus, IReadOnlyList<Availability> parts)
    {
        if (!skus.Any(book.IsVirtual)) return [.. parts];
        var at = parts.ToDictionary(p => (p.Sku, p.Node));
        return [.. Answers(book, skus, parts, p => p.Sku, p => p.Node, (sku, own, node) =>
            new Availability(sku, node, 0, Quantity.Max(0, WholeKits.Of(own, s => at.TryGetValue((s, node), out var part) ? part.Available : 0)), 0))];
    }

    public static IReadOnlyList<ChannelOffer> Of(KitBook book, IReadOnlyCollection<Sku> skus, IReadOnlyList<ChannelOffer> parts)
    {
        if (!skus.Any(book.IsVirtual)) return parts;
        var at = parts.ToDictionary(p => (p.Sku, p.Node));
        return [.. Answers(book, skus, parts, p => p.Sku, p => p.Node, (sku, own, node) =>
        {
            var quantity = WholeKits.Of(own, s => at.TryGetValue((s, node), out var part) ? part.Quantity : 0);
            var available = WholeKits.Of(own, s => at.TryGetValue((s, node), out var part) ? part.Available : 0);
            var kept = own.Select(p => at.GetValueOrDefault((p.Sku, node)).Kept is { } why ? $"{p.Sku}: {why}" : null).OfType<string>().ToArray();
            return new ChannelOffer(sku, node, available, quantity, quantity < available ? string.Join("; ", kept) : null);
        })];
    }

    public static IReadOnlyList<Promisable> Of(KitBook book, IReadOnlyCollection<Sku> skus, IReadOnlyList<Promisable> parts)
    {
        if (!skus.Any(book.IsVirtual)) return parts;
        var at = parts.ToDictionary(p => (p.Sku, p.Node));
        return [.. Answers(book, skus, parts, p => p.Sku, p => p.Node, (sku, own, node) => new Promisable(
            sku, node, WholeKits.Of(own, s => at.GetValueOrDefault((s, node)).Available), WholeKits.Of(own, s => at.GetValueOrDefault((s, node)).Quantity)))];
    }

    public static IReadOnlyList<PromiseCurve> Of(KitBook book, IReadOnlyCollection<Sku> skus, IReadOnlyList<PromiseCurve> parts)
    {
        if (!skus.Any(book.IsVirtual)) return parts;
        var at = parts.ToDictionary(p => (p.Sku, p.Node));
        return [.. Answers(book, skus, parts, p => p.Sku, p => p.Node, (sku, own, node) =>
        {
            var curves = own.ToDictionary(p => p.Sku, p => at.GetValueOrDefault((p.Sku, node))?.Steps ?? []);
            var steps = new List<PromiseStep>();
            foreach (var day in curves.Values.SelectMany(c => c.Select(s => s.From)).Distinct().Order())
            {
                var quantity = WholeKits.Of(own, s => curves[s].LastOrDefault(c => c.From <= day).Quantity);
                if (steps.Count == 0 || steps[^1].Quantity != quantity) steps.Add(new PromiseStep(day, quantity));
            }

            return new PromiseCurve(sku, node, steps);
        })];
    }

    /// The answers for what was asked: products as they are, kits at every node that knows one of their parts.
    private static IEnumerable<T> Answers<T>(KitBook book, IReadOnlyCollection<Sku> skus, IReadOnlyList<T> parts, Func<T, Sku> skuOf, Func<T, NodeCode> nodeOf, Func<Sku, IReadOnlyList<KitPart>, NodeCode, T> kit)
    {
        var plain = skus.Where(s => !book.IsVirtual(s)).ToHashSet();
        foreach (var part in parts.Where(p => plain.Contains(skuOf(p)))) yield return part;
        foreach (var sku in skus.Where(book.IsVirtual).Distinct())
        {
            var own = book.PartsOf(sku);
            var of = own.Select(p => p.Sku).ToHashSet();
            foreach (var node in parts.Where(p => of.Contains(skuOf(p))).Select(nodeOf).Distinct().Order()) yield return kit(sku, own, node);
        }
    }
}
