namespace Keel.Stock;

/// Makes the counts of the day at each site by the plans, the suspicious and the longest uncounted first, as many as the plans allow; and tells the
/// warehouse of those that are overdue.
[Operation("stock.make-counts", KernelPermissions.Jobs, Said = "made {counts|counts} by the plans", Icon = "clock")]
internal sealed class MakeCounts(KeelDb db, Settings settings, Policies policies, CountMaker maker, CaseDesk cases) : IOperation<MakeCounts.Request, int>
{
    public static readonly CaseKind Overdue = new("count-overdue", "warehouse", TimeSpan.FromDays(2), Severity.Normal)
    {
        Next = "Count it, or say that it is not needed",
        Supervisor = "operations",
        Resolutions = ["counted", "not-needed", "planned-anew"],
        Ways =
        [
            CaseWay.Go("Count it", "/scan/count/{id}", StockPermissions.Count),
            CaseWay.Go("Look at the count", "/counts/{id}", StockPermissions.Read),
        ],
    };

    public sealed record Request;

    private sealed record Made(NodeCode Node, int Today, int Open);

    private sealed record Candidate(NodeCode Node, LocationCode Location, Sku Sku, long Skus);

    private sealed record Late(Guid Id, string Number, LocationCode Location, DateOnly DueOn);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var (rules, network, places) = ((await policies.Of<CountPlans>(ct)).Choice, await Network.Of(settings, ct), await Places.Of(settings, ct));
        var sites = network.Sites.Keys.ToArray();
        var made = (await db.Query<Made>(
            $"""
            select t.node, count(*) filter (where t.made_on = d.day)::int as today, count(*) filter (where t.status in ('Due', 'Counting'))::int as open
            from stock.count_task t join unnest({sites}, {sites.Select(s => network.DayAt(s, db.Now)).ToArray()}) d (node, day) on d.node = t.node
            where t.company_id = {db.Company} and t.plan is not null and (t.made_on = d.day or t.status in ('Due', 'Counting')) group by t.node
            """, ct)).ToDictionary(m => m.Node);
        // A site under another authority counts itself.
        var room = network.Sites.Values.Where(s => s.Authority is SiteAuthority.Keel).Select(s => s.Code).ToDictionary(n => n, n => made.TryGetValue(n, out var m) ? Math.Min(rules.AtMostPerDay - m.Today, 2 * rules.AtMostPerDay - m.Open) : rules.AtMostPerDay);
        var wanted = new Dictionary<(LocationCode, Sku?), CountMaker.Wanted>();
        foreach (var (plan, rank) in rules.Plans.Select((p, i) => (p, i)))
        {
            var nodes = room.Where(r => r.Value > 0 && (plan.Node is not { } only || only == r.Key)).Select(r => r.Key).ToArray();
            if (nodes.Length == 0) continue;
            foreach (var found in await Candidates(plan, places, nodes, network.Company.Currency.Scale, room.Values.Max() * 2, ct))
            {
                var sku = found.Skus <= rules.WholePlaceUpTo ? default(Sku?) : found.Sku;
                if (room[found.Node] <= 0 || wanted.ContainsKey((found.Location, default(Sku?))) || wanted.ContainsKey((found.Location, sku))) continue;
                wanted[(found.Location, sku)] = new CountMaker.Wanted(
                    found.Node, found.Location, sku, plan.Name, plan.Suspicious ? "Something was missing" : $"{plan.Name}, every {plan.EveryDays} days", network.DayAt(found.Node, db.Now).AddDays(rules.DueWithinDays), rank + 1);
                room[found.Node]--;
            }
        }

