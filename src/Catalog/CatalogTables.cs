using Keel.Catalog.Aliases;
using Keel.Catalog.Barcodes;
using Keel.Catalog.Products;
using Keel.Catalog.Units;

namespace Keel.Catalog;

/// The catalogue's tables, and the only place that locks its rows.
internal static class CatalogTables
{
    extension(KeelDb db)
    {
        public Table<Product> Products => db.Table<Product>();
        public Table<ProductUnit> ProductUnits => db.Table<ProductUnit>();
        public Table<Barcode> Barcodes => db.Table<Barcode>();
        public Table<SkuAlias> SkuAliases => db.Table<SkuAlias>();
    }

    extension(Table<Product> products)
    {
        /// Locks in key order, so that two who save the same products queue up instead of deadlocking.
        public async Task<Dictionary<Sku, Product>> Locked(IEnumerable<Sku> skus, CancellationToken ct)
        {
            var wanted = skus.Distinct().ToArray();
            return (await products.Where($"sku = any({wanted}) order by sku for update", ct)).ToDictionary(p => p.Sku);
        }
    }
}
