using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Sales;

/// Says where an order goes, while nobody has begun to pick it: the customer told late, or told wrong. Prices and taxes stay, so the country does too.
[Operation("sales.change-address", SalesPermissions.Capture, Said = "said where {orders|it} goes")]
internal sealed class ChangeAddress(KeelDb db, FloorDesk floor) : IOperation<ChangeAddress.Request, Done>
{
    public sealed record Request(Id<Order> Order, [Required] PostalAddress ShipTo);

    public static readonly Error NotThere = Error.NotFound("order.not-there", "There is no such order in this company.");
    public static readonly Error TooLate = new("order.address-too-late", "The order is on the floor already, or over: its address stays. Call the parcel back, or take a new order.");
    public static readonly Error OtherCountry = new("order.other-country", "The order was taxed for another country. Cancel it and take it in again for the right one.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (orders, _) = db.LockOrders([request.Order]);
        await db.Flush(ct);
        if (orders.Value is not [var order]) return NotThere;
        if (order.Status is not (OrderStatus.OnHold or OrderStatus.Confirmed or OrderStatus.Reserved or OrderStatus.Backordered)) return TooLate;
        if (StageRule.Of((await floor.Of([order.Id.Value], ct))[order.Id.Value]).Address is FloorEffect.Refused) return TooLate;
        if (order.Country != request.ShipTo.Country) return OtherCountry.With($"{order.Number} was taxed for {order.Country}. Cancel it and take it in again for {request.ShipTo.Country}.");

        db.Work.Concerns(order.Number);
        db.Orders.Update([order with { ShipTo = AddressRules.Look(request.ShipTo).Tidy, Version = order.Version + 1 }], nameof(Order.ShipTo), nameof(Order.Version));
        db.Table<OrderVersion>().Insert([new OrderVersion(order.Id, order.Version + 1, db.Company, db.Now, db.Work.Actor.Name, "the address was entered", [new OrderChange(ChangeKind.Address, null, null, null, null)], db.Work.Operation)]);
        return Done.It;
    }
}
