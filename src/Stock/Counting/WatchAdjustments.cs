namespace Keel.Stock;

/// Looks for adjustments that are out of the ordinary: each is held against what adjustments of the same site for the same reason came to in the year before
/// it. The measure is robust: the logarithm of the value, its distance from the median in median deviations. One that stands out by more than three and a
/// half of them is a case, once there are eight to compare it with.
[Operation("stock.watch-adjustments", KernelPermissions.Jobs, Said = "looked for unusual adjustments", Icon = "search")]
internal sealed class WatchAdjustments(KeelDb db, CaseDesk cases) : IOperation<WatchAdjustments.Request, int>
{
    /// So many of the same kind make a history.
    private const int Least = 8;

    /// So many median deviations are usual.
    private const double Usual = 3.5;

    /// A median deviation is at least this: where all were the same, a little more is nothing yet.
    private const double Smallest = 0.25;

    private const int Most = 500;

    public static readonly CaseKind Unusual = new("adjustment-unusual", "operations", TimeSpan.FromDays(2), Severity.Normal)
    {
        Next = "Look why, then say whether it was right",
        Supervisor = "administrator",
        Resolutions = ["was-right", "counted-again", "was-theft", "was-a-mistake"],
        Ways = [CaseWay.Go("Look at the adjustment", "/adjustments/{id}", StockPermissions.Read), CaseWay.Go("Ask for a count", "/counts/new", StockPermissions.PlanCounts)],
    };

    /// From when on it looks; the last two days where nothing is said.
    public sealed record Request(DateTimeOffset? Since = null);

    private sealed record Found(Guid Id, string Number, NodeCode Node, string Reason, Money Value, long Median, Currency Currency);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var since = request.Since ?? db.Now.AddDays(-2);
        var found = await db.Query<Found>(
            $"""
            select d.id, d.number, d.node, d.reason, d.value, round(exp(h.median) - 1)::bigint as median, d.currency
            from stock.document d cross join lateral (
              select m.median, count(*) as n, percentile_cont(0.5) within group (order by abs(ln(1 + abs(o.value)) - m.median)) as deviation
              from (select percentile_cont(0.5) within group (order by ln(1 + abs(p.value))) as median from stock.document p
                where p.company_id = d.company_id and p.kind = 'Adjustment' and p.node = d.node and p.reason = d.reason and p.happened_at < d.happened_at and p.happened_at > d.happened_at - interval '365 days') m
              join stock.document o on o.company_id = d.company_id and o.kind = 'Adjustment' and o.node = d.node and o.reason = d.reason and o.happened_at < d.happened_at
                and o.happened_at > d.happened_at - interval '365 days'
              group by m.median) h
            where d.company_id = {db.Company} and d.kind = 'Adjustment' and d.recorded_at > {since} and d.recorded_at <= {db.Now} and d.happened_at > {since.AddDays(-30)}
              and h.n >= {Least} and ln(1 + abs(d.value)) - h.median > {Usual} * greatest(1.4826 * h.deviation, {Smallest})
              and not exists (select from kernel.work_case c where c.company_id = d.company_id and c.kind = {Unusual.Name} and c.subject_id = d.id)
            order by d.number limit {Most}
            """, ct);
        cases.Open([.. found.Select(f => (Unusual, new DocumentRef("adjustment", f.Id, f.Number),
            $"{f.Number} at {f.Node} for {f.Reason} came to {f.Value}; adjustments like it usually come to {new Money(f.Median, f.Currency)} or so."))]);
        return found.Count;
    }
}

/// Looks at what was adjusted lately, in every company, once an hour.
internal sealed class WatchAdjustmentsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from stock.document where kind = 'Adjustment' and happened_at > {db.Now.AddDays(-32)} and recorded_at > {db.Now.AddDays(-2)}", ct))
            await gate.Run<WatchAdjustments, WatchAdjustments.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