        var tasks = wanted.Count == 0 ? [] : await maker.Make([.. wanted.Values], ct);
        await Watch(network, ct);
        return tasks.Count;
    }

    /// What fits a plan and was not counted for as long as it says: never counted first, then the longest uncounted, the most moved first.
    private Task<List<Candidate>> Candidates(CountPlan plan, Places places, NodeCode[] nodes, long scale, int most, CancellationToken ct)
    {
        var under = plan.Under is { } top ? places.Under(top).Select(l => l.Code).ToArray() : [];
        return db.Query<Candidate>(
            $"""
            with skus as (
              select v.node, v.location, v.sku, sum(v.on_hand) as on_hand, count(*) over (partition by v.location) as skus
              from stock.level v where v.company_id = {db.Company} and v.node = any({nodes}) and v.on_hand > 0 and v.owner = {PositionKey.Own} group by v.node, v.location, v.sku)
            select v.node, v.location, v.sku, v.skus
            from skus v join stock.location p on p.company_id = {db.Company} and p.code = v.location and p.closed_at is null and p.kind in ('Storage', 'PickFace', 'StoreFloor', 'Van', 'Damaged', 'Quarantine')
            left join stock.last_count l on l.company_id = {db.Company} and l.location = v.location and l.sku = v.sku
            left join stock.sku_class k on k.company_id = {db.Company} and k.node = v.node and k.sku = v.sku
            where coalesce(l.at < {db.Now.AddDays(-plan.EveryDays)}, true)
              and ({plan.Class?.ToString()}::text is null or k.class = {plan.Class?.ToString()})
              and ({plan.Under?.Text}::text is null or v.location = any({under}))
              and ({plan.Category}::text is null or exists (select from catalog.pub_product_category c where c.sku = v.sku and c.category = {plan.Category}))
              and ({plan.Storage?.ToString()}::text is null or p.class = {plan.Storage?.ToString()})
              and ({plan.MovesAtLeast}::int is null or k.moves >= {plan.MovesAtLeast})
              and ({plan.ValueAtLeast}::numeric is null or exists (
                select from stock.cost_pool c cross join lateral (select c.company_id, c.sku, v.node) s {StockTables.SitePoolOf} where c.company_id = {db.Company} and c.sku = v.sku and {StockTables.ShareOf("v.on_hand")} >= {plan.ValueAtLeast * scale}))
              and (not {plan.Suspicious}
                or exists (select from stock.move m where m.company_id = {db.Company} and m.sku = v.sku and m.from_location = v.location and m.to_location = {Place.Loss}
                  and m.happened_at >= coalesce(l.at, '-infinity') and m.happened_at > {db.Now.AddDays(-90)})
                or exists (select from stock.count_line d where d.company_id = {db.Company} and d.node = v.node and d.sku = v.sku and d.in_doubt > 0 and d.location <> v.location))
              and not exists (select from stock.count_task t where t.company_id = {db.Company} and t.location = v.location and coalesce(t.sku, v.sku) = v.sku and t.status in ('Due', 'Counting', 'Recount', 'ToApprove'))
            order by l.at nulls first, k.rank nulls last, v.location, v.sku limit {most}
            """, ct);
    }

    private async Task Watch(Network network, CancellationToken ct)
    {
        var nodes = network.Sites.Keys.ToArray();
        var days = nodes.Select(n => network.DayAt(n, db.Now)).ToArray();
        var late = await db.Query<Late>(
            $"""
            select t.id, t.number, t.location, t.due_on from unnest({nodes}, {days}::date[]) as d (node, today) join stock.count_task t on t.node = d.node and t.due_on < d.today
            where t.company_id = {db.Company} and t.status in ('Due', 'Counting', 'Recount') order by t.due_on, t.id limit 200
            """, ct);
        cases.Open([.. late.Select(l => (Overdue, new DocumentRef(CountTask.RecordKind, l.Id, l.Number), $"{l.Location} should have been counted by {l.DueOn:d MMMM}."))]);
    }
}

/// Makes counts in every company that has stock, once an hour.
internal sealed class MakeCountsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select c.id from kernel.company c where exists (select from stock.position p where p.company_id = c.id and p.on_hand > 0)", ct))
            await gate.Run<MakeCounts, MakeCounts.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
