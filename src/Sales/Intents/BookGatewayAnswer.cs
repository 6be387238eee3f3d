using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.DataProtection;

namespace Keel.Sales;

/// Books what a gateway answered to a wish: the wish has its answer, and what the gateway did is a fact. A silence is noted, and asked about again.
[Operation("sales.book-gateway-answer", KernelPermissions.Jobs, Said = "heard from a payment gateway", Icon = "money")]
internal sealed class BookGatewayAnswer(KeelDb db, IntentDesk desk, FollowGateway following, CaseDesk cases) : IOperation<BookGatewayAnswer.Request, Done>
{
    /// So many silences make a case.
    private const int ManySilences = 4;

    public sealed record Request(Guid Wish, WishState State, GatewayState? Said, [MaxLength(500)] string? Why);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<PaymentStep>().Find($"company_id = {db.Company} and wish = {request.Wish} and state = 'Asked'", ct) is not { } wish) return Done.It;
        var of = (await desk.Lock([wish.OrderId], ct))[wish.OrderId];
        // Whoever asked at the same time has brought the answer.
        if (of.Open.All(w => w.Wish != wish.Wish)) return Done.It;
        var intent = of.Intents.Single(i => i.Id == wish.IntentId);
        db.Work.Concerns(of.Order.Number);
        if (request.State is WishState.Unknown or WishState.Asked)
        {
            await Silent(of.Order, intent, wish, request.Why, ct);
            return Done.It;
        }

        if (await following.Answer(of, intent, wish, request.State, request.Said, request.Why, ct) is not { } kept) return Done.It;
        cases.Open(FollowGateway.Unexplained, of.Order.Ref, $"What {intent.Gateway} says of a payment for {of.Order.Number} cannot be so: {kept}");
        await Silent(of.Order, intent, wish, kept, ct);
        return Done.It;
    }

    private async Task Silent(Order order, PaymentIntent intent, PaymentStep wish, string? why, CancellationToken ct)
    {
        db.Table<PaymentStep>().Insert(desk.Step(intent, wish.Wish, wish.Kind, WishState.Unknown, wish.Amount, why));
        var times = await db.First<long>($"select count(*) from sales.payment_step where wish = {wish.Wish} and state = 'Unknown'", ct);
        if (times >= ManySilences) cases.Open(FollowGateway.Unexplained, order.Ref, $"{intent.Gateway} has not answered {times} times about a payment for {order.Number}: {why}");
    }
}

/// Asks a gateway what was wished of it, after the commit, and has its answer booked.
internal sealed class AskGateway(KeelDb db, Gate gate, IDataProtectionProvider protection) : IDeliver<PaymentAsked>
{
    private sealed record OrderNumber(string Number);

    public async Task Deliver(PaymentAsked happened, CancellationToken ct)
    {
        var wish = await db.Table<PaymentStep>().Find($"company_id = {db.Company} and wish = {happened.Wish} and state = 'Asked' and not exists (select from sales.payment_step a where a.wish = payment_step.wish and a.state in ('Confirmed', 'Refused'))", ct);
        if (wish is null) return;
        var intent = (await db.Table<PaymentIntent>().Find($"company_id = {db.Company} and id = {wish.IntentId}", ct))!;
        var number = await db.First<OrderNumber>($"select number from sales.orders where company_id = {db.Company} and id = {wish.OrderId}", ct);
        var gateway = await db.Table<PaymentGateway>().Find($"company_id = {db.Company} and code = {intent.Gateway}", ct);
        var answer = gateway?.ApiKey is { } key
            ? await GatewayLine.Ask(gateway, protection.CreateProtector(PaymentGateway.Purpose).Unprotect(key), intent, wish, number!.Number, ct)
            : new GatewayAnswer(WishState.Unknown, null, "The gateway is not set up any more.");
        NotDelivered.Unless(await gate.Run<BookGatewayAnswer, BookGatewayAnswer.Request, Done>(
            new(wish.Wish, answer.State, answer.Said, answer.Why), new Caller(Actor.Keel, Door.Job, db.Company) { At = db.Now, Cause = db.Work.Cause }, ct));
    }
}
