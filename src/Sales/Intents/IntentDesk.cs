using Keel.Sales.Contract;

namespace Keel.Sales;

/// Something is wished of a gateway; it is told after the commit.
internal sealed record PaymentAsked(Guid Wish) : IDelivered
{
    public string Subject => "payment wish " + Wish;
}

/// An order with everything that was intended to be paid for it, and the wishes that no gateway has answered yet. The order's row is the lock.
internal sealed record OrderIntents(Order Order, IReadOnlyList<PaymentIntent> Intents, IReadOnlyList<PaymentStep> Open)
{
    /// What may still be asked of an intent, beyond what was asked and is not answered.
    public Money MayCapture(PaymentIntent intent) => Open.Any(w => w.IntentId == intent.Id && w.Kind is WishKind.Void) ? Money.Zero(intent.Currency) : Less(intent.Capturable, intent, WishKind.Capture);

    /// What went back in another way meanwhile, to store credit for instance, does not go back again.
    public Money MayRefund(PaymentIntent intent) => Less(intent.Refundable, intent, WishKind.Refund) is var may && Kept < may ? (Kept.IsNegative ? Money.Zero(intent.Currency) : Kept) : may;

    /// What is paid of the order and not asked back.
    public Money Kept => Open.Where(w => w.Kind is WishKind.Refund).Aggregate(Order.Paid, (left, w) => left - w.Amount);

    public bool IsAsked(PaymentIntent intent) => Open.Any(w => w.IntentId == intent.Id);

    /// What is paid or promised of the order, whoever said so.
    public Money Covered => Intents.Aggregate(Order.Paid, (sum, i) => sum + i.Capturable);

    /// What may still be asked of the customer: of an order that goes on what nothing covers, of one that has left what it owes.
    public Money Lacking => Open.Where(w => w.Kind is WishKind.Authorise).Aggregate((Order.Status is OrderStatus.Shipped ? Order.Invoiced : Order.Gross) - Covered, (left, w) => left - w.Amount);

    /// What is invoiced, and neither paid nor asked for.
    public Money Owed => Open.Where(w => w.Kind is WishKind.Capture).Aggregate(Order.Invoiced - Order.Paid, (sum, w) => sum - w.Amount);

    public OrderIntents With(Order order, PaymentIntent intent, PaymentStep? answered) =>
        new(order, [.. Intents.Select(i => i.Id == intent.Id ? intent : i)], [.. Open.Where(w => w.Wish != answered?.Wish)]);

    private Money Less(Money most, PaymentIntent intent, WishKind kind) => Open.Where(w => w.IntentId == intent.Id && w.Kind == kind).Aggregate(most, (left, w) => left - w.Amount) is { IsNegative: false } left ? left : Money.Zero(intent.Currency);
}

/// Reads intents behind their orders' locks, and writes wishes.
internal sealed class IntentDesk(KeelDb db)
{
    /// Locks the orders and reads what is intended to be paid for them. One round trip.
    public async Task<IReadOnlyDictionary<Id<Order>, OrderIntents>> Lock(IReadOnlyList<Id<Order>> orders, CancellationToken ct)
    {
        var (rows, _) = db.LockOrders(orders);
        return await Read(rows, [.. orders.Select(o => o.Value)], ct);
    }

    /// The same by the keys of intents.
    public async Task<IReadOnlyDictionary<Id<Order>, OrderIntents>> Lock(IReadOnlyList<Id<PaymentIntent>> intents, CancellationToken ct)
    {
        var ids = intents.Select(i => i.Value).Distinct().ToArray();
        return await Lock(await db.Query<Id<Order>>($"select distinct order_id from sales.payment_intent where company_id = {db.Company} and id = any({ids})", ct), ct);
    }

    /// Without locking: for those who have the orders' locks already.
    public Task<IReadOnlyDictionary<Id<Order>, OrderIntents>> Behind(IReadOnlyList<Guid> orders, CancellationToken ct) =>
        Read(db.Ask<Order>($"{SalesTables.OrderColumns} where company_id = {db.Company} and id = any({orders})"), orders, ct);

    /// Has what is promised let go, or the link that nobody paid by yet closed.
    public void End(PaymentIntent intent) => Wish(intent, WishKind.Void, intent.Capturable.IsZero ? intent.Amount : intent.Capturable);

    /// Writes down what is wished of a gateway, and has it asked after the commit.
    public void Wish(PaymentIntent intent, WishKind kind, Money amount)
    {
        var wish = Guid.CreateVersion7(db.Now);
        db.Table<PaymentStep>().Insert(Step(intent, wish, kind, WishState.Asked, amount, null));
        db.Raise(new PaymentAsked(wish));
    }

    /// Captures what is owed from the intents that have it, the oldest first. A gateway that captures once, or only all, gives all it has at once:
    /// what it would release is lost for the next shipment.
    public void CaptureOwed(OrderIntents of, PaymentGateways gateways)
    {
        var owed = of.Owed;
        foreach (var intent in of.Intents.OrderBy(i => i.Id))
        {
            var may = of.MayCapture(intent);
            if (owed.Minor <= 0 || may.Minor <= 0) continue;
            var often = gateways.ByCode.TryGetValue(intent.Gateway, out var gateway) && gateway is { CapturesParts: true, CapturesOften: true };
            var amount = !often || may < owed ? may : owed;
            Wish(intent, WishKind.Capture, amount);
            owed -= amount;
        }
    }

    public PaymentStep Step(PaymentIntent intent, Guid wish, WishKind kind, WishState state, Money amount, string? why) =>
        new(Guid.CreateVersion7(db.Now), db.Company, intent.Id, intent.OrderId, wish, kind, state, amount, intent.Currency, why, db.Now, db.Work.Operation);

    private async Task<IReadOnlyDictionary<Id<Order>, OrderIntents>> Read(Later<List<Order>> orders, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var intents = db.Ask<PaymentIntent>($"{IntentColumns} where company_id = {db.Company} and order_id = any({ids.ToArray()}) order by id");
        var open = db.Ask<PaymentStep>(
            $"""
            {StepColumns} s where s.company_id = {db.Company} and s.order_id = any({ids.ToArray()}) and s.state = 'Asked'
              and not exists (select from sales.payment_step a where a.wish = s.wish and a.state in ('Confirmed', 'Refused')) order by s.position
            """);
        await db.Flush(ct);
        var (intentsOf, openOf) = (intents.Value.ToLookup(i => i.OrderId), open.Value.ToLookup(s => s.OrderId));
        return orders.Value.ToDictionary(o => o.Id, o => new OrderIntents(o, [.. intentsOf[o.Id]], [.. openOf[o.Id]]));
    }

    internal static readonly SqlText.Verbatim IntentColumns = new($"select {RowMap<PaymentIntent>.Instance.Names} from sales.payment_intent");
    internal static readonly SqlText.Verbatim StepColumns = new($"select {RowMap<PaymentStep>.Instance.Names} from sales.payment_step");
}
