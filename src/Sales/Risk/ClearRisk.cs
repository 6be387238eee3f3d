using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Lets orders go on that their risk stopped: somebody looked and says that they are good. Where another doubt stops them too, they wait for that.
[Operation("sales.clear-risk", SalesPermissions.ClearRisk, Said = "cleared the risk of {orders|it}", Icon = "check")]
internal sealed class ClearRisk(KeelDb db, Confirming confirming) : IOperation<ClearRisk.Request, IReadOnlyList<ConfirmOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders, [Required, MinLength(3), MaxLength(300)] string Reason);

    public static CaseWay WayOut => CaseWay.Asking<ClearRisk>("Clear it", "orders", "reason", "The order goes on and is promised goods. Why is it good?") with { SubjectKind = "order" };

    public async Task<Result<IReadOnlyList<ConfirmOrders.Answer>>> Run(Request request, CancellationToken ct)
    {
        var held = await confirming.Lock(request.Orders, ct);
        var cleared = held.Orders.Values.Where(o => o.Status is OrderStatus.OnHold && held.Risky.Contains(o.Id)).OrderBy(o => o.Id).ToArray();
        db.Table<RiskOutcome>().Insert([.. cleared.Select(o => RiskOutcome.Of(db, o.Id, RiskVerdict.Good))]);
        var after = await confirming.GoOn(held, cleared, Holds.Fraud, "risk cleared", ct);
        return request.Orders.Distinct().Select(id =>
            after.TryGetValue(id, out var order) ? new ConfirmOrders.Answer(id, order.Number, order.Status, order.Status is OrderStatus.OnHold ? "Its risk is cleared. It waits for another doubt to be settled: confirm it when that is done." : null)
            : !held.Orders.TryGetValue(id, out var other) ? new ConfirmOrders.Answer(id, null, null, "There is no such order.")
            : new ConfirmOrders.Answer(id, other.Number, other.Status, other.Status is OrderStatus.OnHold ? "No risk stops it: confirm it instead." : $"It is {other.Status.Spoken}, not on hold.")).ToArray();
    }
}

/// Ends orders as fraud, before anything of them has left.
[Operation("sales.refuse-risk", SalesPermissions.ClearRisk, Said = "refused {orders|it} as fraud", Icon = "throw")]
internal sealed class RefuseRisk(KeelDb db, Cancelling cancelling) : IOperation<RefuseRisk.Request, IReadOnlyList<CancelOrders.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders, [Required, MinLength(3), MaxLength(300)] string Reason);

    public static CaseWay WayOut => CaseWay.Asking<RefuseRisk>("Refuse as fraud", "orders", "reason", "The order is cancelled, and kept as fraud. What gave it away?") with { SubjectKind = "order" };

    public async Task<Result<IReadOnlyList<CancelOrders.Answer>>> Run(Request request, CancellationToken ct)
    {
        var answers = await cancelling.Cancel(request.Orders, request.Reason, Holds.Fraud, ct, o => o.Status is OrderStatus.OnHold ? null : $"It is {o.Status.Spoken}: only orders on hold are refused. Cancel it, and say what became of it.");
        db.Table<RiskOutcome>().Insert([.. answers.Where(a => a.Cancelled).Select(a => RiskOutcome.Of(db, a.Order, RiskVerdict.Fraud))]);
        return Result.Of(answers);
    }
}

/// Says what orders turned out to be, however late: a chargeback, or a complaint that was none. What is said last counts, and the model learns from it.
[Operation("sales.record-risk-outcomes", SalesPermissions.ClearRisk, Said = "said what {orders|it} turned out to be", Icon = "edit")]
internal sealed class RecordRiskOutcomes(KeelDb db) : IOperation<RecordRiskOutcomes.Request, IReadOnlyList<RecordRiskOutcomes.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders, RiskVerdict Verdict);

    public sealed record Answer(Id<Order> Order, string? Number, bool Recorded, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (rows, _) = db.LockOrders(request.Orders);
        var stopped = db.Ask<Guid>($"{RiskOutcome.Standing(db, request.Orders)}");
        await db.Flush(ct);
        var known = rows.Value.ToDictionary(o => o.Id);
        var standing = rows.Value.Where(o => o.Status is OrderStatus.OnHold && stopped.Value.Contains(o.Id.Value)).Select(o => o.Id).ToHashSet();
        var said = rows.Value.Where(o => !standing.Contains(o.Id)).ToArray();
        foreach (var order in said) db.Work.Concerns(order.Number);
        db.Table<RiskOutcome>().Insert([.. said.Select(o => RiskOutcome.Of(db, o.Id, request.Verdict))]);
        return request.Orders.Distinct().Select(id => !known.TryGetValue(id, out var order)
            ? new Answer(id, null, false, "There is no such order.")
            : standing.Contains(id) ? new Answer(id, order.Number, false, "Its risk stops it: clear it, or refuse it as fraud.") : new Answer(id, order.Number, true, null)).ToArray();
    }
}
