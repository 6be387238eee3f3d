using Keel.Catalog.Contract;
using Keel.Ui;

namespace Keel.Catalog.Products;

/// Products by SKU, by what is scanned for them, or by a word of their name.
internal sealed class FindProducts(KeelDb db) : IFinder
{
    public sealed record Row(Sku Sku, string Name, Lifecycle Lifecycle);

    private Later<List<Row>>? rows;

    public string Title => "Products";
    public string Permission => CatalogPermissions.Read;

    public void Ask(Finding text) => rows = db.Ask<Row>(
        $"""
        select sku, name, lifecycle from (
          (select 1 as best, p.sku, p.name, p.lifecycle from catalog.barcode b join catalog.product p on p.sku = b.sku where b.code = {text.Code})
          union all (select 2, sku, name, lifecycle from catalog.product where sku >= {text.Code} and sku < {text.CodeEnd} order by sku limit {Finding.Most})
          union all (select 3, sku, name, lifecycle from catalog.product where position({text.Lower} in lower(name)) > 0 order by sku limit {Finding.Most})
        ) f group by sku, name, lifecycle order by min(best), sku limit {Finding.Most}
        """);

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. rows!.Value.Select(p =>
        new PaletteFound.Hit("mug", p.Sku.Text, ProductPage.Url(p.Sku)) { Note = p.Name, State = Shown.Of(p.Lifecycle) })];
}
