using Keel.Sales.Contract;

namespace Keel.Sales;

/// Takes what a gateway says into the books: what grew since is booked as money facts, once, whoever brought the news and in whatever order.
internal sealed class FollowGateway(KeelDb db, IntentDesk desk, Paying paying, Settings settings, Policies policies, CaseDesk cases)
{
    /// A failed payment that is not the order's only one, or came when its goods were on the floor.
    public static readonly CaseKind Refused = new("payment-refused", "finance", TimeSpan.FromHours(4), Severity.High)
    {
        Next = "Ask again, or ask the customer for another way to pay", Resolutions = ["paid", "written-off", CaseKind.CalledOff, "duplicate"], Ways = [RetryPayments.WayOut, CancelOrders.WayOut],
    };

    /// Money came for an order that is cancelled.
    public static readonly CaseKind Late = new("payment-late", "finance", TimeSpan.FromHours(24), Severity.High)
    {
        Next = "Pay it back, or take the order again", Resolutions = ["paid-back", "order-taken-again", "duplicate"], Ways = [RefundPayments.WayOut],
    };

    /// A gateway that says nothing, or what cannot be so.
    public static readonly CaseKind Unexplained = new("payment-unexplained", "finance", TimeSpan.FromHours(8), Severity.High)
    {
        Next = "Compare with the gateway's own pages", Resolutions = ["explained", "gateway-mended", "duplicate"], Ways = [CaseWay.Go("See the payments", "/payment-intents", SalesPermissions.Read)],
    };

    /// Books what the gateway says of an intent whose order is locked. Answers how all stands now, and why it was not followed where it was not.
    public async Task<(OrderIntents After, string? Kept)> Follow(OrderIntents of, PaymentIntent intent, GatewayState said, PaymentStep? answered, CancellationToken ct)
    {
        if (said.Version <= intent.Seen) return (of.With(of.Order, intent, answered), null);
        if (intent.Contradiction(said) is { } why) return (of, why);
        var gateways = await PaymentGateways.Of(settings, ct);
        var order = of.Order;
        (PaymentKind Kind, Money Was, Money Is)[] grown = [(PaymentKind.Authorised, intent.Authorised, said.Authorised), (PaymentKind.Captured, intent.Captured, said.Captured), (PaymentKind.Refunded, intent.Refunded, said.Refunded)];
        foreach (var (kind, was, now) in grown.Where(g => g.Is > g.Was))
        {
            db.Work.IsWorth(now - was);
            order = await paying.Record(order, kind, intent.Method, now - was, $"{said.Reference} {now.Minor}", null, ct, intent.Id);
        }

        var next = intent.Follow(said, gateways.ByCode.GetValueOrDefault(intent.Gateway)?.ValidDays ?? 7, db.Now);
        if (order.Paid != of.Order.Paid) db.Orders.Update([order], nameof(Order.Paid));
        db.Table<PaymentIntent>().Update(next);
        var after = of.With(order, next, answered);
        if (order.Status is OrderStatus.Cancelled && next.Captured > intent.Captured)
            cases.Open(Late, order.Ref, $"{next.Captured - intent.Captured} came for {order.Number}, which is cancelled. It stands as the customer's deposit: pay it back, or take the order again.");
        return (after, null);
    }

    /// Books the answer to a wish and what follows from it. Says why it cannot be so where it cannot; then the wish stays open.
    public async Task<string?> Answer(OrderIntents of, PaymentIntent intent, PaymentStep wish, WishState state, GatewayState? said, string? why, CancellationToken ct)
    {
        if (said is null) of = of.With(of.Order, intent, wish);
        else
        {
            (of, var kept) = await Follow(of, intent, said, wish, ct);
            if (kept is not null) return kept;
        }

        intent = of.Intents.Single(i => i.Id == intent.Id);
        db.Table<PaymentStep>().Insert(desk.Step(intent, wish.Wish, wish.Kind, state, wish.Amount, why));
        if (state is WishState.Refused)
        {
            if (wish.Kind is WishKind.Authorise && intent.Authorised.IsZero)
            {
                intent = intent with { Status = IntentStatus.Failed, Problem = why, LookedAt = db.Now };
                db.Table<PaymentIntent>().Update(intent);
                of = of.With(of.Order, intent, null);
            }

            // What was refused is not wished again by itself: a person decides.
            Failed(of, intent, wish.Kind, why ?? "the gateway refused");
            return null;
        }

        // A gateway that says that it let go what it still has is not asked the same for ever.
        if (state is WishState.Confirmed && wish.Kind is WishKind.Void && intent.CanEnd)
        {
            cases.Open(Unexplained, of.Order.Ref, $"{intent.Gateway} says that it let a payment for {of.Order.Number} go, and has it still.");
            return null;
        }

        if (state is WishState.Confirmed && wish.Kind is WishKind.Authorise && intent is { Token: null, Link: not null, Status: IntentStatus.Created } && of.Order.IsOpen) db.Raise(new PaymentLinkMade(intent.Id));
        await Settle(of, intent, ct);
        return null;
    }

