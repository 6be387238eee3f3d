using System.Collections.Concurrent;
using Keel.Ui;

namespace Keel.Catalog.Contract;

/// Whether a kit is put together as it is picked, or before.
public enum KitKind
{
    /// Never in stock itself: it is there as often as its components are.
    [Shown(StateRole.Idle, "Virtual")]
    Virtual,

    /// Stocked as units of its own, assembled before they are sold.
    [Shown(StateRole.Ready, "Pre-built")]
    PreBuilt,
}

/// So many of a product, in one kit.
public readonly record struct KitPart(Sku Sku, Quantity Quantity);

/// What one unit of a kit is made of, as somebody said it.
public sealed record Kit(Sku Sku, KitKind Kind, IReadOnlyList<KitPart> Components);

/// What is made of what: all kits, kept in memory as settings are.
public sealed class KitBook
{
    /// Kits within kits go no deeper; a cycle is refused when it is saved.
    private const int Deepest = 100;

    private readonly Dictionary<Sku, Kit> kits;
    private readonly ConcurrentDictionary<Sku, IReadOnlyList<KitPart>> parts = [];

    /// Of these kits, and no others.
    public KitBook(IEnumerable<Kit> kits) => this.kits = kits.ToDictionary(k => k.Sku);

    /// All kits, by their SKU.
    public IReadOnlyDictionary<Sku, Kit> All => kits;

    /// The kits as the operation that runs sees them.
    public static Task<KitBook> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    /// The kit under a SKU, or nothing where it is none.
    public Kit? Find(Sku sku) => kits.GetValueOrDefault(sku);

    /// Never in stock itself.
    public bool IsVirtual(Sku sku) => kits.TryGetValue(sku, out var kit) && kit.Kind is KitKind.Virtual;

    /// What stands on the shelf for one unit of a product: of a virtual kit all that it is made of, through kits within kits, each SKU once;
    /// of everything else the product itself.
    public IReadOnlyList<KitPart> PartsOf(Sku sku) => IsVirtual(sku) ? parts.GetOrAdd(sku, s => Flat(kits[s].Components, 0)) : [new KitPart(sku, 1)];

    /// What goes into one unit of a kit when it is assembled: its components, virtual ones by what they are made of.
    public IReadOnlyList<KitPart> PartsOf(Kit kit) => Flat(kit.Components, 0);

    /// As people say it: `1 × BOX, 2 × MUG-BL`.
    public static string Words(IEnumerable<KitPart> parts) => string.Join(", ", parts.Select(p => $"{p.Quantity} × {p.Sku}"));

    private IReadOnlyList<KitPart> Flat(IReadOnlyList<KitPart> components, int depth)
    {
        if (depth > Deepest) throw new InvariantBroken("A kit is made of itself.");
        var sums = new Dictionary<Sku, Quantity>();
        foreach (var component in components)
        {
            IReadOnlyList<KitPart> own = IsVirtual(component.Sku) ? [.. Flat(kits[component.Sku].Components, depth + 1).Select(p => p with { Quantity = p.Quantity.Times(component.Quantity) })] : [component];
            foreach (var part in own) sums[part.Sku] = sums.GetValueOrDefault(part.Sku) + part.Quantity;
        }

        return [.. sums.Select(s => new KitPart(s.Key, s.Value))];
    }

    private static async Task<KitBook> Load(KeelDb db, CancellationToken ct)
    {
        var heads = db.Ask<Head>($"select sku, kind from catalog.kit");
        var rows = db.Ask<Row>($"select kit, component, quantity from catalog.kit_component order by kit, place");
        await db.Flush(ct);
        var own = rows.Value.ToLookup(r => r.Kit, r => new KitPart(r.Component, r.Quantity));
        return new KitBook(heads.Value.Select(h => new Kit(h.Sku, h.Kind, [.. own[h.Sku]])));
    }

    private sealed record Head(Sku Sku, KitKind Kind);

    private sealed record Row(Sku Kit, Sku Component, Quantity Quantity);
}

/// Quantities of parts in several kits.
public static class KitQuantities
{
    /// So much in each of so many whole kits: exact.
    public static Quantity Times(this Quantity each, Quantity kits) => kits.IsWhole
        ? new Quantity(checked(each.Thousandths * (kits.Thousandths / 1_000)))
        : throw new InvariantBroken($"{kits} kits are not whole.");
}
