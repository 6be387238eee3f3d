using Keel.Stock.Contract;

namespace Keel.Stock;

/// Gives the goods of a cart hold back before it expires.
[Operation("stock.release-hold", StockPermissions.Hold, Said = "let go of {holds|a hold}", Icon = "x")]
internal sealed class ReleaseHold(KeelDb db, Settings settings) : IOperation<ReleaseHold.Request, Done>
{
    public sealed record Request(Guid Hold);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        await new Promising(db, settings).Release([new DocumentRef("cart", request.Hold, "")], "given back", ct);
        return Done.It;
    }
}
