using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;

namespace Keel.Catalog.Products;

/// Creates products, or says anew what they are. Each is answered for itself.
[Operation("catalog.save-products", CatalogPermissions.Edit, Domain = ProductMasters.Domain, Said = "saved {products|the product}")]
internal sealed class SaveProducts(KeelDb db, MasterDesk masters, Policies policies, IEnumerable<IProductMergeGuard> guards) : IOperation<SaveProducts.Request, Saved[]>, IAssess<SaveProducts.Request, Saved[]>, INarrow<SaveProducts.Request>
{
    public sealed record Request([MinLength(1), MaxLength(5000)] IReadOnlyList<Item> Products);

    /// A product as it shall be. `Version`, where it is given, is the version that the writer looked at. With `Only` the product stays as it is
    /// but for the fields that are named.
    public sealed record Item(
        Sku Sku, [Required, MaxLength(200)] string Name, [MaxLength(4000), DataType(DataType.MultilineText)] string? Description = null,
        Sku? VariantOf = null,
        IReadOnlyDictionary<string, string>? Attributes = null,
        [Required, RegularExpression("^[a-z0-9-]{1,12}$", ErrorMessage = "is 1 to 12 small letters, digits and hyphens.")] string Unit =
            "each",
        bool Measured = false,
        [Required, RegularExpression("^[a-z0-9-]{1,30}$", ErrorMessage = "is 1 to 30 small letters, digits and hyphens.")]
            string TaxCategory = "standard",
        [Positive] int? WeightGrams = null, [Positive] int? LengthMm = null, [Positive] int? WidthMm = null,
        [Positive] int? HeightMm = null,
        [RegularExpression("^[0-9]{6,10}$", ErrorMessage = "is a customs code of 6 to 10 digits.")] string? HsCode = null,
        Lifecycle? Lifecycle = null, int? Version = null, [MaxLength(30)] IReadOnlyList<string>? Only = null,
        Tracking? Tracking = null, [Range(1, 36500)] int? ShelfLifeDays = null, [Range(0, 36500)] int? LastSaleDays = null);

    public static readonly Error Twice = new("product.twice", "The list names this SKU twice. Name it once.");
    public static readonly Error Blank = Error.Invalid("product.sku-blank", "A SKU has no blanks. Write it without.");
    public static readonly Error IsAlias = new(
        "product.is-alias", "This code is another name of a product. Choose another SKU, or change that product.");
    public static readonly Error NoParent = Error.NotFound(
        "product.parent-unknown", "The product that this is a variant of does not exist. Create it first.");
    public static readonly Error Nested = new(
        "product.variant-of-variant", "A variant has no variants of its own. Name the product above it.");
    public static readonly Error UnitFixed = new(
        "product.unit-fixed",
        "The stock unit cannot change once the product left its draft, for stock is counted in it. Create a product that is counted in the new unit, and turn the goods into it.");
    public static readonly Error TrackingFixed = new("product.tracking-fixed", "Whether units are told apart cannot change while there is stock of it. Count it out first, then count it in by lot or serial.");
    public static readonly Error NoShelfLife = Error.Invalid("product.shelf-life-untracked", "Only goods that are told apart by lot or serial have a shelf life. Track them by lot.");
    public static readonly Error ChangedMeanwhile = new(
        "product.changed-meanwhile", "Somebody changed this product meanwhile. Look at it again, then save.");
    public static readonly Error Misnamed = new("product.misnamed", "The name or code is not as the naming rule wants it.");
    public static readonly Error NoField = Error.Invalid("product.no-field", "A product has no such field.");
    public static readonly Error Attributes = Error.Invalid(
        "product.attributes", "A product has at most 50 attributes, with names of up to 60 and values of up to 400 characters.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var named = request.Products.Select(p => p.Sku).Concat(
            request.Products.Where(p => p.VariantOf is not null).Select(p => p.VariantOf!.Value)).Distinct().ToArray();
        var aliases = db.Ask<Sku, HashSet<Sku>>($"select alias from catalog.sku_alias where alias = any({named})", rows => [.. rows]);
        var parents = db.Ask<Sku, HashSet<Sku>>($"select distinct variant_of from catalog.product where variant_of = any({named})",
            rows => [.. rows]);
        var naming = (await policies.Of<ProductNaming>(ct)).Choice;
        var standard = (await policies.Of<ProductAttributes>(ct)).Choice;
        string[] called = naming.NamesOnce ? [.. request.Products.Select(p => p.Name.Trim().ToLowerInvariant()).Distinct()] : [];
        var taken = db.Ask<Named, ILookup<string, Sku>>($"select sku, lower(name) as name from catalog.product where lower(name) = any({called}) and lifecycle <> 'Retired'", rows => rows.ToLookup(r => r.Name, r => r.Sku));
        var products = await db.Products.Locked(named, ct);

