using Keel.Catalog.Aliases;
using Keel.Catalog.Barcodes;
using Keel.Catalog.Contract;
using Keel.Catalog.Kits;
using Keel.Catalog.Merging;
using Keel.Catalog.Products;
using Keel.Ui;
using Keel.Catalog.Units;

namespace Keel.Catalog;

/// What is sold, bought and counted: products, their units and packaging, their barcodes, and the other names that they go by.
public sealed class CatalogModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Operation<SaveProducts>()
        .Operation<ChangeLifecycle>()
        .Operation<MergeProducts>().Operation<UndoProductMerge>()
        .Policy<ProductNaming>().Policy<ProductAttributes>()
        .Operation<AddUnits>()
        .Operation<AddBarcodes>()
        .Operation<AddAliases>()
        .Operation<SaveKits>()
        .View<ProductList>().View<ProductFile>().View<ProductUnits>()
        .View<KitList>().View<KitComponents>().View<PartOf>()
        .View<BarcodeList>().View<ProductBarcodes>()
        .Page<ProductsPage>("Products", "Stock", "/products", CatalogPermissions.Read)
        .Page<BarcodesPage>("Barcodes", "Stock", "/barcodes", CatalogPermissions.Read)
        .Page<KitsPage>("Kits", "Stock", "/kits", CatalogPermissions.Read)
        .Begins("New product", "/products/new").Begins("New kit", "/kits/edit")
        .Record("product", "/product/{number}", CatalogPermissions.Read, "sku from catalog.product")
        .Finds<FindProducts>()
        .Domain(ProductMasters.Of).Quality(ProductMasters.Rules).Duplicates(ProductMasters.Signs).Reconciles(ProductMasters.Import)
        .Undoes<SaveProducts, UndoProducts>().Undoes<AddBarcodes, UndoBarcodes>()
        .Depends("product", "select b.sku as key, 'barcodes' as what from catalog.barcode b where b.sku = any($2)")
        .Depends("product", "select u.sku as key, 'units' as what from catalog.product_unit u where u.sku = any($2)")
        .Depends("product", "select k.key, 'a kit' as what from (select sku as key from catalog.kit union select component from catalog.kit_component) k where k.key = any($2)")
        .Depends("product", "select a.sku as key, 'other names' as what from catalog.sku_alias a where a.sku = any($2)")
        .Depends("product", "select s.sku as key, 'a merge' as what from catalog.merge m cross join lateral (values (m.keep), (m.give)) s (sku) where s.sku = any($2)")
        .Desk<CatalogDesk>().Desk<GoodsDesk>();
}
