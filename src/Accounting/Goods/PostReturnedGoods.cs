using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Goods that come back are an asset again, at the cost at which they had left; the cost of the sale goes down by it.
internal sealed class PostReturnedGoods(Bookkeeper books) : IHandle<GoodsReturned>
{
    public Task Handle(GoodsReturned returned, CancellationToken ct) => books.Post(
        GoodsSlip.Of(returned, $"Goods returned with {returned.Document}", returned.Node.Text)
            .Move(returned.Lines, Roles.ReturnedInventory, Roles.ReturnedCost), ct);
}
