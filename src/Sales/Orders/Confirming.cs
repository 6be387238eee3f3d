using Keel.Stock.Contract;

namespace Keel.Sales;

/// Lets stopped orders go on: whoever may decide that it is so, what follows is the same.
internal sealed class Confirming(KeelDb db, Promising promising, StockDesk stock, Policies policies, Settings settings, CaseDesk cases, Resolving resolving, FloorDesk floor)
{
    /// Orders that are locked until the commit, with their lines read as far as they can be: which of them have goods promised, whose risk nobody has cleared, and what could not be read.
    public sealed record Locked(
        IReadOnlyDictionary<Id<Order>, Order> Orders, ILookup<Id<Order>, OrderLine> Lines, IReadOnlySet<Guid> Promised, IReadOnlySet<Id<Order>> Risky, IReadOnlyDictionary<Id<Order>, Error> Unread, IReadOnlySet<Guid> OnTheFloor, IReadOnlyDictionary<Id<Order>, string> Words)
    {
        /// What an order lacks without which it cannot go on, whoever says so.
        public string? Lacks(Order order) => Unread.TryGetValue(order.Id, out var unknown) ? unknown.Message
            : Words.TryGetValue(order.Id, out var word) && word != order.Hold ? Holds.Sentence(order.Number, word)
            : order is { Hold: Holds.Address, ShipTo: null } ? "It has no address to ship to: enter the address first, or cancel the order."
            : null;
    }

    public async Task<Locked> Lock(IReadOnlyList<Id<Order>> orders, CancellationToken ct)
    {
        var (rows, lines) = db.LockOrders(orders);
        var promises = stock.Promises([.. orders.Select(o => o.Value)]);
        var standing = db.Ask<Guid>($"{RiskOutcome.Standing(db, orders)}");
        var words = db.Ask<Waits>($"select distinct on (subject_id) subject_id as \"order\", kind from kernel.work_case where company_id = {db.Company} and subject_id = any({orders.Select(o => o.Value).ToArray()}) and kind = any({Holds.OfWords.Select(h => Holds.CaseOf(h).Name).ToArray()}) and state <> 'Closed' order by subject_id, opened_at, id");
        await db.Flush(ct);
        var works = await floor.Of([.. orders.Select(o => o.Value).Distinct()], ct);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        // What could not be read may be known by now.
        var unread = lines.Value.Where(Resolving.IsUnread).Select(l => l.OrderId).ToHashSet();
        var read = await resolving.Read([.. rows.Value.Where(o => o.Status is OrderStatus.OnHold && unread.Contains(o.Id)).Select(o => (o, linesOf[o.Id].ToArray(), (IReadOnlyList<LineReading>)[]))], ct);
        var now = read.Where(r => r.Value.Ok).ToDictionary(r => r.Key, r => r.Value.Value);
        return new Locked(
            rows.Value.Select(o => now.TryGetValue(o.Id, out var known) ? known.Order : o).ToDictionary(o => o.Id),
            lines.Value.Where(l => !now.ContainsKey(l.OrderId)).Concat(now.Values.SelectMany(n => n.Lines)).ToLookup(l => l.OrderId),
            promises.Value.Select(p => p.Document).ToHashSet(), standing.Value.Select(o => new Id<Order>(o)).ToHashSet(), read.Where(r => !r.Value.Ok).ToDictionary(r => r.Key, r => r.Value.Error!), orders.Select(o => o.Value).Where(o => works[o].Any()).ToHashSet(), words.Value.ToDictionary(w => w.Order, w => Holds.OfCase(w.Kind)!));
    }

