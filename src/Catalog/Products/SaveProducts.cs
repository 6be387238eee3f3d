using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;

namespace Keel.Catalog.Products;

/// Creates products, or says anew what they are. Each is answered for itself.
[Operation("catalog.save-products", CatalogPermissions.Edit)]
internal sealed class SaveProducts(KeelDb db) : IOperation<SaveProducts.Request, Saved[]>
{
    public sealed record Request([MinLength(1), MaxLength(5000)] IReadOnlyList<Item> Products);

    /// A product as it shall be. `Version`, where it is given, is the version that the writer looked at.
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
        Lifecycle? Lifecycle = null, int? Version = null);

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
        "The stock unit cannot change once the product left its draft, for stock is counted in it. Create another product.");
    public static readonly Error ChangedMeanwhile = new(
        "product.changed-meanwhile", "Somebody changed this product meanwhile. Look at it again, then save.");
    public static readonly Error Attributes = Error.Invalid(
        "product.attributes", "A product has at most 50 attributes, with names of up to 60 and values of up to 400 characters.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var named = request.Products.Select(p => p.Sku).Concat(
            request.Products.Where(p => p.VariantOf is not null).Select(p => p.VariantOf!.Value)).Distinct().ToArray();
        var aliases = db.Ask<Sku, HashSet<Sku>>($"select alias from catalog.sku_alias where alias = any({named})", rows => [.. rows]);
        var parents = db.Ask<Sku, HashSet<Sku>>($"select distinct variant_of from catalog.product where variant_of = any({named})",
            rows => [.. rows]);
        var products = await db.Products.Locked(named, ct);

        List<Product> fresh = [], changed = [];
        var seen = new HashSet<Sku>();
        // Products come before their variants, whatever the order of the list, so that both may be created in one call.
        var answers = new Saved[request.Products.Count];
        foreach (var (item, place) in request.Products.Select((item, place) => (item, place)).OrderBy(p => p.item.VariantOf is not null))
        {
            answers[place] = One(item);
        }

        db.Products.Insert(fresh);
        db.Products.Update(changed);
        return Saved.Answer(answers);

        Saved One(Item item)
        {
            var key = item.Sku.Text;
            if (!seen.Add(item.Sku)) return Saved.Refused(key, Twice);
            if (aliases.Value.Contains(item.Sku)) return Saved.Refused(key, IsAlias);
            var old = products.GetValueOrDefault(item.Sku);
            if (Wrong(item, old, products, parents.Value) is { } error) return Saved.Refused(key, error);

            var product = Made(item, old);
            if (old is not null && product.SaysTheSameAs(old)) return new Saved(key, SavedAs.Unchanged);
            (old is null ? fresh : changed).Add(product);
            products[item.Sku] = product;
            db.Work.Concerns(key);
            db.Work.Changed(Product.Kind, key, old, product);
            return new Saved(key, old is null ? SavedAs.Created : SavedAs.Changed);
        }
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
        if ((item.Unit, item.Measured) != (old.Unit, old.Measured) && old.Lifecycle is not Lifecycle.Draft) return UnitFixed;
        return item.Lifecycle is { } next && !old.MayBecome(next) ? ChangeLifecycle.Step(old, next) : null;
    }

    private Product Made(Item item, Product? old) => new(
        item.Sku, item.Name.Trim(), item.Description, item.VariantOf,
        item.Attributes ?? old?.Attributes ?? new Dictionary<string, string>(),
        item.Unit, item.Measured, item.TaxCategory, item.WeightGrams, item.LengthMm, item.WidthMm, item.HeightMm, item.HsCode,
        item.Lifecycle ?? old?.Lifecycle ?? Lifecycle.Active, (old?.Version ?? 0) + 1, db.Now);
}
