using Keel.Catalog.Aliases;
using Keel.Catalog.Barcodes;
using Keel.Catalog.Contract;
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
        .View<ProductList>().View<ProductFile>().View<ProductUnits>()
        .View<BarcodeList>().View<ProductBarcodes>()
        .Page<ProductsPage>("Products", "Stock", "/products", CatalogPermissions.Read)
        .Page<BarcodesPage>("Barcodes", "Stock", "/barcodes", CatalogPermissions.Read)
        .Record("product", "/product/{number}")
        .Begins("New product", "/products/new")
        .Finds<FindProducts>()
        .Domain(ProductMasters.Of).Quality(ProductMasters.Rules).Duplicates(ProductMasters.Signs).Reconciles(ProductMasters.Import)
        .Desk<CatalogDesk>();
}
