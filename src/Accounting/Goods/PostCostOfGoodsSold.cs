using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Goods that leave the shelf stop being inventory and become the cost of a sale: at once, or, where the sale counts at delivery, then; until
/// then they are goods on their way. One entry per document and node.
internal sealed class PostCostOfGoodsSold(Bookkeeper books, Deferring deferring) : IHandle<GoodsIssued>
{
    public async Task Handle(GoodsIssued issued, CancellationToken ct)
    {
        var waits = issued.Order is not null && await deferring.Waits(issued.Channel, issued.DeliveryTerm, ct);
        var slip = GoodsSlip.Of(issued, waits ? $"{issued.Document} is on its way" : $"Cost of goods of {issued.Document}", issued.Node.Text)
            .Move(issued.Lines, waits ? Roles.DeferredCost : Roles.IssuedCost, Roles.IssuedInventory);
        var legs = await books.Post(slip, ct);
        if (waits && legs.Count > 0) deferring.Keep(DeferralPart.Cost, issued.Document, slip, legs, issued.Lines.Select(l => ("", (Sku?)l.Sku, l.Quantity)));
    }
}