    /// What follows from how things stand now: the rest of what nobody needs is let go, what is to be taken at order is taken, an order that waited for its money goes on.
    public async Task Settle(OrderIntents now, PaymentIntent intent, CancellationToken ct)
    {
        var order = now.Order;
        intent = now.Intents.Single(i => i.Id == intent.Id);
        var timing = (await policies.Of<PaymentCapture>(ct)).Choice.When;
        if (!order.IsOpen)
        {
            if (now.Owed.Minor <= 0) foreach (var spare in now.Intents.Where(i => i.CanEnd && !now.IsAsked(i))) desk.End(spare);
            // What has left and is owed is taken as soon as somebody promises it.
            else if (timing is not CaptureWhen.ByHand) desk.CaptureOwed(now, await PaymentGateways.Of(settings, ct));
            if (order.Invoiced <= order.Paid) cases.Close([Refused, Ending], [order.Id.Value], "paid in full");
            return;
        }

        var asked = now.Open.Where(w => w.Kind is WishKind.Capture).Aggregate(Money.Zero(order.Currency), (sum, w) => sum + w.Amount);
        if (timing is CaptureWhen.AtOrder && now.MayCapture(intent) is { Minor: > 0 } all && order.Gross - order.Paid - asked is { Minor: > 0 } unpaid) desk.Wish(intent, WishKind.Capture, all < unpaid ? all : unpaid);
        if (now.Covered < order.Gross) return;
        cases.Close([Refused, Ending], [order.Id.Value], "paid or promised in full");
        if (order is { Status: OrderStatus.OnHold, Hold: Holds.Payment }) db.Raise(new PaymentCovered(order.Id));
    }

    /// An authorisation that ends before the goods leave.
    public static readonly CaseKind Ending = new("authorisation-ends", "finance", TimeSpan.FromHours(12), Severity.High)
    {
        Next = "Ship it, capture it, or have it authorised anew", Resolutions = ["shipped", "authorised-anew", CaseKind.CalledOff, "duplicate"],
        Ways = [RetryPayments.WayOut, CancelOrders.WayOut],
    };

    /// A payment failed: an order that nothing else pays waits in the queue of failed payments; what is on the floor goes on, with a case.
    private void Failed(OrderIntents now, PaymentIntent intent, WishKind kind, string why)
    {
        var order = now.Order;
        // What is not there any more need not be let go: what became of it has a case of its own. What left before its card was refused is still owed.
        if (!order.IsOpen && (kind is WishKind.Authorise && now.Owed.Minor <= 0 || kind is WishKind.Void && intent.Capturable.IsZero)) return;
        var sentence = $"{intent.Method} for {order.Number}: {why}";
        if (kind is WishKind.Authorise && now.Covered >= order.Gross) return;
        if (kind is WishKind.Authorise && order.Status is OrderStatus.Confirmed or OrderStatus.Reserved or OrderStatus.Backordered)
        {
            var held = (order with { Hold = Holds.Payment, HeldIn = db.Work.Operation }).To(OrderStatus.OnHold, db.Now);
            db.Orders.Update([held], nameof(Order.Status), nameof(Order.Hold), nameof(Order.HeldAt), nameof(Order.HeldIn), nameof(Order.Version));
            cases.Open(Holds.CaseOf(Holds.Payment), order.Ref, sentence);
            db.Raise(new OrderHeld(order.Ref, order.Channel, order.Gross, Holds.Payment, why));
        }
        else cases.Open(Refused, order.Ref, sentence);
    }
}

/// An order that waited for its money has it.
internal sealed record PaymentCovered(Id<Order> Order) : IDelivered
{
    public string Subject => "order " + Order;
}

/// Lets orders go on that waited for their money only.
internal sealed class GoOnPaid(KeelDb db, Gate gate) : IDeliver<PaymentCovered>
{
    public async Task Deliver(PaymentCovered happened, CancellationToken ct)
    {
        if (await db.Orders.Find($"company_id = {db.Company} and id = {happened.Order}", ct) is not { Status: OrderStatus.OnHold } order) return;
        if (order.Hold is Holds.Credit)
        {
            NotDelivered.Unless(await gate.Run<CheckCredit, CheckCredit.Request, IReadOnlyList<CheckCredit.Answer>>(
                new([happened.Order]), new Caller(Actor.Keel, Door.Job, db.Company) { At = db.Now, Cause = db.Work.Cause }, ct));
            return;
        }

        if (order.Hold is not Holds.Payment) return;
        NotDelivered.Unless(await gate.Run<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(
            new([happened.Order]), new Caller(Actor.Keel, Door.Job, db.Company) { At = db.Now, Cause = db.Work.Cause }, ct));
    }
}
