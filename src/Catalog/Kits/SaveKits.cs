using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Catalog.Products;

namespace Keel.Catalog.Kits;

/// Says what products are made of. Orders that were taken before keep what they were taken with. Without components a product is no kit any more.
[Operation("catalog.save-kits", CatalogPermissions.Edit, Domain = ProductMasters.Domain, Said = "said what {kits|a kit} is made of", Icon = "stock")]
internal sealed class SaveKits(KeelDb db, CatalogDesk catalog, MasterDesk masters, IEnumerable<IProductMergeGuard> guards) : IOperation<SaveKits.Request, Saved[]>, IAssess<SaveKits.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Item> Kits);

    /// `Version`, where it is given, is the one that the writer looked at; nought where it was no kit.
    public sealed record Item([Whole, Display(Name = "Kit")] Sku Sku, KitKind Kind = KitKind.Virtual, [MaxLength(100)] IReadOnlyList<Part>? Components = null, int? Version = null);

    /// So many in one unit of the kit.
    public sealed record Part([Display(Name = "Part")] Sku Sku, [Positive] Quantity Quantity);

    /// One kit holds no more of anything than this.
    private static readonly Quantity Most = 1_000_000;

    public static readonly Error NoProduct = Error.NotFound("product.unknown", "There is no product with this SKU. Create the product first.");
    public static readonly Error Twice = new("kit.twice", "The list names this kit twice, perhaps by another name of it. Name it once.");
    public static readonly Error PartTwice = new("kit.component-twice", "A component stands twice in the kit. Put it on one line.");
    public static readonly Error Itself = new("kit.cycle", "A kit cannot be made of itself. Take the component out.");
    public static readonly Error Measured = new("kit.measured", "A kit is counted in whole units. Make the kit of a product that is counted.");
    public static readonly Error NotWhole = Error.Invalid("kit.not-whole", "This component is counted in whole units, and a kit within a kit is whole. Enter a whole quantity.");
    public static readonly Error TooMany = Error.Invalid("kit.too-many", "One kit would hold more than a million of something. Enter less.");
    public static readonly Error ToldApart = new("kit.tracked", "A virtual kit has no units that could be told apart: its components have. Have the product not tracked, or make it pre-built.");
    public static readonly Error InStock = new("kit.in-stock", "A virtual kit is never in stock itself. Clear what there is of it first, or make it pre-built.");
    public static readonly Error ChangedMeanwhile = new("kit.changed-meanwhile", "Somebody changed this kit meanwhile. Look at it again, then save.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        // Two that save at the same time could each close half of a circle: kits are saved one after the other.
        db.QueueQuery<int>($"select 1 from (select pg_advisory_xact_lock(hashtextextended('catalog.kits', 0))) l", _ => { });
        await db.Flush(ct);
        var products = catalog.Ask(request.Kits.SelectMany(k => (k.Components ?? []).Select(c => c.Sku).Append(k.Sku)));
        var heads = db.Ask<KitRow>($"select sku, kind, version, changed_at from catalog.kit");
        var parts = db.Ask<KitComponent>($"select kit, component, quantity, place from catalog.kit_component order by kit, place");
        await db.Flush(ct);
        var rows = heads.Value.ToDictionary(k => k.Sku);
        var ofKit = parts.Value.ToLookup(p => p.Kit);
        var kits = rows.Values.ToDictionary(k => k.Sku, k => new Kit(k.Sku, k.Kind, [.. ofKit[k.Sku].Select(p => new KitPart(p.Component, p.Quantity))]));

        var answers = new List<Saved>(request.Kits.Count);
        var twice = request.Kits.CountBy(k => products.Value.GetValueOrDefault(k.Sku)?.Sku ?? k.Sku).Where(s => s.Value > 1).Select(s => s.Key).ToHashSet();
        foreach (var (item, at) in request.Kits.Select((k, i) => (k, i))) answers.Add(await One(item, at));
        if (answers.Any(a => a.As is SavedAs.Created or SavedAs.Changed)) Settings.ChangedEverywhere(db);
        return Saved.Answer([.. answers]);

        async Task<Saved> One(Item item, int at)
        {
            var key = item.Sku.Text;
            if (!products.Value.TryGetValue(item.Sku, out var product)) return Saved.Refused(key, NoProduct);
            if (twice.Contains(product.Sku)) return Saved.Refused(key, Twice);
            var (row, before) = (rows.GetValueOrDefault(product.Sku), kits.GetValueOrDefault(product.Sku));
            if (item.Version is { } version && version != (row?.Version ?? 0)) return Saved.Refused(key, ChangedMeanwhile);
            var wanted = Made(item, at, product, products.Value);
            if (!wanted.Ok) return Saved.Refused(key, wanted.Error!);
            var after = wanted.Value;
            if (Same(before, after)) return new Saved(key, SavedAs.Unchanged);
            if (after is { Kind: KitKind.Virtual } && before is not { Kind: KitKind.Virtual })
            {
                if (product.Tracking is not Tracking.None) return Saved.Refused(key, ToldApart);
                foreach (var guard in guards)
                {
                    if (await guard.Open(product.Sku, ct) is { } there) return Saved.Refused(key, InStock.With($"A virtual kit is never in stock itself, and {product.Sku} has {there}. Clear that first, or make it pre-built."));
                }
            }

            if (after is null) kits.Remove(product.Sku);
            else kits[product.Sku] = after;
            if (after is not null && Wrong(new KitBook(kits.Values), after) is { } wrong)
            {
                if (before is null) kits.Remove(product.Sku);
                else kits[product.Sku] = before;
                return Saved.Refused(key, wrong);
            }

            Write(product.Sku, row, before, after);
            return new Saved(key, before is null ? SavedAs.Created : SavedAs.Changed);
        }
    }

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());

    /// As people say it: `virtual: 1 × BOX, 2 × MUG-BL`.
    internal static string Words(Kit kit) => $"{(kit.Kind is KitKind.Virtual ? "virtual" : "pre-built")}: {KitBook.Words(kit.Components)}";

    private static bool Same(Kit? before, Kit? after) => (before, after) switch
    {
        (null, null) => true,
        ({ } b, { } a) => b.Kind == a.Kind && b.Components.SequenceEqual(a.Components),
        _ => false,
    };

    private static Result<Kit?> Made(Item item, int at, ProductFacts product, IReadOnlyDictionary<Sku, ProductFacts> products)
    {
        if (item.Components is not { Count: > 0 }) return (Kit?)null;
        if (product.Measured) return Measured.With($"{product.Sku} is measured in {product.Unit}; a kit is counted in whole units. Make the kit of a product that is counted.");
        var components = new List<KitPart>(item.Components.Count);
        foreach (var part in item.Components)
        {
            if (!products.TryGetValue(part.Sku, out var component)) return Of("sku", NoProduct.With($"There is no product {part.Sku}. Create it first, or take it out of the kit."));
            if (component.Sku == product.Sku) return Of("sku", Itself.With($"{product.Sku} cannot be made of itself. Take it out of its components."));
            if (components.Exists(c => c.Sku == component.Sku)) return Of("sku", PartTwice.With($"{component.Sku} stands twice in {product.Sku}. Put it on one line."));
            if (!component.Measured && !part.Quantity.IsWhole) return Of("quantity", NotWhole.With($"{component.Sku} is counted in whole {component.Unit}s; {part.Quantity} is not whole."));
            if (part.Quantity > Most) return Of("quantity", TooMany);
            components.Add(new KitPart(component.Sku, part.Quantity));
        }

        return new Kit(product.Sku, item.Kind, components);

        Error Of(string field, Error why) => why with { Fields = [new FieldError($"kits[{at}].components[{components.Count}].{field}", why.Message)] };
    }

    /// What is wrong with the kit, or with a kit that it is part of, as they would be now.
    private static Error? Wrong(KitBook book, Kit kit)
    {
        if (Circle(book, kit) is { } way) return Itself.With($"A kit cannot be made of itself: {string.Join(" is in ", way)}. Take one of them out.");
        if (kit.Components.FirstOrDefault(c => book.IsVirtual(c.Sku) && !c.Quantity.IsWhole) is { Sku.Text.Length: > 0 } odd) return NotWhole.With($"{odd.Sku} is a kit itself, and a kit within a kit is whole; {odd.Quantity} is not.");
        try
        {
            foreach (var above in Above(book, kit.Sku))
            {
                if (book.Find(above) is { } other && book.PartsOf(other).Any(p => p.Quantity > Most)) return TooMany;
            }
        }
        catch (OverflowException)
        {
            return TooMany;
        }

        return null;
    }

    /// The way from a kit through its components back to itself, where there is one.
    private static List<Sku>? Circle(KitBook book, Kit kit)
    {
        var way = new List<Sku> { kit.Sku };
        var done = new HashSet<Sku>();
        return Find(kit) ? [.. way.AsEnumerable().Reverse()] : null;

        bool Find(Kit at)
        {
            foreach (var component in at.Components)
            {
                way.Add(component.Sku);
                if (component.Sku == kit.Sku) return true;
                if (done.Add(component.Sku) && book.Find(component.Sku) is { } next && Find(next)) return true;
                way.RemoveAt(way.Count - 1);
            }

            return false;
        }
    }

    /// The kit itself and all that it is in.
    private static HashSet<Sku> Above(KitBook book, Sku sku)
    {
        var above = new HashSet<Sku> { sku };
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var kit in book.All.Values) grew |= kit.Components.Any(c => above.Contains(c.Sku)) && above.Add(kit.Sku);
        }

        return above;
    }

    private void Write(Sku sku, KitRow? row, Kit? before, Kit? after)
    {
        db.Queue($"delete from catalog.kit_component where kit = {sku}");
        if (after is null) db.Queue($"delete from catalog.kit where sku = {sku}", expect: 1);
        else if (row is null) db.Table<KitRow>().Insert(new KitRow(sku, after.Kind, 1, db.Now));
        else db.Table<KitRow>().Update(row with { Kind = after.Kind, Version = row.Version + 1, ChangedAt = db.Now }, nameof(KitRow.Kind), nameof(KitRow.Version), nameof(KitRow.ChangedAt));
        if (after is not null) db.Table<KitComponent>().Insert([.. after.Components.Select((c, i) => new KitComponent(sku, c.Sku, c.Quantity, i + 1))]);
        var (was, now) = (before is null ? null : Words(before), after is null ? null : Words(after));
        db.Work.Concerns(sku.Text);
        db.Work.Changed(Product.Kind, sku.Text, "Made of", was, now);
        masters.Changed(ProductMasters.Domain, new DocumentRef("product", Guid.Empty, sku.Text), [new FieldEdit(sku.Text, "made of", was, now)]);
    }
}
