using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Sales;

/// Gives back what is promised to orders that are stopped for longer than their queue keeps it. They stay stopped, and are promised goods anew when they go on. What the floor has begun keeps its goods.
[Operation("sales.let-go-held", KernelPermissions.Jobs, Said = "gave back what {orders|stopped orders} kept too long", Icon = "clock")]
internal sealed class LetGoHeld(KeelDb db, StockDesk stock, Policies policies, FloorDesk floor) : IOperation<LetGoHeld.Request, int>
{
    internal const int Most = 200;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var policy = await policies.Of<HeldOrders>(ct);
        var terms = policy.Choice;
        var due = await Due(db, floor, terms, ct);
        if (due.Length == 0) return 0;
        var (rows, _) = db.LockOrders(due);
        await db.Flush(ct);
        var held = rows.Value.Where(o => o is { Status: OrderStatus.OnHold, Hold: { } hold } && terms.Of(hold)?.KeepsHours is { } hours && o.HeldAt <= db.Now.AddHours(-hours)).ToArray();
        foreach (var order in held) db.Work.Concerns(order.Number);
        await stock.Release([.. held.Select(o => o.Ref)], "stopped for longer than their queue keeps it", ct);
        db.Queue($"delete from sales.route where company_id = {db.Company} and order_id = any({held.Select(o => o.Id.Value).ToArray()})");
        db.Table<Decision>().Insert([.. held.Select(o => new Decision(Guid.CreateVersion7(db.Now), db.Company, db.Now, db.Work.Operation, "hold", o.Ref,
            $"What was promised to it was given back: it has been stopped for more than {terms.Of(o.Hold!)!.KeepsHours} hours. It is promised goods anew when it goes on.", HeldOrders.Kind, policy.Version, new DecisionDetail([], [])))]);
        return held.Length;
    }

    /// Orders whose queue does not keep for them any more what they still have, and of which nothing is on the floor.
    internal static async Task<Id<Order>[]> Due(KeelDb db, FloorDesk floor, HeldOrders terms, CancellationToken ct)
    {
        var late = await db.Query<Id<Order>>($"{Late(db, terms)} limit {5 * Most}", ct);
        if (late.Count == 0) return [];
        var works = await floor.Of([.. late.Select(o => o.Value)], ct);
        return [.. late.Where(o => !works[o.Value].Any()).Take(Most)];
    }

    private static FormattableString Late(KeelDb db, HeldOrders terms)
    {
        var kept = terms.Terms.Where(t => t.KeepsHours is not null).DistinctBy(t => t.Queue).ToArray();
        return $"""
            select o.id from sales.orders o join unnest({kept.Select(t => t.Queue).ToArray()}, {kept.Select(t => (long)t.KeepsHours!.Value).ToArray()}) as k (hold, hours) on k.hold = o.hold
            where o.company_id = {db.Company} and o.status = 'OnHold' and o.held_at <= {db.Now}::timestamptz - make_interval(hours => k.hours::int)
              and exists (select from stock.pub_reservation p where p.document_id = o.id and p.open > 0)
            order by o.held_at, o.id
            """;
    }
}

/// Looks for stopped orders that keep goods for too long, in every company that has a say about it.
internal sealed class LetGoHeldJob(KeelDb db, Gate gate, IServiceScopeFactory scopes) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from kernel.policy where kind = {HeldOrders.Kind}", ct))
        {
            await using var scope = scopes.CreateAsyncScope();
            var own = scope.ServiceProvider.GetRequiredService<KeelDb>();
            (own.Work.Company, own.Work.Actor, own.Work.Door, own.Work.Now) = (company, Actor.Keel, Door.Job, db.Now);
            var terms = (await scope.ServiceProvider.GetRequiredService<Policies>().Of<HeldOrders>(ct)).Choice;
            // Nothing is run, and nothing logged, where nothing is due.
            while ((await LetGoHeld.Due(own, scope.ServiceProvider.GetRequiredService<FloorDesk>(), terms, ct)).Length > 0)
            {
                if ((await gate.Run<LetGoHeld, LetGoHeld.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct)).Value < LetGoHeld.Most) break;
            }
        }
    }
}
