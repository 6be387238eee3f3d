namespace Keel.Sales;

/// Has customers told whose orders should have left by now and have not: once for each promised day.
[Operation("sales.tell-delays", KernelPermissions.Jobs, Said = "told customers of delays", Icon = "bell")]
internal sealed class TellDelays(KeelDb db, Policies policies, Settings settings) : IOperation<TellDelays.Request, int>
{
    private const int Most = 500;

    /// Older delays are no news.
    private const int Days = 7;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var policy = (await policies.Of<CustomerMessages>(ct)).Choice;
        var channels = policy.Channels.Where(c => c.Delayed).Select(c => c.Channel.Text).ToArray();
        if (channels.Length == 0) return 0;
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var late = await db.Orders.Where(
            $"""
            company_id = {db.Company} and channel = any({channels}) and status in ('Confirmed', 'Reserved', 'Backordered', 'Released', 'PartlyShipped') and ship_by < {today} and ship_by >= {today.AddDays(-Days)}
              and not exists (select from sales.told_delay t where t.order_id = orders.id and t.ship_by = orders.ship_by)
            order by ship_by, id limit {Most} for update
            """, ct);
        if (late.Count == 0) return 0;
        db.Table<ToldDelay>().InsertMissing([.. late.Select(o => new ToldDelay(db.Company, o.Id, o.ShipBy, db.Now))]);
        foreach (var order in late) db.Raise(new CustomerToTell(order.Id, Milestone.Delayed, Once(order)));
        return late.Count;
    }

    /// One mail for each day that was promised.
    private static Guid Once(Order order) => DocumentRef.Named("delay", $"{order.Id} {order.ShipBy:yyyy-MM-dd}").Id;
}

/// That a customer was told of a promised day that has passed.
[Rows("sales.told_delay", "order_id", "ship_by")]
internal sealed record ToldDelay(Id<Company> CompanyId, Id<Order> OrderId, DateOnly ShipBy, DateTimeOffset At);

/// Looks for late orders in every company where customers are told of them.
internal sealed class TellDelaysJob(KeelDb db, Gate gate) : IJob
{
    private DateOnly Today => DateOnly.FromDateTime(db.Now.UtcDateTime);

    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>(
            $"""
            select distinct p.company_id from kernel.policy p join sales.orders o on o.company_id = p.company_id
            where p.kind = {CustomerMessages.Kind} and o.status in ('Confirmed', 'Reserved', 'Backordered', 'Released', 'PartlyShipped') and o.ship_by between {Today.AddDays(-8)} and {Today}
              and not exists (select from sales.told_delay t where t.order_id = o.id and t.ship_by = o.ship_by)
            """, ct))
            await gate.Run<TellDelays, TellDelays.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
