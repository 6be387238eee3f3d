using System.ComponentModel.DataAnnotations;

namespace Keel.Stock;

/// In which order bins are emptied.
public enum Removal
{
    /// As somebody walks: by the places' order.
    Closest,

    /// What came into the house first.
    FirstIn,

    /// What came into the house last.
    LastIn,

    /// What expires first.
    FirstExpired,

    /// Bins that hold all that is wanted before several small ones.
    FewestBins,

    /// What costs least to fetch: as few stops as can be, and among bins that end the search the nearest.
    LeastCost,
}

/// Which bins are emptied first: of goods that keep, and of goods with a date; apart from that for categories and sites that name their own.
internal sealed record RemovalRules(Removal Goods, Removal Dated, [MaxLength(200)] IReadOnlyList<RemovalRules.Own>? Apart = null) : IPolicy<RemovalRules>
{
    public static string Kind => "removal";
    public static RemovalRules AsDelivered { get; } = new(Removal.Closest, Removal.FirstExpired);
    public static string Says => "Which bins are emptied first: for goods that keep, and for goods with a date on which they expire. A category, a site or both may have an order of their own.";
    public static IReadOnlyList<string> UsedBy => ["stock.ship-transfer"];

    /// The order of a category, of a site, or of a category at a site; what it leaves open is as for all.
    public sealed record Own([MaxLength(80)] string? Category = null, NodeCode? Site = null, Removal? Goods = null, Removal? Dated = null);

    /// How goods of a category are taken at a site: the nearest that says so, a category before a site.
    public Removal Of(string? category, NodeCode site, bool dated)
    {
        var near = (Apart ?? []).Where(o => (o.Category is not { Length: > 0 } own || own == category) && (o.Site is not { } at || at == site) && (dated ? o.Dated : o.Goods) is not null)
            .MaxBy(o => (o.Category is { Length: > 0 } ? 2 : 0) + (o.Site is not null ? 1 : 0));
        return (dated ? near?.Dated : near?.Goods) ?? (dated ? Dated : Goods);
    }

    /// Levels in the order in which they are emptied; among equals as somebody walks.
    public IEnumerable<Level> Sort(IEnumerable<Level> levels, Func<Level, int> walk, Quantity goal, string? category = null)
    {
        var there = levels as IReadOnlyCollection<Level> ?? [.. levels];
        if (there.Count <= 1) return there;
        var how = Of(category, there.First().Key.Node, there.Any(l => l.SellUntil is not null));
        if (how is Removal.LeastCost) return FewestStops([.. Walked(there.Order(Comparer<Level>.Create((_, _) => 0)), walk)], goal);
        var sorted = how switch
        {
            Removal.FirstExpired => there.OrderBy(l => l.SellUntil ?? DateOnly.MaxValue),
            Removal.FirstIn => there.OrderBy(l => l.ArrivedAt),
            Removal.LastIn => there.OrderByDescending(l => l.ArrivedAt),
            // The smallest bin that has it all, else the largest.
            Removal.FewestBins => there.OrderByDescending(l => l.Free >= goal).ThenBy(l => l.Free >= goal ? l.Free : -l.Free),
            _ => there.Order(Comparer<Level>.Create((_, _) => 0)),
        };
        return Walked(sorted, walk);
    }

    private static IOrderedEnumerable<Level> Walked(IOrderedEnumerable<Level> sorted, Func<Level, int> walk) =>
        sorted.ThenBy(walk).ThenBy(l => l.Key.Location.Text, StringComparer.Ordinal).ThenBy(l => l.Key.Lot, StringComparer.Ordinal);

    /// The largest bins until one has the rest; of those that have it the first on the way. No other choice needs fewer stops.
    private static IEnumerable<Level> FewestStops(List<Level> walked, Quantity goal)
    {
        while (walked.Count > 0)
        {
            var next = walked.Find(l => l.Free >= goal) ?? walked.MaxBy(l => l.Free)!;
            yield return next;
            walked.Remove(next);
            goal -= next.Free;
        }
    }
}
