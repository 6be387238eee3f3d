using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Goods that leave the shelf stop being an asset and become the cost of a sale. One entry per document and node.
internal sealed class PostCostOfGoodsSold(Bookkeeper books) : IHandle<GoodsIssued>
{
    public Task Handle(GoodsIssued issued, CancellationToken ct) => books.Post(
        GoodsSlip.Of(issued, $"Cost of goods of {issued.Document}", issued.Node.Text).Move(issued.Lines, Roles.IssuedCost, Roles.IssuedInventory), ct);
}