    /// Their doubts are settled. What was promised before it was stopped goes on; the others are promised goods when the policy says so.
    public async Task<Dictionary<Id<Order>, Order>> Confirm(Locked of, IReadOnlyList<Order> stopped, CancellationToken ct)
    {
        var timing = (await policies.Of<ReservationTiming>(ct)).Choice;
        var confirmed = stopped.Select(o => of.OnTheFloor.Contains(o.Id.Value) ? o.To(OrderStatus.Released, db.Now) with { ReleasedAt = o.ReleasedAt } : o.To(OrderStatus.Confirmed, db.Now)).ToArray();
        foreach (var order in confirmed) db.Work.Concerns(order.Number);
        db.Orders.Update(confirmed, nameof(Order.Status), nameof(Order.Hold), nameof(Order.ConfirmedAt), nameof(Order.Version));
        if (confirmed.Length > 0) db.Raise(new Contract.OrdersConfirmed([.. confirmed.Select(o => new Contract.ConfirmedOrder(o.Ref, o.Channel, o.PlacedAt))]));
        // What its channel or its customer asked for besides is not answered by it.
        cases.Close(Holds.Kinds, [.. confirmed.Select(o => o.Id.Value)], "order confirmed", Holds.Confirmed);
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var reserving = confirmed.Where(o => timing.IsDue(o, today) || of.Promised.Contains(o.Id.Value)).ToArray();
        if (timing.Plans) await promising.Plan([.. confirmed.Except(reserving).Select(o => (o, (IReadOnlyList<OrderLine>)[.. of.Lines[o.Id]]))], ct);
        return confirmed.Except(reserving).Concat(await promising.Again([.. reserving.Select(o => (o, of.Lines[o.Id].ToArray()))], ct)).ToDictionary(o => o.Id);
    }

    /// One doubt stops them no more. What else stops them has a case that is open, and they wait for that.
    public async Task<Dictionary<Id<Order>, Order>> GoOn(Locked of, IReadOnlyList<Order> passes, string settled, string why, CancellationToken ct)
    {
        if (passes.Count == 0) return [];
        string[] kinds = [.. Holds.Kinds.Select(k => k.Name).Except([Holds.CaseOf(settled).Name])];
        var open = await db.Query<Waits>(
            $"""
            select distinct on (subject_id) subject_id as "order", kind from kernel.work_case
            where company_id = {db.Company} and subject_id = any({passes.Select(o => o.Id.Value).ToArray()}) and kind = any({kinds}) and state <> 'Closed' order by subject_id, opened_at, id
            """, ct);
        var waits = open.ToDictionary(w => w.Order, w => Holds.OfCase(w.Kind));
        // Whatever became of their cases: a risk stands until it is cleared, and what credit stops waits for credit.
        foreach (var order in passes)
        {
            if (settled != Holds.Fraud && of.Risky.Contains(order.Id)) waits[order.Id] = Holds.Fraud;
            else if (settled != Holds.Credit && order.Hold is Holds.Credit) waits[order.Id] = Holds.Credit;
        }

        cases.Open([.. passes.Where(o => waits.GetValueOrDefault(o.Id) is Holds.Fraud or Holds.Credit).Select(o => (Holds.CaseOf(waits[o.Id]!), o.Ref, Holds.Sentence(o.Number, waits[o.Id]!)))]);
        var others = passes.Where(o => waits.ContainsKey(o.Id) || of.Lacks(o) is not null).Select(o => o.Hold == settled && waits.TryGetValue(o.Id, out var next) ? o with { Hold = next, HeldAt = db.Now, Version = o.Version + 1 } : o).ToArray();
        foreach (var order in others) db.Work.Concerns(order.Number);
        db.Orders.Update(others, nameof(Order.Hold), nameof(Order.HeldAt), nameof(Order.Version));
        cases.Close(Holds.CaseOf(settled), [.. others.Select(o => o.Id.Value)], why);
        var after = await Confirm(of, [.. passes.ExceptBy(others.Select(o => o.Id), o => o.Id)], ct);
        foreach (var order in others) after[order.Id] = order;
        return after;
    }

    private sealed record Waits(Id<Order> Order, string Kind);
}
