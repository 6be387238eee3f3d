namespace Keel.Stock;

/// What a request would add to the tree of places: how many of each, and both ends of the walk.
internal sealed class ForetellPlaces : IForetell
{
    public ValueTask<IReadOnlyList<Foretold>> Tell(Made made, CancellationToken ct)
    {
        var places = made.Of<Location>();
        if (places.Count == 0) return ValueTask.FromResult<IReadOnlyList<Foretold>>([]);
        var bins = places.Where(p => p.Tier is PlaceTier.Bin).ToArray();
        var told = new List<string>();
        if (places.Count > bins.Length)
            told.Add($"Adds {places.Count(p => p.Tier is PlaceTier.Zone)} zones, {places.Count(p => p.Tier is PlaceTier.Aisle)} aisles and {places.Count(p => p.Tier is PlaceTier.Rack)} racks.");
        if (bins.Length == 1) told.Add($"Adds the bin {bins[0].Code}.");
        if (bins.Length > 1) told.Add($"Adds {bins.Length} bins, walked from {bins.MinBy(b => b.PickOrder)!.Code} to {bins.MaxBy(b => b.PickOrder)!.Code}.");
        if (bins.Length > 1 && bins.Count(b => b.Kind is PlaceKind.PickFace) is > 0 and var faces) told.Add($"{faces} of them are pick faces.");
        return ValueTask.FromResult<IReadOnlyList<Foretold>>([.. told.Select(sentence => new Foretold("Places", sentence))]);
    }
}
