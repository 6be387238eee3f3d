using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// An address that was in doubt is right now, as the customer says: what waited for nothing else goes on. What is stopped for something else too waits for that.
[Operation("sales.settle-address", SalesPermissions.Confirm, Said = "settled the address of {order|an order}", Icon = "check")]
internal sealed class SettleAddress(Confirming confirming) : IOperation<SettleAddress.Request, Done>
{
    public sealed record Request([Required] Id<Order> Order);

    public static readonly Error StillWrong = new("order.address-still-wrong", "The address is not complete yet. Correct it first.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var held = await confirming.Lock([request.Order], ct);
        if (!held.Orders.TryGetValue(request.Order, out var order)) return ChangeAddress.NotThere;
        if (order is not { Status: OrderStatus.OnHold, Hold: Holds.Address }) return Done.It;
        if (order.ShipTo is not { } to || AddressRules.Look(to).Wrong is not null) return StillWrong;
        await confirming.GoOn(held, [order], Holds.Address, "the customer put the address right", ct);
        return Done.It;
    }
}
