using Keel.Stock.Contract;

namespace Keel.Stock;

/// Gives back what holds still have whose time is over, a few hundred at a time.
[Operation("stock.expire-holds", StockPermissions.Hold, Said = "let {holds|a hold} expire", Icon = "clock")]
internal sealed class ExpireHolds(KeelDb db, Settings settings) : IOperation<ExpireHolds.Request, int>
{
    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var over = await db.Query<Guid>(
            $"""
            select distinct document_id from stock.reservation
            where company_id = {db.Company} and open > 0 and expires_at is not null and expires_at <= {db.Now} limit 500
            """, ct);
        if (over.Count > 0) await new Promising(db, settings).Release([.. over.Select(id => new DocumentRef("cart", id, ""))], "its time was over", ct, StepKind.Expired);
        return over.Count;
    }
}

/// Runs the expiry for every company, often.
internal sealed class ExpireHoldsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var companies = await db.Query<Id<Company>>(
            $"select distinct company_id from stock.reservation where open > 0 and expires_at is not null and expires_at <= {db.Now}", ct);
        foreach (var company in companies)
        {
            await gate.Run<ExpireHolds, ExpireHolds.Request, int>(new ExpireHolds.Request(), new Caller(Actor.Keel, Door.Job, company), ct);
        }
    }
}
