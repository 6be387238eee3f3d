namespace Keel.Warehouse;

/// Looks for shipments that are on the floor after the day on which they were promised to leave, by the clock of their site: each site that has some is a
/// case of its warehouse until they have left. A backlog grows in front of somebody, not in silence.
[Operation("warehouse.watch-floor", KernelPermissions.Jobs, Said = "looked for a backlog on the floor", Icon = "clock")]
internal sealed class WatchFloor(KeelDb db, CaseDesk cases, Settings settings) : IOperation<WatchFloor.Request, int>
{
    public static readonly CaseKind Backlog = new("floor-backlog", "warehouse", TimeSpan.FromHours(4), Severity.High)
    {
        Next = "Ship what should have left first",
        Supervisor = "operations",
        Resolutions = ["caught-up", "customers-told", "not-needed"],
        Ways = [CaseWay.Go("See what is late", "/shipments?f.node={number}&f.status=Released,Picked,Packed&f.ship-by.lt=today&sort=ship-by", WarehousePermissions.Read)],
    };

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var nodes = network.Sites.Keys.ToArray();
        var days = nodes.Select(n => DateOnly.FromDateTime(network.LocalAt(n, db.Now))).ToArray();
        var late = await db.Query<Late>(
            $"""
            select s.node, count(*)::int as shipments, min(s.ship_by) as oldest
            from unnest({nodes}, {days}::date[]) as d (node, today) join warehouse.shipment s on s.node = d.node and s.ship_by < d.today
            where s.company_id = {db.Company} and s.status in ('Released', 'Picked', 'Packed') group by s.node order by s.node
            """, ct);
        cases.Open([.. late.Select(l => (Backlog, About(l.Node), Sentence(l)))]);
        cases.Close(Backlog, [.. nodes.Where(n => !late.Exists(l => l.Node == n)).Select(n => About(n).Id)], "everything that was late has left");
        return late.Sum(l => l.Shipments);
    }

    private static string Sentence(Late late) =>
        $"{(late.Shipments == 1 ? "One shipment" : $"{late.Shipments} shipments")} at {late.Node} should have left and {(late.Shipments == 1 ? "is" : "are")} still on the floor; the oldest was promised for {late.Oldest:d MMMM}.";

    private static DocumentRef About(NodeCode node) => DocumentRef.Named("floor", node.Text);

    private sealed record Late(NodeCode Node, int Shipments, DateOnly Oldest);
}

/// Looks in every company that has something on the floor, or a backlog that may be over.
internal sealed class WatchFloorJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>(
            $"""
            select company_id from kernel.work_case where kind = {WatchFloor.Backlog.Name} and state <> 'Closed'
            union select id from kernel.company c where exists (
              select from warehouse.shipment s where s.company_id = c.id and s.status in ('Released', 'Picked', 'Packed') and s.ship_by <= {DateOnly.FromDateTime(db.Now.UtcDateTime)})
            """, ct))
            await gate.Run<WatchFloor, WatchFloor.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
