using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Keel.Catalog.Contract;
using Keel.Catalog.Products;

namespace Keel.Catalog.Units;

/// Adds units and packaging to products (an inner of 6, a case of 12, a pallet of 480), or corrects their weight and dimensions.
/// What one of them holds never changes: another case size is another unit.
[Operation("catalog.add-units", CatalogPermissions.Edit, Domain = ProductMasters.Domain, Said = "gave {units|it a unit}", Icon = "stock")]
internal sealed class AddUnits(KeelDb db, CatalogDesk catalog, MasterDesk masters) : IOperation<AddUnits.Request, Saved[]>, IAssess<AddUnits.Request, Saved[]>
{
    public sealed record Request([MinLength(1), MaxLength(5000)] IReadOnlyList<Item> Units);

    /// One of the unit holds `Holds` stock units, or the fraction `Holds`/`Of` of one.
    public sealed record Item(
        Sku Sku, [Required, RegularExpression("^[a-z0-9-]{1,12}$",
            ErrorMessage = "is 1 to 12 small letters, digits and hyphens.")] string Unit,
        [Range(1, 1_000_000_000)] long Holds, [Range(1, 1_000_000_000)] long Of = 1,
        [Positive] int? WeightGrams = null, [Positive] int? LengthMm = null, [Positive] int? WidthMm = null,
        [Positive] int? HeightMm = null);

    public static readonly Error NoProduct = Error.NotFound(
        "product.unknown", "There is no product with this SKU. Create the product first.");
    public static readonly Error StockUnit = new(
        "unit.is-the-stock-unit", "This is the product's stock unit, which holds one of itself. Choose another name.");
    public static readonly Error Fixed = new(
        "unit.factor-fixed", "What a unit holds never changes, for documents were entered in it. Add another unit.");
    public static readonly Error Twice = new("unit.twice", "The list names this unit twice. Name it once.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var products = catalog.Ask(request.Units.Select(u => u.Sku));
        var skus = request.Units.Select(u => u.Sku).Distinct().ToArray();
        var rows = await db.ProductUnits.Where(
            $"sku = any({skus}) or sku in (select sku from catalog.sku_alias where alias = any({skus})) order by sku, unit for update", ct);
        var known = rows.ToDictionary(u => (u.Sku, u.Unit));

        List<ProductUnit> fresh = [], changed = [];
        var seen = new HashSet<(Sku, string)>();
        var answers = request.Units.Select(item => One(item)).ToArray();
        db.ProductUnits.Insert(fresh);
        db.ProductUnits.Update(changed);
        foreach (var sku in fresh.Concat(changed).Select(u => u.Sku).Distinct()) db.Work.Concerns(sku.Text);
        foreach (var unit in fresh) db.Work.Changed(Product.Kind, unit.Sku.Text, $"Unit {unit.Unit}", null, "added");
        foreach (var unit in changed) db.Work.Changed(Product.Kind, unit.Sku.Text, known[(unit.Sku, unit.Unit)], unit);
        return Saved.Answer(answers);

        Saved One(Item item)
        {
            var key = $"{item.Sku} {item.Unit}";
            if (!products.Value.TryGetValue(item.Sku, out var product)) return Saved.Refused(key, NoProduct);
            if (item.Unit == product.Unit) return Saved.Refused(key, StockUnit);
            if (!seen.Add((product.Sku, item.Unit))) return Saved.Refused(key, Twice);

            var common = (long)BigInteger.GreatestCommonDivisor(item.Holds, item.Of);
            var unit = new ProductUnit(product.Sku, item.Unit, item.Holds / common, item.Of / common, item.WeightGrams, item.LengthMm,
                item.WidthMm, item.HeightMm);
            if (!known.TryGetValue((unit.Sku, unit.Unit), out var old))
            {
                fresh.Add(unit);
                Changed(unit, null, $"holds {item.Holds}{(item.Of == 1 ? "" : "/" + item.Of)}");
                return new Saved(key, SavedAs.Created);
            }

            if ((old.Numerator, old.Denominator) != (unit.Numerator, unit.Denominator)) return Saved.Refused(key, Fixed);
            if (old == unit) return new Saved(key, SavedAs.Unchanged);
            changed.Add(unit);
            Changed(unit, Sizes(old), Sizes(unit));
            return new Saved(key, SavedAs.Changed);
        }

        void Changed(ProductUnit unit, string? before, string after) => masters.Changed(
            ProductMasters.Domain, new DocumentRef("product", Guid.Empty, unit.Sku.Text), [new FieldEdit(unit.Sku.Text, "unit " + unit.Unit, before, after)]);
    }

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());

    private static string Sizes(ProductUnit of) => $"{of.WeightGrams ?? 0} g, {of.LengthMm ?? 0} × {of.WidthMm ?? 0} × {of.HeightMm ?? 0} mm";
}
