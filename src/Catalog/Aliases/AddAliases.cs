using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Catalog.Products;

namespace Keel.Catalog.Aliases;

/// Lets products be found by other codes too. A SKU never changes: what another system calls it is an alias.
[Operation("catalog.add-aliases", CatalogPermissions.Edit, Said = "gave {aliases|another SKU to it}")]
internal sealed class AddAliases(KeelDb db) : IOperation<AddAliases.Request, Saved[]>
{
    public sealed record Request([MinLength(1), MaxLength(5000)] IReadOnlyList<Item> Aliases);

    public sealed record Item(Sku Alias, Sku Sku);

    public static readonly Error NoProduct = Error.NotFound(
        "product.unknown", "There is no product with this SKU. Create the product first.");
    public static readonly Error Taken = new("alias.taken", "This code stands for another product already. Choose another code.");
    public static readonly Error Blank = Error.Invalid("alias.blank", "An alias has no blanks. Write it without.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var products = await db.Products.Locked(request.Aliases.SelectMany(a => new[] { a.Sku, a.Alias }), ct);
        var codes = request.Aliases.Select(a => a.Alias).Distinct().ToArray();
        var known = (await db.SkuAliases.Where($"alias = any({codes}) for update", ct)).ToDictionary(a => a.Alias, a => a.Sku);

        var fresh = new List<SkuAlias>();
        var answers = request.Aliases.Select(One).ToArray();
        db.SkuAliases.Insert(fresh);
        foreach (var sku in fresh.Select(a => a.Sku).Distinct()) db.Work.Concerns(sku.Text);
        foreach (var alias in fresh) db.Work.Changed(Product.Kind, alias.Sku.Text, "Alias", null, alias.Alias.Text);
        return Saved.Answer(answers);

        Saved One(Item item)
        {
            var key = item.Alias.Text;
            if (key.Contains(' ')) return Saved.Refused(key, Blank);
            if (!products.ContainsKey(item.Sku)) return Saved.Refused(key, NoProduct);
            if (products.ContainsKey(item.Alias)) return Saved.Refused(key, Taken);
            if (known.TryGetValue(item.Alias, out var other)) return other == item.Sku ? new Saved(key, SavedAs.Unchanged)
                : Saved.Refused(key, Taken);
            known[item.Alias] = item.Sku;
            fresh.Add(new SkuAlias(item.Alias, item.Sku));
            return new Saved(key, SavedAs.Created);
        }
    }
}
