using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Warehouse;

/// The supplier says yes, and when it sends.
[Operation("warehouse.confirm-supplier-order", WarehousePermissions.Suppliers, Said = "noted that the supplier confirmed {order|it}", Icon = "check")]
internal sealed class ConfirmSupplierOrder(KeelDb db, SupplierOrders orders, CaseDesk cases) : IOperation<ConfirmSupplierOrder.Request, Done>
{
    /// `ExpectedOn` is the day on which it leaves the supplier, `Reference` the supplier's own number of it.
    public sealed record Request(Id<SupplierOrder> Order, DateOnly? ExpectedOn = null, [MaxLength(60)] string? Reference = null);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var locked = await orders.Lock(request.Order, ct);
        if (!locked.Ok) return locked.Error!;
        var head = locked.Value.Head;
        if (!head.IsOpen) return head.Over;
        db.Work.Concerns(head.Number);
        db.Work.Concerns(head.OrderNumber);
        db.Work.Changed(SupplierOrder.RecordKind, head.Number, "expected", head.ExpectedOn?.ToString("yyyy-MM-dd"), request.ExpectedOn?.ToString("yyyy-MM-dd"));
        // Who was asked to cancel and confirms says no to that.
        orders.Write(cases, head with
        {
            Status = SupplierOrderStatus.Confirmed, ExpectedOn = request.ExpectedOn ?? head.ExpectedOn, Reference = request.Reference is { Length: > 0 } own ? own.Trim() : head.Reference, ConfirmedAt = head.ConfirmedAt ?? db.Now,
            CancelAskedAt = null, CancelReason = null, EndsOrder = false, Version = head.Version + 1,
        }, []);
        return Done.It;
    }
}

/// The supplier sent goods to the customer: they become ours and leave in one step, the order is invoiced for them and follows. What it did not send stays open.
[Operation("warehouse.dispatch-supplier-order", WarehousePermissions.Suppliers, Said = "noted that the supplier sent {order|it}", Icon = "truck")]
internal sealed class DispatchSupplierOrder(KeelDb db, SupplierOrders orders, Shipping shipping, CaseDesk cases) : IOperation<DispatchSupplierOrder.Request, DispatchSupplierOrder.Answer>
{
    /// Without lines, all that is open.
    public sealed record Request(
        Id<SupplierOrder> Order, [MaxLength(1200)] IReadOnlyList<SupplierPart>? Lines = null, [MaxLength(60)] string? Carrier = null, [MaxLength(80)] string? Tracking = null, [Range(1, 100)] int Parcels = 1,
        DateTimeOffset? HappenedAt = null);

    public sealed record Answer(string Shipment, SupplierOrderStatus Status);

    public static readonly CaseKind SentAnyway = new("supplier-sent-anyway", "operations", TimeSpan.FromHours(24), Severity.Normal)
    {
        Next = "Tell the customer, and have the goods come back if they are not wanted",
        Supervisor = "administrator",
        Resolutions = ["customer-keeps-it", "comes-back", "duplicate"],
        Ways = [CaseWay.Go("Open the supplier order", "/supplier-orders/{id}", WarehousePermissions.Read) with { SubjectKind = SupplierOrder.RecordKind }],
    };

    public static readonly Error Held = new("supplier-order.held", "The customer's order is on hold. Confirm it first, then note that the supplier has sent it.");
    public static readonly Error InFuture = Error.Invalid("supplier-order.in-the-future", "Nothing was sent later than now. Leave the instant out, or give the one at which it was.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        if (request.HappenedAt > db.Now) return InFuture;
        db.Work.HappenedAt = request.HappenedAt;
        var locked = await orders.Lock(request.Order, ct);
        if (!locked.Ok) return locked.Error!;
        var meant = SupplierOrders.Meant(locked.Value, request.Lines);
        if (!meant.Ok) return meant.Error!;
        var (head, lines, order) = locked.Value;
        if (order.Status is Keel.Sales.OrderStatus.OnHold) return Held.With($"{head.OrderNumber} is on hold. Confirm it first, then note that the supplier has sent it.");
        var sent = meant.Value.ToDictionary(p => p.Line, p => p.Quantity);
        var changed = lines.Where(l => sent.ContainsKey(l.Line)).Select(l => l with { Dispatched = l.Dispatched + sent[l.Line] }).ToArray();
        var number = (await db.Numbers.Take(db.Company, "SH", (request.HappenedAt ?? db.Now).Year, 1, ct))[0];
        db.Work.Concerns(head.Number);
        IssueLine[] goods = [.. changed.GroupBy(l => (l.OrderLine, l.Sku)).Select(g => new IssueLine(g.Key.OrderLine, g.Key.Sku, g.Sum(l => sent[l.Line])))];
        var shipment = Shipping.ShipmentOf(db, order, head.Node, goods.Length, goods.Sum(l => l.Quantity), number) with { Carrier = Said(request.Carrier), Tracking = Said(request.Tracking), Parcels = request.Parcels };
        var outcome = await shipping.Out([new Leaving(shipment, goods, order.DeliveryTerm, IsNew: true)], ct);
        if (outcome[shipment.Id] is { } refused) return refused;
        var after = head.After([.. lines.Where(l => !sent.ContainsKey(l.Line)), .. changed], db.Now);
        orders.Write(cases, after, changed);
        if (head.Status is SupplierOrderStatus.CancelAsked) cases.Open([(SentAnyway, head.Ref, $"{head.SupplierName} sent {number} for {head.OrderNumber} although it was asked to cancel.")]);
        return new Answer(number, after.Status);
    }

