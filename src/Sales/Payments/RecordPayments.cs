using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Books money facts of orders: authorised, captured, refunded. The same fact delivered twice is booked once.
[Operation("sales.record-payments", SalesPermissions.Payments, Said = "booked {payments|a payment}", Icon = "money")]
internal sealed class RecordPayments(KeelDb db, Paying paying, PromisingPaid reserving) : IOperation<RecordPayments.Request, IReadOnlyList<RecordPayments.Answer>>
{
    public sealed record Request([Required, MinLength(1)] IReadOnlyList<Fact> Payments);

    public sealed record Fact(Id<Order> Order, PaymentKind Kind, [Required, MaxLength(40)] string Method, [Positive] Money Amount, [Required, MaxLength(100), NoCardNumber] string Reference, DateTimeOffset? HappenedAt = null);

    public sealed record Answer(string Reference, bool Booked, string? Why);

    private sealed record OtherRow(Id<Order> OrderId, Money Kept, Currency Currency);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (orders, lines) = db.LockOrders([.. request.Payments.Select(p => p.Order)]);
        var references = request.Payments.Select(p => p.Reference).ToArray();
        var known = db.Ask<Payment>($"{new SqlText.Verbatim($"select {RowMap<Payment>.Instance.Names} from sales.payment")} where company_id = {db.Company} and reference = any({references})");
        // What came by gift cards and store credit goes back to those only.
        var others = db.Ask<OtherRow>(
            $"""
            select order_id, sum(case kind when 'Captured' then amount else -amount end)::bigint as kept, currency from sales.payment
            where company_id = {db.Company} and order_id = any({request.Payments.Select(p => p.Order.Value).ToArray()}) and kind <> 'Authorised' and method not in ('gift-card', 'store-credit') group by order_id, currency
            """);
        await db.Flush(ct);

        var kept = others.Value.ToDictionary(o => o.OrderId, o => o.Kept);
        var byId = orders.Value.ToDictionary(o => o.Id);
        var seen = known.Value.Select(p => (p.Method, p.Kind, p.Reference)).ToHashSet();
        var answers = new List<Answer>();
        var promised = new HashSet<Id<Order>>();
        foreach (var fact in request.Payments)
        {
            if (!byId.TryGetValue(fact.Order, out var order)) { answers.Add(new Answer(fact.Reference, false, "There is no such order.")); continue; }
            if (!seen.Add((fact.Method, fact.Kind, fact.Reference))) { answers.Add(new Answer(fact.Reference, false, "It was booked before; nothing was changed.")); continue; }
            if (fact.Amount.Currency != order.Currency) { answers.Add(new Answer(fact.Reference, false, $"The order is in {order.Currency}.")); continue; }
            if (Voucher.Is(fact.Method)) { answers.Add(new Answer(fact.Reference, false, "Gift cards and store credit have a balance: redeem them, or refund to them, on the order's page.")); continue; }
            if (fact.Kind is PaymentKind.Refunded && fact.Amount > order.Paid) { answers.Add(new Answer(fact.Reference, false, $"Only {order.Paid} was captured.")); continue; }
            var money = kept.GetValueOrDefault(fact.Order, Money.Zero(order.Currency));
            if (fact.Kind is PaymentKind.Refunded && fact.Amount > money) { answers.Add(new Answer(fact.Reference, false, $"Only {money} came in other ways than gift cards and store credit. Refund the rest to those.")); continue; }
            if (fact.Kind is not PaymentKind.Authorised) kept[fact.Order] = fact.Kind is PaymentKind.Captured ? money + fact.Amount : money - fact.Amount;
            db.Work.IsWorth(fact.Amount);
            byId[fact.Order] = await paying.Record(order, fact.Kind, fact.Method, fact.Amount, fact.Reference, fact.HappenedAt, ct);
            if (fact.Kind is not PaymentKind.Refunded) promised.Add(fact.Order);
            answers.Add(new Answer(fact.Reference, true, null));
        }

        db.Orders.Update([.. byId.Values.Where(o => orders.Value.Single(b => b.Id == o.Id).Paid != o.Paid)], nameof(Order.Paid));
        await reserving.Reserve([.. promised.Select(id => byId[id])], lines.Value.ToLookup(l => l.OrderId), ct);
        return answers;
    }
}

/// Where goods are set aside at payment, an order that waited for its money is promised goods in the same step.
internal sealed class PromisingPaid(Policies policies, Promising promising)
{
    public async Task Reserve(IReadOnlyList<Order> paid, ILookup<Id<Order>, OrderLine> lines, CancellationToken ct)
    {
        var waited = paid.Where(o => o.Status is OrderStatus.Confirmed).ToArray();
        if (waited.Length == 0 || (await policies.Of<ReservationTiming>(ct)).Choice.When is not ReserveWhen.AtPayment) return;
        await promising.Again([.. waited.Select(o => (o, lines[o.Id].ToArray()))], ct);
    }
}

/// Writes one money fact and tells the books; the order row is the caller's to write.
internal sealed class Paying(KeelDb db, Settings settings, CaseDesk cases)
{
    public async Task<Order> Record(Order order, PaymentKind kind, string method, Money amount, string reference, DateTimeOffset? happenedAt, CancellationToken ct, Id<PaymentIntent>? intent = null, Guid? key = null)
    {
        var network = await Network.Of(settings, ct);
        var at = happenedAt ?? db.Work.HappenedAt ?? db.Now;
        var payment = new Payment(key ?? Guid.CreateVersion7(db.Now), db.Company, order.Id, kind, method, amount, order.Currency, reference, at, network.Day(at), db.Work.Operation, intent);
        db.Payments.Gather(payment);
        db.Work.Concerns(order.Number);

        var zero = Money.Zero(order.Currency);
        var owed = order.Invoiced - order.Paid;
        var settles = kind is PaymentKind.Captured && !owed.IsNegative ? (owed < amount ? owed : amount) : zero;
        // What a marketplace gave back stands against the credit notes that it was told of; nobody else has a deposit there.
        var credits = kind is PaymentKind.Refunded && network.Channels[order.Channel].IsMarketplace ? amount : zero;
        db.Raise(new PaymentRecorded(payment.Id, kind, method, amount, order.Ref, order.Channel, order.CustomerId, null, payment.Day, at)
        {
            SettlesInvoices = settles, SettlesCredits = credits,
        });
        if (kind is PaymentKind.Captured && order is { Status: OrderStatus.OnHold, Hold: Holds.Payment or Holds.Credit } && order.Paid + amount >= order.Gross) db.Raise(new PaymentCovered(order.Id));
        // What came another way than was asked for settles what that way had left open; of what a gateway brought its own answer tells.
        if (kind is PaymentKind.Captured && intent is null && order.CapturedAt < db.Now && order.Paid + amount >= (order.IsOpen ? order.Gross : order.Invoiced))
            cases.Close([FollowGateway.Refused, FollowGateway.Ending], [order.Id.Value], "paid in full");
        return kind switch
        {
            PaymentKind.Captured => order with { Paid = order.Paid + amount },
            PaymentKind.Refunded => order with { Paid = order.Paid - amount },
            _ => order,
        };
    }
}
