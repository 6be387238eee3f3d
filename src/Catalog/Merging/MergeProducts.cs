using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Aliases;
using Keel.Catalog.Contract;
using Keel.Catalog.Products;

namespace Keel.Catalog.Merging;

/// Two products became one. The barcodes and other names came along; the lifecycle is the one that the other had.
[Rows("catalog.merge", "id")]
internal sealed record ProductMerge(
    Guid Id, Sku Keep, Sku Give, [property: Json] IReadOnlyList<string> Barcodes, [property: Json] IReadOnlyList<string> Aliases, Lifecycle Lifecycle, string Reason, string MadeBy, DateTimeOffset MadeAt,
    [property: Json] IReadOnlyList<CarriedRule> Rules, DateTimeOffset? UndoneAt = null, string? UndoneBy = null);

/// Makes one of two products: one stays, the other's code and barcodes find it from now on. Documents keep the code that they were written
/// with. What still has stock or promises is not given away. Rules by SKU, such as rings and prices, come along where the one that stays has none
/// about the same; the others end.
[Operation("catalog.merge-products", CatalogPermissions.Edit, Said = "merged two products", Icon = "branch")]
internal sealed class MergeProducts(KeelDb db, IEnumerable<IProductMergeGuard> guards, IEnumerable<RuleTable> tables, DuplicateDesk duplicates, MasterDesk masters)
    : IOperation<MergeProducts.Request, Done>, IAssess<MergeProducts.Request, Done>
{
    public sealed record Request(Sku Keep, Sku Give, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason);

    public static readonly Error Same = Error.Invalid("product-merge.same", "A product is one already. Name two.");
    public static readonly Error Already = new("product-merge.already", "One of them is merged already.");
    public static readonly Error Units = new("product-merge.units", "They are counted in different units, so their stock cannot be one. Keep both.");
    public static readonly Error Family = new("product-merge.family", "Variants hang on the one that would go. Move them first.");
    public static readonly Error InUse = new("product-merge.in-use", "The one that would go is still in use. Keep that one instead, or clear it first.");

    private CarriedRule[] rules = [];

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (request.Keep == request.Give) return Same;
        var products = await db.Products.Locked([request.Keep, request.Give], ct);
        if (!products.TryGetValue(request.Keep, out var keep) || !products.TryGetValue(request.Give, out var give)) return ChangeLifecycle.NoProduct;
        if (keep.MergedInto is not null || give.MergedInto is not null) return Already;
        if ((keep.Unit, keep.Measured) != (give.Unit, give.Measured)) return Units.With($"{keep.Sku} is counted in {keep.Unit}, {give.Sku} in {give.Unit}. Their stock cannot be one: keep both.");
        var (variants, codes, units) = (db.Ask<long>($"select count(*) from catalog.product where variant_of = {give.Sku}"),
            db.Ask<string>($"select key from catalog.barcode where sku = {give.Sku} and unit = {give.Unit} order by key"), db.Ask<long>($"select count(*) from catalog.barcode where sku = {give.Sku} and unit <> {give.Unit}"));
        var kits = db.Ask<Sku>($"select sku from catalog.kit where sku = {give.Sku} union select kit from catalog.kit_component where component = {give.Sku} order by 1 limit 3");
        var names = db.Ask<string>($"select alias from catalog.sku_alias where sku = {give.Sku} order by alias");
        await db.Flush(ct);
        if (variants.Value[0] > 0) return Family;
        if (units.Value[0] > 0) return InUse.With($"{give.Sku} has barcodes of packaging. Add that packaging to {keep.Sku} with barcodes of its own first, or keep {give.Sku} instead.");
        List<string> open = [.. kits.Value.Count > 0 ? [$"a place in kits: {string.Join(", ", kits.Value)}"] : Array.Empty<string>()];
        foreach (var guard in guards)
        {
            if (await guard.Open(give.Sku, ct) is { } what) open.Add(what);
        }

        if (open.Count > 0) return InUse.With($"{give.Sku} has {string.Join(" and ", open)}. Keep {give.Sku} instead, or clear that first.");

        await Carry(give.Sku, keep.Sku, ct);
        db.Queue($"update catalog.barcode set sku = {keep.Sku} where key = any({codes.Value.ToArray()})");
        db.Queue($"update catalog.sku_alias set sku = {keep.Sku} where sku = {give.Sku}");
        db.Queue($"update catalog.product set merged_into = {keep.Sku}, version = version + 1 where merged_into = {give.Sku}");
        db.SkuAliases.Insert(new SkuAlias(give.Sku, keep.Sku));
        db.Products.Update(give with { Lifecycle = Lifecycle.Retired, MergedInto = keep.Sku, ChangedAt = db.Now, Version = give.Version + 1 });
        db.Table<ProductMerge>().Insert(new ProductMerge(Guid.CreateVersion7(db.Now), keep.Sku, give.Sku, codes.Value, names.Value, give.Lifecycle, request.Reason, db.Work.Actor.Name, db.Now, rules));
        duplicates.Merged(ProductMasters.Domain, keep.Sku.Text, give.Sku.Text, request.Reason);
        masters.CallOff(ProductMasters.Domain, give.Sku.Text, $"merged into {keep.Sku}");
        db.Work.Concerns(keep.Sku.Text);
        db.Work.Concerns(give.Sku.Text);
        return Done.It;
    }

    public Task<Effect> Assess(Request request, Done answer, CancellationToken ct) =>
        Task.FromResult(new Effect(null, [], $"Merges {request.Give} into {request.Keep}: {request.Reason}{Words("carried over", true)}{Words("ended", false)}"));

    /// For whoever decides: `; carried over: Most for BAZAAR at MAIN`.
    private string Words(string what, bool carried) => rules.Where(r => r.Carried == carried).Select(r => r.Says).Distinct().ToArray() is { Length: > 0 } says ? $"; {what}: {string.Join(", ", says.Take(5))}{(says.Length > 5 ? ", …" : "")}" : "";

    private async Task Carry(Sku give, Sku keep, CancellationToken ct)
    {
        var asked = tables.Select(t => (Table: t, Rules: t.Carry(db, give, keep))).ToArray();
        await db.Flush(ct);
        rules = [.. asked.SelectMany(a => a.Rules.Value)];
        if (rules.Length == 0) return;
        foreach (var (table, carried) in asked)
        {
            foreach (var rule in carried.Value)
            {
                db.Work.Changed(Product.Kind, give.Text, table.Of, rule.Says, rule.Carried ? $"carried over to {keep}" : $"ended: {keep} has its own");
                if (rule.Carried) db.Work.Changed(Product.Kind, keep.Text, table.Of, null, rule.Says);
            }
        }

        Settings.ChangedEverywhere(db);
    }
}

