using System.ComponentModel.DataAnnotations;
using Keel.Sales.Contract;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Sales;

/// Asks again, under the same keys, what gateways have not answered; says of authorisations that they end soon or have ended.
[Operation("sales.tend-payments", KernelPermissions.Jobs, Said = "looked after open payments", Icon = "clock")]
internal sealed class TendPayments(KeelDb db, IntentDesk desk, CaseDesk cases) : IOperation<TendPayments.Request, int>
{
    internal const int Most = 200;

    /// The share of an authorisation's life after which somebody looks at it.
    private const double Near = 0.8;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var silent = await db.Query<Guid>($"{SilentWishes(db)}", ct);
        foreach (var wish in silent) db.Raise(new PaymentAsked(wish));
        var ending = await db.Query<Id<Order>>($"{EndingIntents(db)}", ct);
        if (ending.Count == 0) return silent.Count;
        foreach (var of in (await desk.Lock(ending, ct)).Values.OrderBy(o => o.Order.Id)) Look(of);
        return silent.Count + ending.Count;
    }

    private void Look(OrderIntents of)
    {
        var order = of.Order;
        db.Work.Concerns(order.Number);
        foreach (var intent in of.Intents.Where(i => i.Capturable.Minor > 0 && i.ExpiresAt is not null && !of.IsAsked(i)))
        {
            if (intent.ExpiresAt <= db.Now)
            {
                db.Table<PaymentIntent>().Update(intent.Expire(db.Now));
                if (order.IsOpen) cases.Open(FollowGateway.Ending, order.Ref, $"The authorisation of {intent.Capturable} for {order.Number} has ended and was not captured. Have it authorised anew before the goods leave.");
            }
            else if (order.IsOpen && db.Now >= Warning(intent))
                cases.Open(FollowGateway.Ending, order.Ref, $"The authorisation of {intent.Capturable} for {order.Number} ends on {intent.ExpiresAt:yyyy-MM-dd HH:mm} UTC, and its goods have not left.");
        }
    }

    private static DateTimeOffset Warning(PaymentIntent intent) => intent.AuthorisedAt!.Value + ((intent.ExpiresAt!.Value - intent.AuthorisedAt.Value) * Near);

    /// Wishes without an answer whose time to be asked again has come: a minute after the first silence, then twice as late each time, at most a day.
    internal static FormattableString SilentWishes(KeelDb db) =>
        $"""
        select u.wish from sales.payment_step u where u.company_id = {db.Company} and u.state = 'Unknown'
          and not exists (select from sales.payment_step a where a.wish = u.wish and a.state in ('Confirmed', 'Refused'))
        group by u.wish having max(u.at) + least(interval '1 day', interval '1 minute' * power(2, least(count(*), 12) - 1)) <= {db.Now}::timestamptz
        order by min(u.at) limit {Most}
        """;

    internal static FormattableString EndingIntents(KeelDb db) =>
        $"""
        select distinct i.order_id from sales.payment_intent i join sales.orders o on o.id = i.order_id
        where i.company_id = {db.Company} and i.capturable > 0 and i.expires_at is not null
          and not exists (select from sales.payment_step s where s.intent_id = i.id and s.state = 'Asked'
            and not exists (select from sales.payment_step a where a.wish = s.wish and a.state in ('Confirmed', 'Refused')))
          and (i.expires_at <= {db.Now}::timestamptz or (o.status not in ('Shipped', 'Cancelled') and i.authorised_at + (i.expires_at - i.authorised_at) * {Near}::double precision <= {db.Now}::timestamptz
            and not exists (select from kernel.work_case c where c.company_id = i.company_id and c.subject_id = i.order_id and c.kind = 'authorisation-ends' and c.opened_at >= i.authorised_at)))
        limit {Most}
        """;
}