        var lying = await Lying(request, products, ct);
        var counted = await Counted(request, products, ct);
        List<Product> fresh = [], changed = [];
        var seen = new HashSet<Sku>();
        // Products come before their variants, whatever the order of the list, so that both may be created in one call.
        var answers = new Saved[request.Products.Count];
        foreach (var (item, place) in request.Products.Select((item, place) => (item, place)).OrderBy(p => p.item.VariantOf is not null))
        {
            answers[place] = One(item, place);
        }

        db.Products.Insert(fresh);
        db.Products.Update(changed);
        return Saved.Answer(answers);

        Saved One(Item item, int place)
        {
            var key = item.Sku.Text;
            if (!seen.Add(item.Sku)) return Saved.Refused(key, Twice);
            if (aliases.Value.Contains(item.Sku)) return Saved.Refused(key, IsAlias);
            var old = products.GetValueOrDefault(item.Sku);
            if (old is null && naming.Wrong(key) is { } odd) return Saved.Refused(key, Misnamed.With(odd + " Choose another code."));
            if (naming.NamesOnce && old?.Name != item.Name.Trim() && taken.Value[item.Name.Trim().ToLowerInvariant()].FirstOrDefault(s => s != item.Sku) is { Text.Length: > 0 } other)
                return Saved.Refused(key, Misnamed.With($"{other} is called {item.Name.Trim()} already. Name this one apart."));
            if (Wrong(item, old, products, parents.Value) is { } error) return Saved.Refused(key, error);

            var product = Made(item, old);
            if (product.Tracking is Tracking.None && (product.ShelfLifeDays ?? product.LastSaleDays) is not null) return Saved.Refused(key, NoShelfLife);
            if (old is not null && product.Tracking != old.Tracking && lying.TryGetValue(item.Sku, out var there))
                return Saved.Refused(key, TrackingFixed.With($"Whether units of {key} are told apart cannot change while there is stock of it: {there}. Count it out first, then count it in by lot or serial."));
            if (old is not null && (product.Unit, product.Measured) != (old.Unit, old.Measured) && counted.TryGetValue(item.Sku, out var counts))
                return Saved.Refused(key, UnitFixed.With($"The stock unit of {key} cannot change, for what there is and was is counted in it: {counts}. Create a product that is counted in the new unit, and turn the goods into it."));
            if (old is not null && product.SaysTheSameAs(old)) return new Saved(key, SavedAs.Unchanged);
            // What was there before the rule stays until somebody touches it.
            if ((old is null || !product.HasTheAttributesOf(old)) && standard.Wrong(product.Attributes, product.VariantOf is not null) is { } strange) return Saved.Refused(key, Attributes.With(strange));
            (old is null ? fresh : changed).Add(product);
            masters.Changed(ProductMasters.Domain, new DocumentRef("product", Guid.Empty, key), old is null ? [FieldEdit.New(key)] : FieldEdit.Between(key, old, product));
            products[item.Sku] = product;
            db.Work.Concerns(key);
            db.Work.Changed(Product.Kind, key, old, product);
            db.Work.Leaves(place, new UndoProducts.Trace(product.Sku, product.Version, old));
            return new Saved(key, old is null ? SavedAs.Created : SavedAs.Changed);
        }
    }

    /// What there is and was of the products that shall be counted in another unit.
    private async Task<IReadOnlyDictionary<Sku, string>> Counted(Request request, Dictionary<Sku, Product> products, CancellationToken ct)
    {
        var counted = new Dictionary<Sku, string>();
        foreach (var item in request.Products.Where(p => p.Only is not { Count: > 0 } only || only.Contains("unit") || only.Contains("measured")).DistinctBy(p => p.Sku))
        {
            if (!products.TryGetValue(item.Sku, out var old) || (old.Unit, old.Measured) == (item.Unit, item.Measured)) continue;
            foreach (var guard in guards)
            {
                if ((await guard.Open(item.Sku, ct) ?? await guard.Since(item.Sku, DateTimeOffset.UnixEpoch, ct)) is { } there) counted[item.Sku] = there;
            }
        }

        return counted;
    }

    /// What lies of the products whose units shall be told apart in another way than before.
    private async Task<IReadOnlyDictionary<Sku, string>> Lying(Request request, Dictionary<Sku, Product> products, CancellationToken ct)
    {
        var lying = new Dictionary<Sku, string>();
        foreach (var item in request.Products.Where(p => p.Tracking is { } wanted && products.TryGetValue(p.Sku, out var old) && old.Tracking != wanted).DistinctBy(p => p.Sku))
        {
            foreach (var guard in guards)
            {
                if (await guard.Open(item.Sku, ct) is { } there) lying[item.Sku] = there;
            }
        }

        return lying;
    }

    private static Error? Wrong(Item item, Product? old, Dictionary<Sku, Product> products, HashSet<Sku> parents)
    {
        if (item.Sku.Text.Contains(' ')) return Blank;
        if (item.Attributes is { } attributes && (attributes.Count > 50
            || attributes.Any(a => a.Key.Length is 0 or > 60 || a.Value is null or { Length: > 400 }))) return Attributes;
        if (item.VariantOf is { } parent)
        {
            if (!products.TryGetValue(parent, out var above)) return NoParent;
            if (above.VariantOf is not null || parent == item.Sku || parents.Contains(item.Sku)) return Nested;
        }

        if (old is null) return null;
        if (item.Version is { } version && version != old.Version) return ChangedMeanwhile;
        if (item.Only is { Count: > 0 } only && only.FirstOrDefault(o => !Product.Fields.Contains(o)) is { } odd) return NoField.With($"A product has no field {odd}. It has {string.Join(", ", Product.Fields)}.");
        if ((item.Unit, item.Measured) != (old.Unit, old.Measured) && item.Only is not { Count: > 0 } && old.Lifecycle is not Lifecycle.Draft) return UnitFixed;
        if (item.Only?.Any(o => o is "unit" or "measured") == true && old.Lifecycle is not Lifecycle.Draft) return UnitFixed;
        return item.Lifecycle is { } next && (item.Only is not { Count: > 0 } || item.Only.Contains("lifecycle")) && !old.MayBecome(next) ? ChangeLifecycle.Step(old, next) : null;
    }

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());

    public Request Narrow(Request request) => new([.. request.Products.Where(p => masters.FieldsOf(p.Sku.Text).Count > 0).Select(p => p with
    {
        Only = masters.FieldsOf(p.Sku.Text) is [""] ? null : masters.FieldsOf(p.Sku.Text), Version = null,
    })]);

    private sealed record Named(Sku Sku, string Name);

    private Product Made(Item item, Product? old)
    {
        var product = new Product(
            item.Sku, item.Name.Trim(), item.Description, item.VariantOf,
            item.Attributes ?? old?.Attributes ?? new Dictionary<string, string>(),
            item.Unit, item.Measured, item.TaxCategory, item.WeightGrams, item.LengthMm, item.WidthMm, item.HeightMm, item.HsCode,
            item.Lifecycle ?? old?.Lifecycle ?? Lifecycle.Active, (old?.Version ?? 0) + 1, db.Now, old?.MergedInto,
            item.Tracking ?? old?.Tracking ?? Tracking.None, item.Tracking is null ? item.ShelfLifeDays ?? old?.ShelfLifeDays : item.ShelfLifeDays,
            item.Tracking is null ? item.LastSaleDays ?? old?.LastSaleDays : item.LastSaleDays);
        return old is null || item.Only is not { Count: > 0 } only ? product : old.With(only, product);
    }
}
