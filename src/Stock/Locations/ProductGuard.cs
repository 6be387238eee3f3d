using Keel.Catalog.Contract;

namespace Keel.Stock;

/// Goods that the catalogue does not know, and counted goods in pieces of a piece, are refused before anything is locked.
internal sealed class ProductGuard(KeelDb db, CatalogDesk catalog)
{
    public static readonly Error Unknown = Error.NotFound("stock.sku-unknown", "There is no such product. Create it in the catalogue first.");
    public static readonly Error Broken = Error.Invalid("stock.not-whole", "This product is counted in whole units.");

    public async Task<Error?> Check(IEnumerable<(Sku Sku, Quantity Quantity)> lines, CancellationToken ct)
    {
        var wanted = lines.ToArray();
        var asked = catalog.Ask(wanted.Select(l => l.Sku).Distinct());
        await db.Flush(ct);
        foreach (var (sku, quantity) in wanted)
        {
            if (!asked.Value.TryGetValue(sku, out var product)) return Unknown.With($"There is no product {sku}. Create it in the catalogue first.");
            if (!product.Measured && !quantity.IsWhole) return Broken.With($"{sku} is counted in whole {product.Unit}s; {quantity} is not whole.");
        }

        return null;
    }
}
