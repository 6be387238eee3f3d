using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;

namespace Keel.Catalog.Products;

/// Moves products through their life: draft, active, phasing out, retired.
[Operation("catalog.change-lifecycle", CatalogPermissions.Edit, Domain = ProductMasters.Domain, Said = "moved {products|it} on in life", Icon = "branch")]
internal sealed class ChangeLifecycle(KeelDb db, MasterDesk masters) : IOperation<ChangeLifecycle.Request, Saved[]>, IAssess<ChangeLifecycle.Request, Saved[]>
{
    public sealed record Request([MinLength(1), MaxLength(5000)] IReadOnlyList<Sku> Skus, Lifecycle To);

    public static readonly Error NoProduct = Error.NotFound("product.unknown", "There is no product with this SKU. Check the code.");
    public static readonly Error Merged = new("product.merged", "This product is merged into another one.");
    public static readonly Error NotAllowed = new("product.lifecycle-step", "This step is not allowed in a product's life.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var products = await db.Products.Locked(request.Skus, ct);
        var changed = new List<Product>();
        var answers = request.Skus.Distinct().Select(One).ToArray();
        db.Products.Update(changed, nameof(Product.Lifecycle), nameof(Product.Version), nameof(Product.ChangedAt));
        return Saved.Answer(answers);

        Saved One(Sku sku)
        {
            if (!products.TryGetValue(sku, out var product)) return Saved.Refused(sku.Text, NoProduct);
            if (product.Lifecycle == request.To) return new Saved(sku.Text, SavedAs.Unchanged);
            if (product.MergedInto is { } into) return Saved.Refused(sku.Text, Merged.With($"{sku} is another name of {into} now. Undo the merge first."));
            if (!product.MayBecome(request.To)) return Saved.Refused(sku.Text, Step(product, request.To));
            var next = product with { Lifecycle = request.To, Version = product.Version + 1, ChangedAt = db.Now };
            changed.Add(next);
            masters.Changed(ProductMasters.Domain, new DocumentRef("product", Guid.Empty, sku.Text), FieldEdit.Between(sku.Text, product, next));
            db.Work.Concerns(sku.Text);
            db.Work.Changed(Product.Kind, sku.Text, "Lifecycle", Say(product.Lifecycle), Say(request.To));
            return new Saved(sku.Text, SavedAs.Changed);
        }
    }

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());

    /// The refusal of a step, with the steps that are allowed.
    public static Error Step(Product product, Lifecycle to) => NotAllowed.With(
        $"{product.Sku} is {Say(product.Lifecycle)} and cannot become {Say(to)}. "
        + $"It may become {string.Join(" or ", Product.StepsFrom(product.Lifecycle).Select(Say))}.");

    private static string Say(Lifecycle lifecycle) => lifecycle is Lifecycle.PhasingOut ? "phasing out"
        : lifecycle.ToString().ToLowerInvariant();
}
