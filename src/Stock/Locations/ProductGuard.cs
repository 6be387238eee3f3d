using Keel.Catalog.Contract;

namespace Keel.Stock;

/// Goods that the catalogue does not know, virtual kits, and counted goods in pieces of a piece, are refused before anything is locked.
internal sealed class ProductGuard(KeelDb db, CatalogDesk catalog, Settings settings)
{
    public static readonly Error Unknown = Error.NotFound("stock.sku-unknown", "There is no such product. Create it in the catalogue first.");
    public static readonly Error Broken = Error.Invalid("stock.not-whole", "This product is counted in whole units.");

    public static readonly Error VirtualKit = new("stock.virtual-kit", "This product is a kit that is never in stock itself. Name what it is made of.");

    public async Task<Error?> Check(IEnumerable<(Sku Sku, Quantity Quantity)> lines, CancellationToken ct)
    {
        var wanted = lines.ToArray();
        var asked = catalog.Ask(wanted.Select(l => l.Sku).Distinct());
        var kits = await KitBook.Of(settings, ct);
        await db.Flush(ct);
        foreach (var (sku, quantity) in wanted)
        {
            if (!asked.Value.TryGetValue(sku, out var product)) return Unknown.With($"There is no product {sku}. Create it in the catalogue first.");
            if (kits.IsVirtual(product.Sku)) return VirtualKit.With($"{sku} is a kit that is never in stock itself. Name what it is made of instead: {KitBook.Words(kits.PartsOf(product.Sku))}.");
            if (!product.Measured && !quantity.IsWhole) return Broken.With($"{sku} is counted in whole {product.Unit}s; {quantity} is not whole.");
        }

        return null;
    }
}