/// Takes a merge back while nothing moved under the one that stays. Rules that came along and that nobody changed since go back, and those that
/// ended hold again; what was set meanwhile stays where it was set.
[Operation("catalog.undo-product-merge", CatalogPermissions.Edit, Said = "took a merge of products back", Icon = "undo")]
internal sealed class UndoProductMerge(KeelDb db, IEnumerable<IProductMergeGuard> guards, IEnumerable<RuleTable> tables, DuplicateDesk duplicates) : IOperation<UndoProductMerge.Request, Done>
{
    public sealed record Request(Sku Give);

    public static readonly Error NotMerged = new("product-merge.none", "This product is not merged.");
    public static readonly Error Used = new("product-merge.used", "The merge is depended on. Both stay one.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var products = await db.Products.Locked([request.Give], ct);
        if (!products.TryGetValue(request.Give, out var give) || give.MergedInto is null
            || await db.Table<ProductMerge>().Find($"give = {request.Give} and undone_at is null for update", ct) is not { } merge) return NotMerged;
        if (give.MergedInto != merge.Keep) return Used.With($"{merge.Keep} was merged into {give.MergedInto} since. Undo that merge first.");
        foreach (var guard in guards)
        {
            if (await guard.Since(merge.Keep, merge.MadeAt, ct) is { } since) return Used.With($"Since the merge {merge.Keep} had {since}: nobody knows which of the two it was. Both stay one.");
        }

        db.SkuAliases.Delete([new SkuAlias(merge.Give, merge.Keep)]);
        db.Queue($"update catalog.sku_alias set sku = {merge.Give} where alias = any({merge.Aliases}) and sku = {merge.Keep}");
        db.Queue($"update catalog.product set merged_into = {merge.Give}, version = version + 1 where sku = any({merge.Aliases}) and merged_into = {merge.Keep}");
        db.Queue($"update catalog.barcode set sku = {merge.Give} where key = any({merge.Barcodes}) and sku = {merge.Keep}");
        foreach (var table in tables) table.GiveBack(db, merge.Give, merge.Keep, [.. merge.Rules.Where(r => r.Table == table.Table)]);
        if (merge.Rules.Count > 0) Settings.ChangedEverywhere(db);
        db.Products.Update(give with { Lifecycle = merge.Lifecycle, MergedInto = null, ChangedAt = db.Now, Version = give.Version + 1 });
        db.Table<ProductMerge>().Update(merge with { UndoneAt = db.Now, UndoneBy = db.Work.Actor.Name }, nameof(ProductMerge.UndoneAt), nameof(ProductMerge.UndoneBy));
        duplicates.Parted(ProductMasters.Domain, merge.Keep.Text, merge.Give.Text);
        db.Work.Concerns(merge.Keep.Text);
        db.Work.Concerns(merge.Give.Text);
        return Done.It;
    }
}
