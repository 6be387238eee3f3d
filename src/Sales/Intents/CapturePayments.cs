using System.ComponentModel.DataAnnotations;

namespace Keel.Sales;

/// Takes authorised money, all or a part of it. Two who ask at once take it once.
[Operation("sales.capture-payments", SalesPermissions.Payments, Said = "asked for {payments|it} to be captured", Icon = "money")]
internal sealed class CapturePayments(KeelDb db, IntentDesk desk, Settings settings) : IOperation<CapturePayments.Request, IReadOnlyList<IntentAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Part> Payments);

    /// Without an amount, all that can be captured.
    public sealed record Part(Id<PaymentIntent> Intent, [Positive] Money? Amount = null);

    public async Task<Result<IReadOnlyList<IntentAnswer>>> Run(Request request, CancellationToken ct)
    {
        var gateways = await PaymentGateways.Of(settings, ct);
        return Result.Of(await WishMany.Run(db, desk, WishKind.Capture, [.. request.Payments.Select(p => (p.Intent, p.Amount))], (of, intent, amount) =>
        {
            var gateway = gateways.ByCode[intent.Gateway];
            var most = of.MayCapture(intent);
            return most.IsZero ? intent.Capturable.IsZero ? $"It is {intent.Status.Spoken}: there is nothing to capture." : "All of it is asked for already. Wait for the gateway's answer."
                : amount > most ? $"Only {most} can be captured."
                : amount < intent.Capturable && !gateway.CapturesParts ? $"{gateway.Name} captures all or nothing: capture {intent.Capturable}."
                : null;
        }, (of, intent) => of.MayCapture(intent), ct));
    }
}

/// Lets authorised money go that is not needed. What was captured stays.
[Operation("sales.void-payments", SalesPermissions.Payments, Said = "asked for {payments|it} to be voided", Icon = "x")]
internal sealed class VoidPayments(KeelDb db, IntentDesk desk) : IOperation<VoidPayments.Request, IReadOnlyList<IntentAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<PaymentIntent>> Payments);

    public async Task<Result<IReadOnlyList<IntentAnswer>>> Run(Request request, CancellationToken ct) => Result.Of(await WishMany.Run(
        db, desk, WishKind.Void, [.. request.Payments.Select(p => (p, default(Money?)))],
        (of, intent, _) => !intent.CanEnd ? $"It is {intent.Status.Spoken}: there is nothing to void."
            : of.IsAsked(intent) ? "The gateway is asked something about it. Wait for its answer." : null,
        (_, intent) => intent.Capturable.IsZero ? intent.Amount : intent.Capturable, ct));
}

/// Gives captured money back through the gateway that took it.
[Operation("sales.refund-payments", SalesPermissions.Refund, Said = "asked for {payments|it} to be refunded", Icon = "undo")]
internal sealed class RefundPayments(KeelDb db, IntentDesk desk, Settings settings) : IOperation<RefundPayments.Request, IReadOnlyList<IntentAnswer>>, IAssess<RefundPayments.Request, IReadOnlyList<IntentAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Part> Payments);

    /// Without an amount, all that was captured and not given back.
    public sealed record Part(Id<PaymentIntent> Intent, [Positive] Money? Amount = null);

    /// The way out of a case about an order that was paid for nothing.
    public static CaseWay WayOut => CaseWay.Go("Pay it back", "/orders/{id}#intents", SalesPermissions.Refund) with { SubjectKind = "order" };

    private readonly List<DocumentRef> orders = [];

    public async Task<Result<IReadOnlyList<IntentAnswer>>> Run(Request request, CancellationToken ct)
    {
        var gateways = await PaymentGateways.Of(settings, ct);
        return Result.Of(await WishMany.Run(db, desk, WishKind.Refund, [.. request.Payments.Select(p => (p.Intent, p.Amount))], (of, intent, amount) =>
        {
            var most = of.MayRefund(intent);
            if (!orders.Contains(of.Order.Ref)) orders.Add(of.Order.Ref);
            return !gateways.ByCode[intent.Gateway].Refunds ? $"{gateways.ByCode[intent.Gateway].Name} does not pay back: pay it back another way, and record the payment."
                : most.IsZero ? intent.Refundable.IsZero ? "Nothing of it is captured and not given back." : "All of it is asked back already. Wait for the gateway's answer."
                : amount > most ? $"Only {most} can be given back." : null;
        }, (of, intent) => of.MayRefund(intent), ct));
    }

    public Task<Effect> Assess(Request request, IReadOnlyList<IntentAnswer> answer, CancellationToken ct)
    {
        var given = answer.Where(a => a.Why is null).Select(a => a.Amount!.Value).ToArray();
        if (given.Length == 0) return Task.FromResult(Effect.Nothing);
        var sum = given.Skip(1).All(a => a.Currency == given[0].Currency) ? given.Aggregate((a, b) => a + b) : (Money?)null;
        return Task.FromResult(new Effect(sum, [.. orders.Select(o => new DocumentVersion(o, 0))], $"Pays {(sum is { } all ? all.ToString() : string.Join(", ", given))} back for {string.Join(", ", orders.Select(o => o.Number))}."));
    }
}

/// Wishes the same of several intents under their orders' locks, each with its own answer.
internal static class WishMany
{
    public static async Task<IReadOnlyList<IntentAnswer>> Run(
        KeelDb db, IntentDesk desk, WishKind kind, IReadOnlyList<(Id<PaymentIntent> Intent, Money? Amount)> asked,
        Func<OrderIntents, PaymentIntent, Money, string?> refuses, Func<OrderIntents, PaymentIntent, Money> most, CancellationToken ct)
    {
        var known = (await desk.Lock([.. asked.Select(a => a.Intent)], ct)).Values.SelectMany(o => o.Intents.Select(i => (Of: o, Intent: i))).ToDictionary(p => p.Intent.Id);
        var answers = new List<IntentAnswer>(asked.Count);
        var seen = new HashSet<Id<PaymentIntent>>();
        foreach (var (id, wanted) in asked)
        {
            if (!known.TryGetValue(id, out var found)) { answers.Add(IntentAnswer.No("There is no such payment.")); continue; }
            if (!seen.Add(id)) { answers.Add(new IntentAnswer(id, found.Intent.Status, null, "It is named twice.")); continue; }
            var amount = wanted ?? most(found.Of, found.Intent);
            var why = amount.Currency != found.Intent.Currency ? $"It is in {found.Intent.Currency}." : refuses(found.Of, found.Intent, amount);
            // Two payments of one order are together never given back more than is paid.
            if (kind is WishKind.Refund && why is null && answers.Where(a => a.Why is null && known[a.Intent!.Value].Of.Order.Id == found.Of.Order.Id).Aggregate(amount, (sum, a) => sum + a.Amount!.Value) > found.Of.Kept) why = $"Only {found.Of.Kept} is paid of {found.Of.Order.Number}.";
            answers.Add(new IntentAnswer(id, found.Intent.Status, why is null ? amount : default(Money?), why));
            if (why is not null) continue;
            db.Work.Concerns(found.Of.Order.Number);
            db.Work.IsWorth(amount);
            desk.Wish(found.Intent, kind, amount);
        }

        return answers;
    }
}
