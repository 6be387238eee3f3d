using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Sales;

/// Decides anew on orders that credit stopped: where there is room by now, or they are paid, they go on; the oldest first. The limit holds here as it does for new orders.
[Operation("sales.check-credit", SalesPermissions.Payments, Said = "checked the credit of {orders|it} again", Icon = "check")]
internal sealed class CheckCredit(CustomerCredit credit, Confirming confirming, Policies policies) : IOperation<CheckCredit.Request, IReadOnlyList<CheckCredit.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders);

    public sealed record Answer(Id<Order> Order, string? Number, OrderStatus? Status, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var held = await confirming.Lock(request.Orders, ct);
        var stopped = held.Orders.Values.Where(o => o is { Status: OrderStatus.OnHold, Hold: Holds.Credit }).OrderBy(o => o.PlacedAt).ThenBy(o => o.Id).ToArray();
        var rules = (await policies.Of<CreditRules>(ct)).Choice;
        var standings = stopped.Length == 0 ? [] : await credit.Lock([.. stopped.Select(o => o.CustomerId)], ct);
        var (passes, still) = (new List<Order>(), new Dictionary<Id<Order>, string>());
        foreach (var order in stopped)
        {
            var due = order.Gross - order.Paid;
            if (standings[order.CustomerId].Stops(due, rules) is { } why) still[order.Id] = why;
            else
            {
                standings[order.CustomerId] = standings[order.CustomerId].With(due);
                passes.Add(order);
            }
        }

        var after = await confirming.GoOn(held, passes, Holds.Credit, "credit is given", ct);
        return request.Orders.Distinct().Select(id =>
            after.TryGetValue(id, out var order) ? new Answer(id, order.Number, order.Status, order.Hold is { } hold ? Holds.Sentence(order.Number, hold) : null)
            : still.TryGetValue(id, out var why) ? new Answer(id, held.Orders[id].Number, OrderStatus.OnHold, why)
            : held.Orders.TryGetValue(id, out var other) ? new Answer(id, other.Number, other.Status, "Credit does not stop it.")
            : new Answer(id, null, null, "There is no such order.")).ToArray();
    }
}

/// Lets orders go on that credit stopped, although their customers owe too much: somebody answers for it.
[Operation("sales.release-over-limit", SalesPermissions.ReleaseCredit, Said = "let {orders|it} go on above the credit limit", Icon = "key")]
internal sealed class ReleaseOverLimit(KeelDb db, Confirming confirming) : IOperation<ReleaseOverLimit.Request, IReadOnlyList<CheckCredit.Answer>>, IAssess<ReleaseOverLimit.Request, IReadOnlyList<CheckCredit.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Id<Order>> Orders, [Required, MinLength(3), MaxLength(500)] string Reason);

    /// The way out of a case about an order over its customer's limit.
    public static CaseWay WayOut => CaseWay.Asking<ReleaseOverLimit>("Release above the limit", "orders", "reason", "The order goes on although the customer owes too much. Why?") with { SubjectKind = "order" };

    private readonly List<Order> released = [];

    public async Task<Result<IReadOnlyList<CheckCredit.Answer>>> Run(Request request, CancellationToken ct)
    {
        var held = await confirming.Lock(request.Orders, ct);
        released.Clear();
        released.AddRange(held.Orders.Values.Where(o => o is { Status: OrderStatus.OnHold, Hold: Holds.Credit }));
        foreach (var order in released) db.Work.IsWorth(order.Gross - order.Paid);
        var after = await confirming.GoOn(held, released, Holds.Credit, "credit is given", ct);
        return request.Orders.Distinct().Select(id =>
            after.TryGetValue(id, out var order) ? new CheckCredit.Answer(id, order.Number, order.Status, order.Hold is { } hold ? Holds.Sentence(order.Number, hold) : null)
            : held.Orders.TryGetValue(id, out var other) ? new CheckCredit.Answer(id, other.Number, other.Status, "Credit does not stop it.")
            : new CheckCredit.Answer(id, null, null, "There is no such order.")).ToArray();
    }

    /// It is worth what the customer is trusted with.
    public Task<Effect> Assess(Request request, IReadOnlyList<CheckCredit.Answer> answer, CancellationToken ct)
    {
        if (released.Count == 0) return Task.FromResult(Effect.Nothing);
        Money[] dues = [.. released.GroupBy(o => o.Currency).Select(g => g.Aggregate(Money.Zero(g.Key), (sum, o) => sum + (o.Gross - o.Paid)))];
        var channels = released.Select(o => o.Channel).Distinct().ToArray();
        var sentence = $"Lets {(released.Count == 1 ? released[0].Number : $"{released.Count} orders")} over {string.Join(", ", dues)} go on above the credit limit: {request.Reason}";
        return Task.FromResult(new Effect(dues is [var worth] ? worth : null, [], sentence) { Channel = channels is [var one] ? one : default(ChannelCode?) });
    }
}

/// Lets orders go on by themselves once there is room, where the policy says so. Nothing is run, and nothing logged, where none could.
internal sealed class CheckCreditJob(KeelDb db, Gate gate, IServiceScopeFactory scopes) : IJob
{
    private const int Most = 1000;

    private sealed record Held(Id<Order> Id, Guid CustomerId, Money Due, Currency Currency);

    private sealed record Least(Guid CustomerId, Money Due, Currency Currency);

    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from sales.orders where hold = 'credit'", ct))
        {
            if (await Hopeful(company, ct) is { Length: > 0 } orders)
            {
                await gate.Run<CheckCredit, CheckCredit.Request, IReadOnlyList<CheckCredit.Answer>>(new(orders), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct);
            }
        }
    }

    /// Orders for which there is room as it looks now; the operation decides.
    private async Task<Id<Order>[]> Hopeful(Id<Company> company, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Door, work.Now) = (company, Actor.Keel, Door.Job, db.Now);
        var rules = (await scope.ServiceProvider.GetRequiredService<Policies>().Of<CreditRules>(ct)).Choice;
        if (!rules.ReleasesByItself) return [];
        // Who has no room for the least of what waits keeps nobody else waiting.
        var least = await db.Query<Least>($"select customer_id, min(gross - paid) as due, currency from sales.orders where company_id = {company} and hold = 'credit' group by customer_id, currency", ct);
        var standings = await scope.ServiceProvider.GetRequiredService<CustomerCredit>().Look([.. least.Select(h => h.CustomerId).Distinct()], ct);
        var roomy = least.Where(l => standings[l.CustomerId].Stops(l.Due, rules) is null).Select(l => l.CustomerId).Distinct().ToArray();
        if (roomy.Length == 0) return [];
        var held = await db.Query<Held>($"select id, customer_id, gross - paid as due, currency from sales.orders where company_id = {company} and hold = 'credit' and customer_id = any({roomy}) order by placed_at, id limit {Most}", ct);
        var hopeful = new List<Id<Order>>();
        foreach (var order in held)
        {
            if (standings[order.CustomerId].Stops(order.Due, rules) is not null) continue;
            standings[order.CustomerId] = standings[order.CustomerId].With(order.Due);
            hopeful.Add(order.Id);
        }

        return [.. hopeful];
    }
}
