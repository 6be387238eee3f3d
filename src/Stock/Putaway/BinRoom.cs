namespace Keel.Stock;

/// What keeps goods out of a bin.
public enum BinLimit
{
    Units,
    Weight,
    Volume,
    Packages,

    /// Something else lies there, and it takes one product only.
    Mixing,

    /// It takes goods only while it is empty.
    NotEmpty,

    /// The goods are of another storage class.
    Class,
}

/// How heavy and how large one unit is, where somebody knows.
internal readonly record struct UnitSize(int? WeightGrams, long? Volume);

/// Goods that look for a place: one product that is divided among bins, or a package that goes as a whole.
internal sealed record Load(IReadOnlyList<LoadPart> Parts)
{
    /// What it must lie in; null goes anywhere.
    public StorageClass? Class { get; init; }

    public bool IsPackage { get; init; }

    /// Units are not cut in pieces.
    public bool IsCounted { get; init; } = true;

    public Quantity Quantity => Parts.Sum(p => p.Quantity);
}

internal readonly record struct LoadPart(Sku Sku, string Lot, Quantity Quantity, UnitSize Size);

/// One bin with what lies in it and what it takes, kept up to date while goods are given places. Goods whose weight or size nobody knows count for
/// nothing, as `PlaceLimits` has it.
internal sealed class BinRoom(Location place)
{
    private readonly Dictionary<(Sku Sku, string Lot), Quantity> lying = [];
    private readonly HashSet<Sku> skus = [];
    private Quantity units;
    private decimal grams;
    private decimal volume;
    private int packages;
    private bool isTaken;

    public Location Place => place;
    public Quantity Units => units;

    public bool HasLimits => place.Mixing is not Mixing.Mixed || (place.MaxUnits ?? place.MaxKilograms ?? place.MaxLitres ?? place.MaxPackages) is not null;

    /// Says what lies there before anything is put in.
    public void Holds(Sku sku, string lot, Quantity quantity, UnitSize size)
    {
        Add(sku, lot, quantity, size);
        isTaken |= quantity.IsPositive;
    }

    public void HoldsPackages(int count) => packages += count;

    public bool Has(Sku sku) => skus.Contains(sku);

    public bool Has(Sku sku, string lot) => lying.ContainsKey((sku, lot));

    /// How many of a load it takes, and what keeps the rest out.
    public (Quantity Fits, BinLimit? Limit) Fits(Load load, Quantity left)
    {
        if (load.Class is { } needs && needs != place.Class) return (0, BinLimit.Class);
        if (place.Mixing is Mixing.OnlyEmpty && isTaken) return (0, BinLimit.NotEmpty);
        if (place.Mixing is Mixing.SameProduct && skus.Concat(load.Parts.Select(p => p.Sku)).Distinct().Count() > 1) return (0, BinLimit.Mixing);
        if (load.IsPackage && place.MaxPackages is { } most && packages >= most) return (0, BinLimit.Packages);
        (Quantity Fits, BinLimit? Limit) room = (left, null);
        if (place.MaxUnits is { } all) Narrow(BinLimit.Units, all - units.Units, 1);
        if (place.MaxKilograms is { } kilograms) Narrow(BinLimit.Weight, kilograms * 1000m - grams, Each(load, s => s.WeightGrams ?? 0));
        if (place.MaxLitres is { } litres) Narrow(BinLimit.Volume, litres * 1_000_000m - volume, Each(load, s => s.Volume ?? 0));
        return load.IsPackage && room.Fits < left ? (0, room.Limit) : room;

        void Narrow(BinLimit limit, decimal free, decimal each)
        {
            if (each <= 0 || free >= each * room.Fits.Units) return;
            var thousandths = free <= 0 ? 0 : (long)decimal.Floor(free * 1000 / each);
            room = (new Quantity(load.IsCounted ? thousandths / 1000 * 1000 : thousandths), limit);
        }
    }

    public void Put(Load load, Quantity quantity)
    {
        foreach (var part in load.Parts) Add(part.Sku, part.Lot, load.IsPackage ? part.Quantity : quantity, part.Size);
        if (load.IsPackage) packages++;
        isTaken = true;
    }

    /// What one unit of a load weighs on average, or takes up: a package is whole, so that its average is exact.
    private static decimal Each(Load load, Func<UnitSize, decimal> of) =>
        load.Parts is [var only] ? of(only.Size) : load.Quantity is { IsPositive: true } all ? load.Parts.Sum(p => of(p.Size) * p.Quantity.Units) / all.Units : 0;

    private void Add(Sku sku, string lot, Quantity quantity, UnitSize size)
    {
        if (!quantity.IsPositive) return;
        lying[(sku, lot)] = lying.GetValueOrDefault((sku, lot)) + quantity;
        skus.Add(sku);
        units += quantity;
        grams += (size.WeightGrams ?? 0) * quantity.Units;
        volume += (size.Volume ?? 0) * quantity.Units;
    }
}
