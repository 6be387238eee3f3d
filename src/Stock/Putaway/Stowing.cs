namespace Keel.Stock;

/// Why bins are looked at for goods.
public enum StowBy
{
    /// A rule for their SKU names the place.
    Product,

    /// A rule for their category does.
    Category,

    /// A rule for everything does.
    All,

    /// The place of a rule is full: the zone that it lies in.
    Above,

    /// Nothing else has room.
    Overflow,

    /// No rule speaks of them: any bin of the site.
    Unruled,
}

/// Bins that goods may go to: who says so, and which of them is taken first. The bins stand in walking order.
internal sealed record StowWay(StowBy By, LocationCode? Place, BinChoice Choice, IReadOnlyList<BinRoom> Bins);

/// So many into one bin, and why there.
internal sealed record StowStep(LocationCode Bin, Quantity Quantity, StowBy By, LocationCode? Place, BinChoice Choice);

/// Where goods go, how many find no place, and which bin first kept some out and by what.
internal sealed record StowPlan(IReadOnlyList<StowStep> Steps, Quantity Left, LocationCode? Full, BinLimit? Limit);

/// The arithmetic of putting away, without a database: bins are filled way by way, none beyond what it takes. What goes in is counted at once, so
/// that the next load finds less room.
internal static class Stowing
{
    public static StowPlan Plan(Load load, IReadOnlyList<StowWay> ways)
    {
        var left = load.Quantity;
        var steps = new List<StowStep>();
        var seen = new HashSet<BinRoom>();
        (LocationCode? Full, BinLimit? Limit) first = default;
        foreach (var way in ways)
        {
            if (!left.IsPositive) break;
            BinRoom[] open = [.. way.Bins.Where(seen.Add)];
            // What a bin takes does not change while others are filled: once each is enough.
            var room = open.Select(b => (Bin: b, Room: b.Fits(load, left))).ToArray();
            if (first.Limit is null && Array.Find(room, r => r.Room.Limit is not null) is { Room.Limit: { } limit } full) first = (full.Bin.Place.Code, limit);
            foreach (var (bin, takes) in room.Where(r => r.Room.Fits.IsPositive).OrderBy(r => Turn(r.Bin, load, way.Choice)))
            {
                if (!left.IsPositive) break;
                var fits = Quantity.Min(takes.Fits, left);
                bin.Put(load, fits);
                steps.Add(new StowStep(bin.Place.Code, fits, way.By, way.Place, way.Choice));
                left -= fits;
            }
        }

        return new StowPlan(steps, left, left.IsPositive ? first.Full : null, left.IsPositive ? first.Limit : null);
    }

    /// A lower turn is taken first; among equals the order of the bins stays.
    private static long Turn(BinRoom bin, Load load, BinChoice choice) => choice switch
    {
        BinChoice.Emptiest => bin.Units.Thousandths,
        BinChoice.WhereItLies => load.Parts.Any(p => p.Lot.Length > 0 && bin.Has(p.Sku, p.Lot)) ? 0 : load.Parts.Any(p => bin.Has(p.Sku)) ? 1 : 2,
        _ => 0,
    };
}
