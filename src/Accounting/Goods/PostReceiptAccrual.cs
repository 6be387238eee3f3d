using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Goods that arrive are ours at once; what they cost is owed until the bill comes.
internal sealed class PostReceiptAccrual(Bookkeeper books) : IHandle<GoodsReceived>
{
    public Task Handle(GoodsReceived received, CancellationToken ct) => books.Post(
        GoodsSlip.Of(received, $"Goods received with {received.Document}", received.Node.Text)
            .Move(received.Lines, Roles.ReceivedInventory, Roles.ReceivedAccrual), ct);
}
