using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Sales;

/// What was done with an event.
public enum EventOutcome
{
    /// It brought news, which is booked.
    [Shown(StateRole.Done, "Booked")]
    Booked,

    /// What it says was known already.
    [Shown(StateRole.Idle, "Known before")]
    Known,

    /// It cannot be so, or is about nothing that we know: somebody looks at it, and nothing is booked.
    [Shown(StateRole.Held, "Kept aside")]
    Kept,
}

/// An event that a gateway sent, kept once: a fact, never changed. Nothing personal of it is kept.
[Rows("sales.payment_event", "company_id", "gateway", "event_id")]
internal sealed record PaymentEvent(
    Id<Company> CompanyId, string Gateway, string EventId, string Kind, Guid? IntentId, string Digest, DateTimeOffset SentAt, DateTimeOffset ReceivedAt, EventOutcome Outcome, string? Why,
    [property: Json] GatewayState? Said, Guid Operation)
{
    public DocumentRef Ref => DocumentRef.Named("payment-event", $"{Gateway} {EventId}");
}

/// Books an event of a gateway whose signature is right. The same event delivered twice, late or out of order changes nothing twice.
[Operation("sales.receive-payment-event", KernelPermissions.Jobs, Said = "received {eventId|an event} from a payment gateway", Icon = "download")]
internal sealed class ReceivePaymentEvent(KeelDb db, IntentDesk desk, FollowGateway following, CaseDesk cases) : IOperation<ReceivePaymentEvent.Request, EventOutcome>
{
    /// `Wish` is the idempotency key of the request that caused it, where one did.
    public sealed record Request(
        [Required, MaxLength(30)] string Gateway, [Required, MaxLength(100)] string EventId, [Required, MaxLength(100)] string Kind, [Required, MaxLength(64)] string Digest, DateTimeOffset SentAt, GatewayState? Said, Guid? Wish = null);

    public static readonly Error OtherWords = new("payment-event.other-words", "This event came before with other words. Nothing was booked; give every event a key of its own.");

    public async Task<Result<EventOutcome>> Run(Request request, CancellationToken ct)
    {
        var reference = request.Said?.Reference ?? "";
        var named = request.Said?.Intent ?? Guid.Empty;
        var intents = request.Said is null ? [] : await db.Query<Id<PaymentIntent>>(
            $"select id from sales.payment_intent where company_id = {db.Company} and gateway = {request.Gateway} and (reference = {reference} or (reference is null and id = {named})) order by id limit 1", ct);
        var of = intents.Count == 0 ? null : (await desk.Lock(intents, ct)).Values.Single();
        if (await db.Table<PaymentEvent>().Find($"company_id = {db.Company} and gateway = {request.Gateway} and event_id = {request.EventId}", ct) is { } before)
            return before.Digest == request.Digest ? EventOutcome.Known : OtherWords;

        var (outcome, why) = of is null ? (EventOutcome.Kept, "It is about no payment that we asked for.") : await Book(of, of.Intents.Single(i => i.Id == intents[0]), request, ct);
        var happened = new PaymentEvent(db.Company, request.Gateway, request.EventId, request.Kind, intents is [var known] ? known.Value : null, request.Digest, request.SentAt, db.Now, outcome, why, request.Said, db.Work.Operation);
        db.Table<PaymentEvent>().Insert(happened);
        if (of is not null) db.Work.Concerns(of.Order.Number);
        if (outcome is EventOutcome.Kept) cases.Open(FollowGateway.Unexplained, of?.Order.Ref ?? happened.Ref, $"The event {request.EventId} of {request.Gateway}{(of is null ? "" : " for " + of.Order.Number)} is not booked: {why}");
        return outcome;
    }

    private async Task<(EventOutcome, string?)> Book(OrderIntents of, PaymentIntent intent, Request request, CancellationToken ct)
    {
        var said = request.Said!;
        var isNews = said.Version > intent.Seen;
        if (of.Open.FirstOrDefault(w => w.Wish == request.Wish && w.IntentId == intent.Id) is { } wish)
        {
            var refused = wish.Kind is WishKind.Authorise && said.Authorised.IsZero && said.Problem is not null;
            // An event that names a wish and shows nothing of it is no answer to it: the gateway's own answer is.
            if (refused || Shows(wish.Kind, intent, said))
            {
                var odd = await following.Answer(of, intent, wish, refused ? WishState.Refused : WishState.Confirmed, said, said.Problem, ct);
                return odd is null ? (EventOutcome.Booked, null) : (EventOutcome.Kept, odd);
            }
        }

        if (!isNews) return (EventOutcome.Known, null);
        var (after, kept) = await following.Follow(of, intent, said, null, ct);
        if (kept is not null) return (EventOutcome.Kept, kept);
        await following.Settle(after, intent, ct);
        return (EventOutcome.Booked, null);
    }

    /// Whether what a gateway says of a payment shows that a wish of this kind was done.
    private static bool Shows(WishKind kind, PaymentIntent intent, GatewayState said) => kind switch
    {
        WishKind.Authorise => said.Authorised > intent.Authorised,
        WishKind.Capture => said.Captured > intent.Captured,
        WishKind.Refund => said.Refunded > intent.Refunded,
        _ => said.Capturable.IsZero,
    };
}

/// What gateways told by themselves, the newest first, and what was done with it.
[View("sales.payment-events", SalesPermissions.Read, Sort = "-received-at")]
internal sealed class PaymentEventList(KeelDb db) : IView<PaymentEventList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Event")] public required string EventId { get; init; }
        public required string Gateway { get; init; }
        [Search, Title("What it says")] public required string Kind { get; init; }
        [Search, Title("Order")] public string? OrderNumber { get; init; }
        public Guid? OrderId { get; init; }
        [Title("Sent")] public required DateTimeOffset SentAt { get; init; }
        [Title("Received")] public required DateTimeOffset ReceivedAt { get; init; }
        [Title("What became of it")] public required EventOutcome Outcome { get; init; }
        [Title("Why")] public string? Why { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select e.gateway || ' ' || e.event_id as id, e.event_id, e.gateway, e.kind, o.number as order_number, o.id as order_id, e.sent_at, e.received_at, e.outcome, e.why
        from sales.payment_event e left join sales.payment_intent i on i.id = e.intent_id left join sales.orders o on o.id = i.order_id where e.company_id = {db.Company}
        """;
}
