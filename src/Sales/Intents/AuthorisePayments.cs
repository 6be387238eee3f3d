using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Asks gateways to promise what customers pay for orders: an intent each, several for an order that is paid in several ways.
[Operation("sales.authorise-payments", SalesPermissions.Payments, Said = "asked for {payments|a payment} to be authorised", Icon = "key")]
internal sealed class AuthorisePayments(KeelDb db, IntentDesk desk, Settings settings) : IOperation<AuthorisePayments.Request, IReadOnlyList<IntentAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Wanted> Payments);

    /// `Token` is what the gateway gave for the customer's means of payment; card numbers are refused. Without an amount, what the order lacks.
    public sealed record Wanted(Id<Order> Order, [Required, MaxLength(30)] string Gateway, [Required, MaxLength(40)] string Method, [Required, MaxLength(200), NoCardNumber] string Token, [Positive] Money? Amount = null);

    public async Task<Result<IReadOnlyList<IntentAnswer>>> Run(Request request, CancellationToken ct)
    {
        var gateways = await PaymentGateways.Of(settings, ct);
        var known = await desk.Lock([.. request.Payments.Select(p => p.Order)], ct);
        var asked = new Dictionary<Id<Order>, Money>();
        var answers = new List<IntentAnswer>(request.Payments.Count);
        foreach (var wanted in request.Payments)
        {
            if (!known.TryGetValue(wanted.Order, out var of)) { answers.Add(IntentAnswer.No("There is no such order.")); continue; }
            var order = of.Order;
            var open = of.Lacking - asked.GetValueOrDefault(order.Id, Money.Zero(order.Currency));
            var amount = wanted.Amount ?? open;
            var why = order.Status is OrderStatus.Cancelled ? $"It is {order.Status.Spoken}: nothing more is authorised for it."
                : !gateways.ByCode.TryGetValue(wanted.Gateway, out var gateway) ? "There is no such gateway. Set it up first."
                : !gateway.IsActive ? $"{gateway.Name} is not in use. Choose another gateway."
                : amount.Currency != order.Currency ? $"The order is in {order.Currency}."
                : open.Minor <= 0 ? "It is paid, promised or asked for in full already."
                : amount > open ? $"Only {open} is open." : null;
            if (why is not null) { answers.Add(IntentAnswer.No(why)); continue; }

            asked[order.Id] = asked.GetValueOrDefault(order.Id, Money.Zero(order.Currency)) + amount;
            db.Work.Concerns(order.Number);
            db.Work.IsWorth(amount);
            answers.Add(new IntentAnswer(Begin(db, desk, order, wanted.Gateway, wanted.Method, wanted.Token, amount).Id, IntentStatus.Created, amount, null));
        }

        return answers;
    }

    internal static PaymentIntent Begin(KeelDb db, IntentDesk desk, Order order, string gateway, string method, string? token, Money amount)
    {
        var zero = Money.Zero(order.Currency);
        var intent = new PaymentIntent(
            db.NewId<PaymentIntent>(), db.Company, order.Id, gateway, method, token, IntentStatus.Created, order.Currency, amount, zero, zero, zero, zero, null, 0, null, null, db.Now, db.Now, null, db.Work.Operation);
        db.Table<PaymentIntent>().Insert(intent);
        desk.Wish(intent, WishKind.Authorise, amount);
        return intent;
    }
}

/// What became of one wish of a list.
internal sealed record IntentAnswer(Id<PaymentIntent>? Intent, IntentStatus? Status, Money? Amount, string? Why)
{
    public static IntentAnswer No(string why) => new(default(Id<PaymentIntent>?), null, null, why);
}
