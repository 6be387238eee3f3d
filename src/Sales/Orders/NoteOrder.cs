using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Says the customer's own number of an order, and what whoever picks it and the customer are told on their papers. What the team says among itself stands in the order's story.
[Operation("sales.note-order", SalesPermissions.Capture, Said = "noted something on {order|an order}", Icon = "note")]
internal sealed class NoteOrder(KeelDb db) : IOperation<NoteOrder.Request, Done>
{
    /// What is left empty is taken away.
    public sealed record Request(Id<Order> Order, [MaxLength(60)] string? PurchaseOrder = null, [MaxLength(300)] string? PickerNote = null, [MaxLength(500)] string? CustomerNote = null);

    public static readonly Error Over = new("order.over", "The order has left or is cancelled: its papers are written.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var (orders, _) = db.LockOrders([request.Order]);
        await db.Flush(ct);
        if (orders.Value is not [var order]) return ChangeAddress.NotThere;
        if (!order.IsOpen) return Over.With($"{order.Number} is {order.Status.Spoken}: its papers are written.");
        var after = order with { PurchaseOrder = Text(request.PurchaseOrder), PickerNote = Text(request.PickerNote), CustomerNote = Text(request.CustomerNote) };
        db.Work.Concerns(order.Number);
        if (after == order) return Done.It;
        db.Work.Changed("order", order.Number, "purchase order", order.PurchaseOrder, after.PurchaseOrder);
        db.Orders.Update([after with { Version = order.Version + 1 }], nameof(Order.PurchaseOrder), nameof(Order.PickerNote), nameof(Order.CustomerNote), nameof(Order.Version));
        return Done.It;
    }

    /// As it is kept: without blanks around it, and nothing where it is empty.
    internal static string? Text(string? said) => said?.Trim() is { Length: > 0 } text ? text : null;
}
