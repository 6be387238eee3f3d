using Keel.Stock.Contract;

namespace Keel.Accounting;

/// What was found or lost goes into the books for its reason: each reason may have an account of its own.
internal sealed class PostAdjustment(Bookkeeper books) : IHandle<StockAdjusted>
{
    public Task Handle(StockAdjusted adjusted, CancellationToken ct) => books.Post(
        GoodsSlip.Of(adjusted, adjusted.ApprovedBy is { } by ? $"Stock adjusted with {adjusted.Document}: {adjusted.Reason}, approved by {by}" : $"Stock adjusted with {adjusted.Document}: {adjusted.Reason}", $"{adjusted.Node}/{adjusted.Reason}")
            .Move(adjusted.Lines, Roles.AdjustedInventory, Roles.Of(Roles.Adjusted, adjusted.PostsAs ?? adjusted.Reason.Text)), ct);
}