    private static string? Said(string? text) => text?.Trim() is { Length: > 0 } said ? said : null;
}

/// The supplier does not send lines, or agreed to cancel them: the order gets them from elsewhere, or waits, and this supplier is not asked for them again.
[Operation("warehouse.refuse-supplier-order", WarehousePermissions.Suppliers, Said = "noted that the supplier does not send {order|it}", Icon = "x")]
internal sealed class RefuseSupplierOrder(KeelDb db, SupplierOrders orders, RefusalDesk refusals, CaseDesk cases) : IOperation<RefuseSupplierOrder.Request, RefuseSupplierOrder.Answer>
{
    /// Without lines, all that is open. A line that is refused in part is taken from the supplier whole: the rest of it is looked for elsewhere as one.
    public sealed record Request(Id<SupplierOrder> Order, [Required, MinLength(3), MaxLength(200)] string Reason, [MaxLength(1200)] IReadOnlyList<int>? Lines = null);

    public sealed record Answer(SupplierOrderStatus Status);

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var locked = await orders.Lock(request.Order, ct);
        if (!locked.Ok) return locked.Error!;
        var (head, lines, _) = locked.Value;
        if (!head.IsOpen) return head.Over;
        var meant = lines.Where(l => l.Open.IsPositive && (request.Lines is not { Count: > 0 } some || some.Contains(l.Line))).ToArray();
        if (meant.Length == 0) return SupplierOrders.NoLine;
        db.Work.Concerns(head.Number);
        var changed = meant.Select(l => l with { Refused = l.Refused + l.Open }).ToArray();
        var after = head.After([.. lines.Except(meant), .. changed], db.Now);
        orders.Write(cases, after, changed);
        if (await refusals.Refuse(head.OrderId, head.Node, request.Reason, [.. meant.Select(l => l.OrderLine).Distinct()], ct) is { Ok: false } no) return no.Error!;
        if (head.EndsOrder && !after.IsOpen) refusals.CancelNext(head.Order, head.CancelReason!);
        return new Answer(after.Status);
    }
}

/// Asks the supplier to cancel. Until it answers the goods are the supplier's to send.
[Operation("warehouse.ask-supplier-to-cancel", WarehousePermissions.Suppliers, Said = "asked the supplier to cancel {order|it}", Icon = "undo")]
internal sealed class AskSupplierToCancel(KeelDb db, SupplierOrders orders, CaseDesk cases) : IOperation<AskSupplierToCancel.Request, Done>
{
    /// `CancelsOrder`: when the supplier agrees, what has not left of the customer's order is cancelled too. Else its goods are looked for elsewhere.
    public sealed record Request(Id<SupplierOrder> Order, [Required, MinLength(3), MaxLength(200)] string Reason, [property: Display(Name = "Cancel the customer's order, too")] bool CancelsOrder = false);

    public static readonly Error Asked = new("supplier-order.cancel-asked", "The supplier was asked to cancel already. Note its answer: it confirmed, refused, or sent the goods.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var locked = await orders.Lock(request.Order, ct);
        if (!locked.Ok) return locked.Error!;
        var head = locked.Value.Head;
        if (!head.IsOpen) return head.Over;
        if (head.Status is SupplierOrderStatus.CancelAsked) return Asked;
        db.Work.Concerns(head.Number);
        db.Work.Concerns(head.OrderNumber);
        orders.Write(cases, head with { Status = SupplierOrderStatus.CancelAsked, CancelAskedAt = db.Now, CancelReason = request.Reason.Trim(), EndsOrder = request.CancelsOrder, Version = head.Version + 1 }, []);
        db.Raise(new SupplierAsked(head.Id, IsCancelled: true));
        return Done.It;
    }
}
