namespace Keel.Sales;

/// An order is to be cancelled by what somebody who worked for it said.
internal sealed record OrderToCancel(Id<Order> Order, string Number, string Reason) : IDelivered
{
    public string Subject => Number;
}

/// Cancels it between the steps that others make.
internal sealed class CancelNext(KeelDb db, Gate gate) : IDeliver<OrderToCancel>
{
    public async Task Deliver(OrderToCancel happened, CancellationToken ct)
    {
        var caller = new Caller(Actor.Keel, Door.Job, db.Company) { At = db.Now, Cause = db.Work.Cause };
        var answer = NotDelivered.Unless(await gate.Run<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new([happened.Order], happened.Reason), caller, ct))!;
        if (answer[0] is { Cancelled: false, Why: { } why }) await gate.Run<TellCancelledLate, TellCancelledLate.Request, Done>(new(happened.Order, why), caller, ct);
    }
}
