using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Goods that arrive are ours at once; what they cost is owed until the bill comes.
internal sealed class PostReceiptAccrual(Bookkeeper books) : IHandle<GoodsReceived>
{
    public Task Handle(GoodsReceived received, CancellationToken ct)
    {
        var slip = GoodsSlip.Of(received, $"Goods received with {received.Document}", received.Node.Text);
        if (received.Said.Count == 0) return books.Post(slip.Move(received.Lines, Roles.ReceivedInventory, Roles.ReceivedAccrual), ct);
        foreach (var line in received.Lines) slip.Debit(Roles.ReceivedInventory, line.Value, line.Sku);
        return books.Post(slip.Owe(Roles.ReceivedAccrual, received.Lines.Select(l => l.Value).Aggregate((a, b) => a + b), received.Said), ct);
    }
}
