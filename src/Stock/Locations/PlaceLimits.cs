namespace Keel.Stock;

/// Whether goods that are to be moved into places may lie there: of which storage class, how many units, how heavy and how large, and beside what. Counts
/// and receipts are not asked: what is there is there.
internal sealed class PlaceLimits(KeelDb db)
{
    public static readonly Error Full = new("stock.place-full", "The place does not hold as much. Move less, or name another place.");
    public static readonly Error Mixed = new("stock.place-mixed", "Something else lies in this place, and it takes only one product. Name another place.");
    public static readonly Error Taken = new("stock.place-taken", "This place takes goods only while it is empty. Name another place.");
    public static readonly Error WrongClass = new("stock.place-class", "The goods are of another storage class than the place. Name another place.");

    /// Locks the places with limits, so that two moves into one of them do not both find room.
    public async Task<Error?> Check(Places places, IReadOnlyList<MoveStock.Line> lines, CancellationToken ct)
    {
        if (await OtherClass(places, lines, ct) is { } other) return other;
        var limited = lines.Select(l => places.ByCode[l.To]).Where(HasLimits).DistinctBy(l => l.Code).OrderBy(l => l.Code).ToArray();
        if (limited.Length == 0) return null;
        // Who changes places is waited for before a row of theirs is locked, as everywhere.
        places.StandOn(db, limited.Select(l => l.Node));
        var codes = limited.Select(l => l.Code).ToArray();
        db.QueueQuery<int>($"select 1 from stock.location where company_id = {db.Company} and code = any({codes}) order by code for no key update", _ => { });
        var lying = db.Ask<Lying>($"select location, sku, sum(on_hand)::bigint as units from stock.level where company_id = {db.Company} and location = any({codes}) and on_hand > 0 group by location, sku");
        await db.Flush(ct);
        var skus = lines.Select(l => l.Sku).Concat(lying.Value.Select(l => l.Sku)).Distinct().ToArray();
        var sizes = (await db.Query<Size>($"select sku, weight_grams, length_mm::bigint * width_mm * height_mm as volume from catalog.pub_product where sku = any({skus})", ct)).ToDictionary(s => s.Sku);
        return limited.Select(place => Wrong(place, lines, [.. lying.Value.Where(l => l.Location == place.Code)], sizes)).FirstOrDefault(e => e is not null);
    }

    /// Whether so many packages more may stand in a place. Nobody else puts one there meanwhile.
    public async Task<Error?> CheckPackages(Places places, LocationCode to, int more, CancellationToken ct)
    {
        if (places.ByCode[to].MaxPackages is not { } most) return null;
        places.StandOn(db, [places.ByCode[to].Node]);
        db.QueueQuery<int>($"select 1 from stock.location where company_id = {db.Company} and code = {to} for no key update", _ => { });
        var there = await db.First<long>($"select count(*) from stock.package where company_id = {db.Company} and location = {to} and status <> 'Ended' and parent is null", ct);
        return there + more > most ? Full.With($"{to} holds {most} packages at most, and {there} stand there. Name another place.") : null;
    }

    /// Goods that keep cool, or burn, are stored in no other place than one that is made for them. On their way to a customer they may stand anywhere.
    private async Task<Error?> OtherClass(Places places, IReadOnlyList<MoveStock.Line> lines, CancellationToken ct)
    {
        var stored = lines.Where(l => Putaway.IsFor(places.ByCode[l.To], GoodsCondition.Good)).ToArray();
        if (stored.Length == 0) return null;
        var classes = (await db.Query<Classed>(
            $"""
            select p.sku, coalesce(p.attributes ->> {Putaway.ClassAttribute}, f.attributes ->> {Putaway.ClassAttribute}) as class
            from catalog.pub_product p left join catalog.pub_product f on f.sku = p.variant_of
            where p.sku = any({stored.Select(l => l.Sku).Distinct().ToArray()}) and coalesce(p.attributes ->> {Putaway.ClassAttribute}, f.attributes ->> {Putaway.ClassAttribute}) is not null
            """, ct)).ToDictionary(c => c.Sku, c => c.Class);
        var wrong = stored.FirstOrDefault(l => classes.TryGetValue(l.Sku, out var written) && Putaway.ClassOf(written) != places.ByCode[l.To].Class);
        return wrong is null ? null : Putaway.ClassOf(classes[wrong.Sku]) is null
            ? WrongClass.With($"Nobody knows the storage class {classes[wrong.Sku]} of {wrong.Sku}. It may be {string.Join(", ", Enum.GetNames<StorageClass>())}: put it right in the catalogue.")
            : WrongClass.With($"{wrong.Sku} is stored {classes[wrong.Sku]}, and {wrong.To} is {places.ByCode[wrong.To].Class}. Name another place.");
    }

    private static bool HasLimits(Location place) => place.Mixing is not Mixing.Mixed || (place.MaxUnits ?? place.MaxKilograms ?? place.MaxLitres) is not null;

    private static Error? Wrong(Location place, IReadOnlyList<MoveStock.Line> lines, IReadOnlyList<Lying> before, Dictionary<Sku, Size> sizes)
    {
        if (place.Mixing is Mixing.OnlyEmpty && before.Count > 0)
            return Taken.With($"{place.Code} takes goods only while it is empty, and {before[0].Sku} lies there. Name another place.");
        var after = before.ToDictionary(l => l.Sku, l => l.Units);
        foreach (var line in lines.Where(l => l.To == place.Code)) after[line.Sku] = after.GetValueOrDefault(line.Sku) + line.Quantity;
        foreach (var line in lines.Where(l => l.From == place.Code)) after[line.Sku] = after.GetValueOrDefault(line.Sku) - line.Quantity;
        var lie = after.Where(a => a.Value.IsPositive).ToArray();
        if (place.Mixing is Mixing.SameProduct && lie.Length > 1)
            return Mixed.With($"{place.Code} takes only one product, and {lie[0].Key} and {lie[1].Key} would lie there. Name another place.");
        if (place.MaxUnits is { } units && lie.Sum(l => l.Value) is var all && all > units)
            return Full.With($"{place.Code} holds {units} units at most; {all} would lie there. Move less, or name another place.");
        // Goods whose weight or size nobody knows count for nothing: the place is refused only where it is surely too small.
        var grams = lie.Sum(l => (decimal)(sizes.GetValueOrDefault(l.Key)?.WeightGrams ?? 0) * l.Value.Units);
        if (place.MaxKilograms is { } kilograms && grams > kilograms * 1000m)
            return Full.With($"{place.Code} holds {kilograms} kg at most; {Math.Ceiling(grams / 1000)} kg would lie there. Move less, or name another place.");
        var volume = lie.Sum(l => (sizes.GetValueOrDefault(l.Key)?.Volume ?? 0) * l.Value.Units);
        return place.MaxLitres is { } litres && volume > litres * 1_000_000m
            ? Full.With($"{place.Code} holds {litres} litres at most; {Math.Ceiling(volume / 1_000_000)} litres would lie there. Move less, or name another place.") : null;
    }

    private sealed record Classed(Sku Sku, string Class);

    private sealed record Lying(LocationCode Location, Sku Sku, Quantity Units);

    private sealed record Size(Sku Sku, int? WeightGrams, long? Volume);
}
