using Keel.Ui;

namespace Keel.Sales;

/// How far an intent to pay came.
public enum IntentStatus
{
    /// Asked of the gateway; nothing is promised yet.
    [Shown(StateRole.Waiting, "Asked")]
    Created,

    /// The money is promised and not taken.
    [Shown(StateRole.Ready, "Authorised")]
    Authorised,

    [Shown(StateRole.Working, "Charged in part")]
    PartlyCaptured,

    [Shown(StateRole.Done, "Charged")]
    Captured,

    [Shown(StateRole.Idle, "Refunded")]
    Refunded,

    [Shown(StateRole.Idle, "Voided")]
    Voided,

    [Shown(StateRole.Held, "Failed")]
    Failed,

    [Shown(StateRole.Late, "Expired")]
    Expired,
}

/// What can be wished of a gateway.
public enum WishKind
{
    Authorise,
    Capture,
    Void,
    Refund,
}

/// What became of a wish. Unknown is no answer: it is asked again under the same key.
public enum WishState
{
    [Shown(StateRole.Working, "Asked")]
    Asked,

    [Shown(StateRole.Done, "Confirmed")]
    Confirmed,

    [Shown(StateRole.Held, "Refused")]
    Refused,

    [Shown(StateRole.Waiting, "No answer")]
    Unknown,
}

/// What a customer wants to pay for an order in one way. Its amounts follow what the gateway says; each growth of them is a money fact that names it.
[Rows("sales.payment_intent", "id")]
internal sealed record PaymentIntent(
    Id<PaymentIntent> Id, Id<Company> CompanyId, Id<Order> OrderId, string Gateway, string Method, string? Token, IntentStatus Status, Currency Currency,
    Money Amount, Money Authorised, Money Capturable, Money Captured, Money Refunded, string? Reference, long Seen,
    DateTimeOffset? AuthorisedAt, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset LookedAt, string? Problem, Guid Operation, string? Link = null)
{
    [NotAColumn]
    public Money Refundable => Captured - Refunded;

    /// Whether there is something at the gateway that can be called off: a promise, or a link that a customer may still pay by.
    [NotAColumn]
    public bool CanEnd => Capturable.Minor > 0 || (Status is IntentStatus.Created && Reference is not null);

    /// Whether nothing comes of it any more by itself.
    [NotAColumn]
    public bool IsOver => Status is IntentStatus.Voided or IntentStatus.Failed or IntentStatus.Expired;

    /// Why what a gateway says of it cannot be so; null where it can.
    public string? Contradiction(GatewayState said) =>
        said.Amount.Currency != Currency ? $"It is in {said.Amount.Currency}, and was asked in {Currency}."
        : said.Amount != Amount ? $"It is over {said.Amount}, and was asked over {Amount}."
        : Reference is { } known && known != said.Reference ? $"It is {said.Reference}, and was {known} before."
        : said.Authorised > Amount || said.Captured + said.Capturable > said.Authorised || said.Refunded > said.Captured ? "More is captured or refunded than there is."
        : said.Authorised < Authorised || said.Captured < Captured || said.Refunded < Refunded ? "Less is authorised, captured or refunded than was said before."
        : null;

    /// The intent as the gateway has it. The caller has asked whether that can be so, and books what grew.
    public PaymentIntent Follow(GatewayState said, int validDays, DateTimeOffset now)
    {
        var next = this with
        {
            Reference = said.Reference, Seen = said.Version, LookedAt = now, Authorised = said.Authorised, Capturable = said.Capturable, Captured = said.Captured, Refunded = said.Refunded,
            AuthorisedAt = AuthorisedAt ?? (said.Authorised.IsZero ? null : now), Problem = said.Problem, Link = said.Link ?? Link,
            ExpiresAt = said.ExpiresAt ?? ExpiresAt ?? (said.Authorised.IsZero ? null : now.AddDays(validDays)),
        };
        return next with { Status = next.StatusOf(said.Status) };
    }

    /// The end of an authorisation: nothing more can be captured of it.
    public PaymentIntent Expire(DateTimeOffset now) =>
        this with { Capturable = Money.Zero(Currency), LookedAt = now, Status = Captured.IsZero ? IntentStatus.Expired : IntentStatus.Captured, Problem = "The authorisation ended before all of it was captured." };

    private IntentStatus StatusOf(string said) =>
        !Captured.IsZero ? Refunded == Captured && Capturable.IsZero ? IntentStatus.Refunded : Capturable.IsZero ? IntentStatus.Captured : IntentStatus.PartlyCaptured
        : !Capturable.IsZero ? IntentStatus.Authorised
        : !Authorised.IsZero || said == "canceled" ? ExpiresAt is { } end && end <= LookedAt ? IntentStatus.Expired : IntentStatus.Voided
        : Problem is not null ? IntentStatus.Failed
        : IntentStatus.Created;
}

/// A wish to a gateway, a silence about it, or its answer: a fact, never changed.
[Rows("sales.payment_step", "id")]
internal sealed record PaymentStep(
    Guid Id, Id<Company> CompanyId, Id<PaymentIntent> IntentId, Id<Order> OrderId, Guid Wish, WishKind Kind, WishState State, Money Amount, Currency Currency,
    string? Why, DateTimeOffset At, Guid Operation);
