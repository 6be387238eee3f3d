using Microsoft.Extensions.DependencyInjection;

namespace Keel.Sales;

/// Sets goods aside for orders whose day has come near, where the policy reserves so many days before it: the strongest claim first.
[Operation("sales.reserve-due", SalesPermissions.Reserve, Said = "reserved goods for {orders|orders} whose day is near", Icon = "branch")]
internal sealed class ReserveDue(KeelDb db, Promising promising, Policies policies, Settings settings) : IOperation<ReserveDue.Request, int>
{
    internal const int Most = 200;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var timing = (await policies.Of<ReservationTiming>(ct)).Choice;
        if (timing.When is not ReserveWhen.BeforePromise) return 0;
        var until = (await Network.Of(settings, ct)).Day(db.Now).AddDays(timing.DaysBefore);
        var due = await db.Query<Id<Order>>($"select id from sales.orders where company_id = {db.Company} and status = 'Confirmed' and ship_by <= {until} order by rank, ship_by, id limit {Most}", ct);
        if (due.Count == 0) return 0;
        var (rows, lines) = db.LockOrders(due);
        await db.Flush(ct);
        var linesOf = lines.Value.ToLookup(l => l.OrderId);
        var still = rows.Value.Where(o => o.Status is OrderStatus.Confirmed).OrderBy(o => o.Rank).ThenBy(o => o.ShipBy).ThenBy(o => o.Id).ToArray();
        foreach (var order in still) db.Work.Concerns(order.Number);
        return (await promising.Again([.. still.Select(o => (o, linesOf[o.Id].ToArray()))], ct)).Count;
    }
}

/// Looks for orders whose day is near in every company that has a say about when goods are set aside.
internal sealed class ReserveDueJob(KeelDb db, Gate gate, IServiceScopeFactory scopes) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from kernel.policy where kind = {ReservationTiming.Kind}", ct))
        {
            while (await IsDue(company, ct))
            {
                if ((await gate.Run<ReserveDue, ReserveDue.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct)).Value < ReserveDue.Most) break;
            }
        }
    }

    /// Nothing is run, and nothing logged, where no order is due.
    private async Task<bool> IsDue(Id<Company> company, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Door, work.Now) = (company, Actor.Keel, Door.Job, db.Now);
        var timing = (await scope.ServiceProvider.GetRequiredService<Policies>().Of<ReservationTiming>(ct)).Choice;
        if (timing.When is not ReserveWhen.BeforePromise) return false;
        var until = (await Network.Of(scope.ServiceProvider.GetRequiredService<Settings>(), ct)).Day(db.Now).AddDays(timing.DaysBefore);
        return (await db.Query<bool>($"select true from sales.orders where company_id = {company} and status = 'Confirmed' and ship_by <= {until} limit 1", ct)).Count > 0;
    }
}