/// Books how a gateway says that an intent stands that nothing was heard of.
[Operation("sales.book-gateway-look", KernelPermissions.Jobs, Said = "looked up a payment at its gateway", Icon = "search")]
internal sealed class BookGatewayLook(KeelDb db, IntentDesk desk, FollowGateway following, CaseDesk cases) : IOperation<BookGatewayLook.Request, Done>
{
    /// What the gateway says; nothing where it did not answer.
    public sealed record Request(Id<PaymentIntent> Intent, GatewayState? Said);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        foreach (var found in (await desk.Lock([request.Intent], ct)).Values)
        {
            var (of, intent) = (found, found.Intents.Single(i => i.Id == request.Intent));
            db.Work.Concerns(of.Order.Number);
            if (request.Said is not { } said || said.Version <= intent.Seen)
            {
                db.Table<PaymentIntent>().Update(intent with { LookedAt = db.Now }, nameof(PaymentIntent.LookedAt));
                continue;
            }

            (of, var kept) = await following.Follow(of, intent, said, null, ct);
            if (kept is null)
            {
                await following.Settle(of, intent, ct);
                continue;
            }

            db.Table<PaymentIntent>().Update(intent with { LookedAt = db.Now }, nameof(PaymentIntent.LookedAt));
            cases.Open(FollowGateway.Unexplained, of.Order.Ref, $"What {intent.Gateway} says of a payment for {of.Order.Number} cannot be so: {kept}");
        }

        return Done.It;
    }
}

/// Tends payments in every company that has a gateway, and asks the gateways about intents of which nothing was heard for long: a webhook may be lost.
internal sealed class TendPaymentsJob(KeelDb db, Gate gate, IServiceScopeFactory scopes, IDataProtectionProvider protection) : IJob
{
    /// What waits for the gateway's word is asked about after this long, and what only waits for its shipment once a day.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Rest = TimeSpan.FromDays(1);

    /// After that a link that nobody paid by is not looked at any more; its event still counts.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);
    private const int MostLooks = 50;

    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from sales.payment_gateway order by company_id", ct))
        {
            await using var scope = scopes.CreateAsyncScope();
            var own = scope.ServiceProvider.GetRequiredService<KeelDb>();
            (own.Work.Company, own.Work.Actor, own.Work.Door, own.Work.Now) = (company, Actor.Keel, Door.Job, db.Now);
            var caller = new Caller(Actor.Keel, Door.Job, company) { At = db.Now };
            // Nothing is run, and nothing logged, where nothing is due.
            if ((await own.Query<Guid>($"{TendPayments.SilentWishes(own)}", ct)).Count + (await own.Query<Guid>($"{TendPayments.EndingIntents(own)}", ct)).Count > 0)
                await gate.Run<TendPayments, TendPayments.Request, int>(new(), caller, ct);
            await Look(own, caller, ct);
        }
    }

    private async Task Look(KeelDb own, Caller caller, CancellationToken ct)
    {
        var gateways = (await own.Table<PaymentGateway>().Where($"company_id = {own.Company}", ct)).ToDictionary(g => g.Code, StringComparer.Ordinal);
        var seal = protection.CreateProtector(PaymentGateway.Purpose);
        var silent = await own.Table<PaymentIntent>().Where(
            $"""
            company_id = {own.Company} and reference is not null and (status = 'Created' and looked_at <= {own.Now - Silence} and created_at > {own.Now - Longest} or capturable > 0 and looked_at <= {own.Now - Rest})
            order by looked_at limit {MostLooks}
            """, ct);
        foreach (var intent in silent)
        {
            if (!gateways.TryGetValue(intent.Gateway, out var gateway) || gateway.ApiKey is not { } key) continue;
            var answer = await GatewayLine.Look(gateway, seal.Unprotect(key), intent.Reference!, ct);
            await gate.Run<BookGatewayLook, BookGatewayLook.Request, Done>(new(intent.Id, answer.State is WishState.Confirmed ? answer.Said : null), caller, ct);
        }
    }
}
