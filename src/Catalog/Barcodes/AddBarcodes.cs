using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Catalog.Products;

namespace Keel.Catalog.Barcodes;

/// Gives products, or their packaging, the codes by which they are scanned. A GTIN must carry its right check digit; no code means two
/// things.
[Operation("catalog.add-barcodes", CatalogPermissions.Edit, Said = "gave {barcodes|it a barcode}", Icon = "scan")]
internal sealed class AddBarcodes(KeelDb db, CatalogDesk catalog) : IOperation<AddBarcodes.Request, Saved[]>
{
    public sealed record Request([MinLength(1), MaxLength(5000)] IReadOnlyList<Item> Barcodes);

    public sealed record Item(
        Sku Sku, [Required, RegularExpression("^[!-~]{1,48}$",
            ErrorMessage = "is 1 to 48 printable characters without blanks.")] string Code,
        BarcodeKind Kind = BarcodeKind.Gtin, [MaxLength(12)] string? Unit = null);

    public static readonly Error WrongCheckDigit = Error.Invalid(
        "barcode.not-a-gtin",
        "This is no GTIN: it has 8, 12, 13 or 14 digits and a check digit at its end. Check the number, or name another kind of code.");
    public static readonly Error Taken = new("barcode.taken", "This code stands for another product or unit already. Use another code.");
    public static readonly Error Twice = new("barcode.twice", "The list names this code twice. Name it once.");
    public static readonly Error NoProduct = Error.NotFound(
        "product.unknown", "There is no product with this SKU. Create the product first.");
    public static readonly Error NoUnit = Error.NotFound(
        "unit.unknown", "The product has no such unit. Add the unit to the product first.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var products = catalog.Ask(request.Barcodes.Select(b => b.Sku));
        var units = catalog.AskUnits(request.Barcodes.Select(b => b.Sku));
        var keys = request.Barcodes.Select(b => Gtin.KeyOf(b.Code)).Distinct().ToArray();
        var known = (await db.Barcodes.Where($"key = any({keys}) order by key for update", ct)).ToDictionary(b => b.Key);

        var fresh = new List<Barcode>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var answers = request.Barcodes.Select(One).ToArray();
        db.Barcodes.Insert(fresh);
        foreach (var sku in fresh.Select(b => b.Sku).Distinct()) db.Work.Concerns(sku.Text);
        foreach (var code in fresh) db.Work.Changed(Product.Kind, code.Sku.Text, "Barcode", null, code.Code);
        return Saved.Answer(answers);

        Saved One(Item item, int at)
        {
            if (item.Kind is BarcodeKind.Gtin && !Gtin.IsValid(item.Code)) return Saved.Refused(
                item.Code,
            WrongCheckDigit.With(
                $"{item.Code} is no GTIN: its check digit or its length is wrong. Check the number, or name another kind of code."));
            if (!products.Value.TryGetValue(item.Sku, out var product)) return Saved.Refused(item.Code, NoProduct);
            var unit = item.Unit ?? product.Unit;
            if (!units.Value.Has(item.Sku, unit)) return Saved.Refused(item.Code, NoUnit);

            var barcode = new Barcode(item.Kind is BarcodeKind.Gtin ? Gtin.KeyOf(item.Code) : item.Code, item.Code, item.Kind, product.Sku,
                unit);
            if (!seen.Add(barcode.Key)) return Saved.Refused(item.Code, Twice);
            if (known.TryGetValue(barcode.Key, out var other))
            {
                return other.Sku == barcode.Sku && other.Unit == unit
                    ? new Saved(item.Code, SavedAs.Unchanged)
                    : Saved.Refused(item.Code, Taken.With($"{item.Code} stands for {other.Sku} ({other.Unit}) already. Use another code."));
            }

            fresh.Add(barcode);
            db.Work.Leaves(at, new UndoBarcodes.Trace(barcode.Key, barcode.Sku, barcode.Unit));
            return new Saved(item.Code, SavedAs.Created);
        }
    }
}
