namespace Keel.Stock;

/// Takes lots off sale whose last day is over at the site where they lie: they stay on hand, promises of them give way with cases. A lot whose date was put
/// right is sold again.
[Operation("stock.expire-lots", StockPermissions.Freeze, ChangesSettings = true, Said = "took {lots|lots} off sale that are over", Icon = "clock")]
internal sealed class ExpireLots(KeelDb db, Settings settings, Freezing freezing) : IOperation<ExpireLots.Request, int>
{
    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        if (await Again(db, network, places, ct) is { Count: > 0 } again)
        {
            await freezing.Thaw(places, [.. again.Select(f => f with { ThawedAt = db.Now, ThawedBy = db.Work.Actor.Name, Outcome = "the date was changed" })], ct);
            return again.Count;
        }

        var due = await Due(db, network, places, ct);
        var freezes = due.Select(d => new Freeze(
            db.NewId<Freeze>(), db.Company, d.Node, null, d.Sku, $"sold until {d.SellUntil:yyyy-MM-dd}", db.Work.Actor.Name, db.Now, db.Work.Actor.Name, db.Work.Operation, Lot: d.Lot, Expired: true)).ToArray();
        if (freezes.Length > 0) await freezing.Add(places, freezes, ct);
        return freezes.Length;
    }

    /// What lies of lots that are over, a few hundred at a time.
    internal static async Task<IReadOnlyList<Over>> Due(KeelDb db, Network network, Places places, CancellationToken ct)
    {
        // It is tomorrow somewhere: each site is asked what day it is there.
        var latest = network.Sites.Keys.Select(n => network.DayAt(n, db.Now)).DefaultIfEmpty().Max();
        var there = await db.Query<Over>(
            $"""
            select distinct v.node, l.sku, l.code as lot, l.sell_until from stock.lot l
            join stock.level v on v.company_id = l.company_id and v.sku = l.sku and v.lot = l.code and v.lot <> '' and v.on_hand > 0
            where l.company_id = {db.Company} and l.sell_until < {latest}
              and not exists (select from stock.freeze f where f.company_id = l.company_id and f.node = v.node and f.sku = l.sku and f.lot = l.code and f.thawed_at is null)
            order by v.node, l.sku, l.code limit 500
            """, ct);
        return [.. there.Where(o => o.SellUntil < network.DayAt(o.Node, db.Now) && !places.IsFrozen(o.Node, default, o.Sku, o.Lot.Text))];
    }

    /// What is frozen by the calendar and may be sold by the date of its lot.
    private static async Task<IReadOnlyList<Freeze>> Again(KeelDb db, Network network, Places places, CancellationToken ct)
    {
        var frozen = places.Freezes.Where(f => f.Expired).ToArray();
        if (frozen.Length == 0) return [];
        var skus = frozen.Select(f => f.Sku!.Value).Distinct();
        var days = (await db.Query<Day>($"select sku, code, sell_until from stock.lot where company_id = {db.Company} and sku = any({skus})", ct)).ToDictionary(d => (d.Sku, d.Code), d => d.SellUntil);
        return [.. frozen.Where(f => days[(f.Sku!.Value, f.Lot!.Value)] is not { } until || until >= network.DayAt(f.Node, db.Now)).Take(500)];
    }

    private sealed record Day(Sku Sku, LotCode Code, DateOnly? SellUntil);

    internal sealed record Over(NodeCode Node, Sku Sku, LotCode Lot, DateOnly SellUntil);
}

/// Runs it for every company with lots that are over; nothing is run, and nothing logged, where none is.
internal sealed class ExpireLotsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var companies = await db.Query<Id<Company>>(
            $"""
            select c.id from kernel.company c where exists (
              select from stock.lot l join stock.level v on v.company_id = l.company_id and v.sku = l.sku and v.lot = l.code and v.lot <> '' and v.on_hand > 0
              where l.company_id = c.id and l.sell_until < {DateOnly.FromDateTime(db.Now.UtcDateTime).AddDays(1)}
                and not exists (select from stock.freeze f where f.company_id = l.company_id and f.node = v.node and f.sku = l.sku and f.lot = l.code and f.thawed_at is null))
            or exists (select from stock.freeze f join stock.lot l on l.company_id = f.company_id and l.sku = f.sku and l.code = f.lot
              where f.company_id = c.id and f.expired and f.thawed_at is null and (l.sell_until is null or l.sell_until >= {DateOnly.FromDateTime(db.Now.UtcDateTime)}))
            """, ct);
        foreach (var company in companies) await gate.Run<ExpireLots, ExpireLots.Request, int>(new ExpireLots.Request(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
