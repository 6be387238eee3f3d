using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Goods that come back are inventory again, at the cost at which they had left; the cost of the sale goes down by it, or what was on its way
/// does, where the sale never counted.
internal sealed class PostReturnedGoods(Bookkeeper books, Deferring deferring) : IHandle<GoodsReturned>
{
    public async Task Handle(GoodsReturned returned, CancellationToken ct)
    {
        var slip = GoodsSlip.Of(returned, $"Goods returned with {returned.Document}", returned.Node.Text)
            .Move(returned.Lines, Roles.ReturnedInventory, Roles.ReturnedCost);
        if (returned.Order is { } order)
        {
            foreach (var row in await deferring.GiveUp(DeferralPart.Cost, order.Id, [.. returned.Lines.Select(l => ("", (Sku?)l.Sku, l.Quantity))], ct))
            {
                slip.Debit(Roles.ReturnedCost, row.Amount, row.Sku);
                slip.Credit(Roles.DeferredCost, row.Amount, row.Sku);
            }
        }

        await books.Post(slip, ct);
    }
}
