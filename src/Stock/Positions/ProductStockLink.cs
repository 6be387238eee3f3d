using Keel.Stock.Contract;
using Keel.Ui;

namespace Keel.Stock;

/// What Stock adds to a product's record: how much of it is available, and the way to its stock. A product is known by its SKU.
internal sealed class ProductStockLink(KeelDb db) : IJoinRecord
{
    private Later<List<Availability>>? positions;
    private string sku = "";

    public string Kind => "product";

    public void Ask(DocumentRef document)
    {
        sku = document.Number;
        positions = db.Ask<Availability>($"select sku, node, on_hand, sellable, reserved from stock.position where company_id = {db.Company} and sku = {sku}");
    }

    public IReadOnlyList<SmartLinks.SmartLink> Links =>
        [new("stock", (int)positions!.Value.Sum(p => p.Available.Units), "available", "available", "/stock/" + string.Join('/', sku.Split('/').Select(Uri.EscapeDataString)))];
}
