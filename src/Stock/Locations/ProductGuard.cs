using Keel.Catalog.Contract;

namespace Keel.Stock;

/// Goods that the catalogue does not know or knows by another code, virtual kits, and counted goods in pieces of a piece, are refused before anything is locked.
internal sealed class ProductGuard(KeelDb db, CatalogDesk catalog, Settings settings)
{
    public static readonly Error Unknown = Error.NotFound("stock.sku-unknown", "There is no such product. Create it in the catalogue first.");
    public static readonly Error OtherName = new("stock.sku-other-name", "This product goes by another code. Name that instead.");
    public static readonly Error Broken = Error.Invalid("stock.not-whole", "This product is counted in whole units.");

    public static readonly Error VirtualKit = new("stock.virtual-kit", "This product is a kit that is never in stock itself. Name what it is made of.");

    /// Says which lines of the `list` that was asked for cannot be, by their fields; without a list, the first of them.
    public async Task<Error?> Check(IEnumerable<(Sku Sku, Quantity Quantity)> lines, CancellationToken ct, string? list = null, string quantityField = "quantity")
    {
        var wanted = lines.ToArray();
        var asked = catalog.Ask(wanted.Select(l => l.Sku).Distinct());
        var kits = await KitBook.Of(settings, ct);
        await db.Flush(ct);
        var wrong = new LineRefusals(list);
        for (var i = 0; i < wanted.Length; i++)
        {
            var (sku, quantity) = wanted[i];
            if (!asked.Value.TryGetValue(sku, out var product)) wrong.Add(i, "sku", Unknown.With($"There is no product {sku}. Create it in the catalogue first."));
            else if (product.Sku != sku) wrong.Add(i, "sku", OtherName.With($"{sku} goes by {product.Sku}. Name that instead."));
            else if (kits.IsVirtual(product.Sku)) wrong.Add(i, "sku", VirtualKit.With($"{sku} is a kit that is never in stock itself. Name what it is made of instead: {KitBook.Words(kits.PartsOf(product.Sku))}."));
            else if (!product.Measured && !quantity.IsWhole) wrong.Add(i, quantityField, Broken.With($"{sku} is counted in whole {product.Unit}s; {quantity} is not whole."));
        }

        return wrong.All;
    }

    /// The products that rules name, each by the code that it has now: one that was merged away goes by the one that stayed.
    public async Task<Result<IReadOnlyDictionary<Sku, Sku>>> Named(IReadOnlyCollection<Sku> skus, CancellationToken ct)
    {
        var asked = catalog.Ask(skus);
        await db.Flush(ct);
        foreach (var sku in skus) if (!asked.Value.ContainsKey(sku)) return Unknown.With($"There is no product {sku}. Create it in the catalogue first.");
        return Result.Of<IReadOnlyDictionary<Sku, Sku>>(skus.Distinct().ToDictionary(s => s, s => asked.Value[s].Sku));
    }

    /// Lines that were entered in units or packaging of their products, in stock units: exact, or refused by name.
    public async Task<Result<IReadOnlyList<T>>> InStockUnits<T>(IReadOnlyList<T> lines, Func<T, (Sku Sku, Quantity Quantity, string? Unit)> of, Func<T, Quantity, T> with, CancellationToken ct, string? list = null, string quantityField = "quantity")
    {
        Sku[] entered = [.. lines.Where(l => of(l).Unit is { Length: > 0 }).Select(l => of(l).Sku).Distinct()];
        if (entered.Length == 0) return Result.Of(lines);
        var (products, units) = (catalog.Ask(entered), catalog.AskUnits(entered));
        await db.Flush(ct);
        var (counted, wrong) = (new List<T>(lines.Count), new LineRefusals(list));
        for (var i = 0; i < lines.Count; i++)
        {
            var (sku, quantity, unit) = of(lines[i]);
            if (unit is not { Length: > 0 }) counted.Add(lines[i]);
            else if (!products.Value.TryGetValue(sku, out var product)) wrong.Add(i, "sku", Unknown.With($"There is no product {sku}. Create it in the catalogue first."));
            else if (units.Value.ToStock(sku, unit, quantity) is var stock && !stock.Ok) wrong.Add(i, "unit", stock.Error);
            else if (!product.Measured && !stock.Value.IsWhole) wrong.Add(i, quantityField, Broken.With($"{quantity} {unit} of {sku} are {stock.Value} {product.Unit}s, and {sku} is counted in whole ones. Enter a quantity that comes out whole."));
            else counted.Add(with(lines[i], stock.Value));
        }

        return wrong.All is { } refusal ? refusal : counted;
    }
}
