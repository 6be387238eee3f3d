using Keel.Catalog.Contract;
using Keel.Stock.Contract;
using Keel.Ui;

namespace Keel.Stock;

/// What Stock adds to a product's record: how much of it is available, the way to its stock, and what is done with a kit. A product is known by its SKU.
internal sealed class ProductStockLink(KeelDb db) : IJoinRecord
{
    private sealed record KitRow(Sku Kit, KitKind Kind, Sku Component, Quantity Quantity);

    private Later<List<Availability>>? positions;
    private Later<List<KitRow>>? kits;
    private string sku = "";

    public string Kind => "product";

    public void Ask(DocumentRef document)
    {
        sku = document.Number;
        // A kit with all kits that are in it, and what there is of everything that they are made of.
        SqlText made = new($"made (kit, kind, component, quantity) as (select kit, kind, component, quantity from catalog.pub_kit_component where kit = {sku} union select c.kit, c.kind, c.component, c.quantity from made m join catalog.pub_kit_component c on c.kit = m.component)");
        kits = db.Ask<KitRow>($"with recursive {made} select kit, kind, component, quantity from made");
        positions = db.Ask<Availability>($"with recursive {made} select sku, node, on_hand, sellable, reserved from stock.position where company_id = {db.Company} and owner = {PositionKey.Own} and sku in (select {sku}::text union select component from made)");
    }

    public IReadOnlyList<SmartLinks.SmartLink> Links =>
        [new("stock", (int)Available().Units, "available", "available", "/stock/" + string.Join('/', sku.Split('/').Select(Uri.EscapeDataString)))];

    public IReadOnlyList<Act> Acts =>
    [
        .. kits!.Value.Exists(k => k.Kit.Text == sku && k.Kind is KitKind.PreBuilt)
            ? [Act.Go<AssembleKits>("Assemble", "/stock/assemble?kit=" + Uri.EscapeDataString(sku)), Act.Go<TakeApart>("Take apart", "/stock/take-apart?kit=" + Uri.EscapeDataString(sku))] : Array.Empty<Act>(),
        Act.Go<ConvertGoods>("Count it in another unit", "/stock/another-unit?sku=" + Uri.EscapeDataString(sku)),
    ];

    /// At all sites; of a virtual kit whole kits, each from one site.
    private Quantity Available()
    {
        var book = new KitBook(kits!.Value.GroupBy(k => (k.Kit, k.Kind)).Select(g => new Kit(g.Key.Kit, g.Key.Kind, [.. g.Select(c => new KitPart(c.Component, c.Quantity))])));
        return KitSupply.Of(book, [sku], positions!.Value).Sum(p => p.Available);
    }
}
