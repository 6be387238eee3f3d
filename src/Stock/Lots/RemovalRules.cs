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
}

/// Which bins are emptied first: of goods that keep, and of goods with a date.
internal sealed record RemovalRules(Removal Goods, Removal Dated) : IPolicy<RemovalRules>
{
    public static string Kind => "removal";
    public static RemovalRules AsDelivered { get; } = new(Removal.Closest, Removal.FirstExpired);
    public static string Says => "Which bins are emptied first: for goods that keep, and for goods with a date on which they expire.";
    public static IReadOnlyList<string> UsedBy => ["stock.ship-transfer"];

    /// Levels in the order in which they are emptied; among equals as somebody walks.
    public IEnumerable<Level> Sort(IEnumerable<Level> levels, Func<Level, int> walk, Quantity goal)
    {
        var there = levels as IReadOnlyCollection<Level> ?? [.. levels];
        if (there.Count <= 1) return there;
        var how = there.Any(l => l.SellUntil is not null) ? Dated : Goods;
        var sorted = how switch
        {
            Removal.FirstExpired => there.OrderBy(l => l.SellUntil ?? DateOnly.MaxValue),
            Removal.FirstIn => there.OrderBy(l => l.ArrivedAt),
            Removal.LastIn => there.OrderByDescending(l => l.ArrivedAt),
            // The smallest bin that has it all, else the largest.
            Removal.FewestBins => there.OrderByDescending(l => l.Free >= goal).ThenBy(l => l.Free >= goal ? l.Free : -l.Free),
            _ => there.Order(Comparer<Level>.Create((_, _) => 0)),
        };
        return sorted.ThenBy(walk).ThenBy(l => l.Key.Location.Text, StringComparer.Ordinal).ThenBy(l => l.Key.Lot, StringComparer.Ordinal);
    }
}
