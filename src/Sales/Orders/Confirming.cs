using Keel.Stock.Contract;

namespace Keel.Sales;

/// Lets orders go on that were stopped, and promises goods to them. What its risk stops goes on only with whoever may clear it.
internal sealed class Confirming(KeelDb db, Promising promising, StockDesk stock, Policies policies, Settings settings, CaseDesk cases, Resolving resolving)
{
    /// Who clears settles the risk and no other doubt: an order that waits for more goes on waiting for that.
    public async Task<IReadOnlyList<ConfirmOrders.Answer>> Confirm(IReadOnlyList<Id<Order>> orders, bool clears, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders(orders);
        var promises = stock.Promises([.. orders.Select(o => o.Value)]);
        var standing = db.Ask<Guid>($"{RiskOutcome.Standing(db, orders)}");
        string[] fraud = [Holds.CaseOf(Holds.Fraud).Name];
        var others = clears
            ? db.Ask<Waits>($"select subject_id as id, min(kind) as kind from kernel.work_case where company_id = {db.Company} and subject_id = any({orders.Select(o => o.Value).ToArray()}) and state <> 'Closed' and kind like 'order-%' and kind <> all({fraud}) group by subject_id")
            : null;
        await db.Flush(ct);
        var timing = (await policies.Of<ReservationTiming>(ct)).Choice;
        var has = promises.Value.Select(p => p.Document).ToHashSet();
        var known = rows.Value.ToDictionary(o => o.Id);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        var risky = standing.Value.Select(o => new Id<Order>(o)).ToHashSet();
        var waits = others?.Value.Where(w => Holds.OfCase(w.Kind) is not null).ToDictionary(w => new Id<Order>(w.Id), w => Holds.OfCase(w.Kind)!) ?? [];
        // What could not be read may be known by now.
        var unread = lines.Value.Where(Resolving.IsUnread).Select(l => l.OrderId).ToHashSet();
        var read = await resolving.Read([.. rows.Value.Where(o => o.Status is OrderStatus.OnHold && unread.Contains(o.Id)).Select(o => (o, linesOf[o.Id].ToArray(), (IReadOnlyList<LineReading>)[]))], ct);
        var unresolved = read.Where(r => !r.Value.Ok).ToDictionary(r => r.Key, r => r.Value.Error!);
        linesOf = lines.Value.Where(l => !unread.Contains(l.OrderId) || unresolved.ContainsKey(l.OrderId)).Concat(read.Values.Where(r => r.Ok).SelectMany(r => r.Value.Lines)).ToLookup(l => l.OrderId);
        var homeless = rows.Value.Where(o => o is { Hold: Holds.Address, ShipTo: null }).Select(o => o.Id).ToHashSet();
        var held = rows.Value.Select(o => read.TryGetValue(o.Id, out var now) && now.Ok ? now.Value.Order : o).Where(o => o.Status is OrderStatus.OnHold && risky.Contains(o.Id) == clears).ToArray();
        var confirmed = held.Where(o => !waits.ContainsKey(o.Id) && !unresolved.ContainsKey(o.Id) && !homeless.Contains(o.Id)).Select(o => o.To(OrderStatus.Confirmed, db.Now)).ToArray();

        foreach (var order in clears ? held : [.. confirmed]) db.Work.Concerns(order.Number);
        if (clears)
        {
            db.Table<RiskOutcome>().Insert([.. held.Select(o => RiskOutcome.Of(db, o.Id, RiskVerdict.Good))]);
            cases.Close(Holds.CaseOf(Holds.Fraud), [.. held.Select(o => o.Id.Value)], "risk cleared");
            db.Orders.Update([.. held.Where(o => waits.ContainsKey(o.Id) && o.Hold == Holds.Fraud).Select(o => o with { Hold = waits[o.Id], Version = o.Version + 1 })], nameof(Order.Hold), nameof(Order.Version));
        }

        db.Orders.Update(confirmed, nameof(Order.Status), nameof(Order.Hold), nameof(Order.ConfirmedAt), nameof(Order.Version));
        var subjects = confirmed.Select(o => o.Id.Value).ToArray();
        if (confirmed.Length > 0) db.Raise(new Contract.OrdersConfirmed([.. confirmed.Select(o => new Contract.ConfirmedOrder(o.Ref, o.Channel, o.PlacedAt))]));
        cases.CloseAll(subjects, "order confirmed", Holds.Confirmed);
        // What was promised before it was stopped goes on; the others are promised goods when the policy says so.
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var reserving = confirmed.Where(o => timing.IsDue(o, today) || has.Contains(o.Id.Value)).ToArray();
        if (timing.Plans) await promising.Plan([.. confirmed.Except(reserving).Select(o => (o, (IReadOnlyList<OrderLine>)[.. linesOf[o.Id]]))], ct);
        var after = confirmed.Except(reserving).Concat(await promising.Again([.. reserving.Select(o => (o, linesOf[o.Id].ToArray()))], ct)).ToDictionary(o => o.Id);

        return orders.Distinct().Select(id => after.TryGetValue(id, out var order)
            ? new ConfirmOrders.Answer(id, order.Number, order.Status, null)
            : known.TryGetValue(id, out var other) ? new ConfirmOrders.Answer(id, other.Number, other.Status, Why(other)) : new ConfirmOrders.Answer(id, null, null, "There is no such order.")).ToArray();

        string Why(Order o) =>
            o.Status is not OrderStatus.OnHold ? $"It is {o.Status.Spoken}, not on hold."
            : !clears && risky.Contains(o.Id) ? "Its risk stops it: somebody who may clear risks clears it, or refuses it."
            : clears && !risky.Contains(o.Id) ? "No risk stops it: confirm it instead."
            : unresolved.TryGetValue(o.Id, out var unknown) ? unknown.Message
            : homeless.Contains(o.Id) ? "It has no address to ship to: enter the address first, or cancel the order."
            : "Its risk is cleared. It waits for another doubt to be settled: confirm it when that is done.";
    }

    private sealed record Waits(Guid Id, string Kind);
}
