using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Goods that became others stay inventory: their cost goes from product to product, and nothing of it to profit or loss.
internal sealed class PostConversion(Bookkeeper books) : IHandle<GoodsConverted>
{
    public Task Handle(GoodsConverted converted, CancellationToken ct)
    {
        var slip = GoodsSlip.Of(converted, $"Goods became others with {converted.Document}: {converted.Reason}", converted.Node.Text);
        foreach (var line in converted.Lines) slip.Debit(Roles.AdjustedInventory, line.Value, line.Sku);
        return books.Post(slip, ct);
    }
}
