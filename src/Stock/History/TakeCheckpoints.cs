namespace Keel.Stock;

/// Keeps what was there where weeks and busy days began, so that any instant is a checkpoint and the moves behind it. It takes whole
/// transactions that have ended, and adds what was told late to every checkpoint that lies behind it: checkpoints are always exact.
internal sealed class TakeCheckpoints(KeelDb db, TimeProvider clock) : IJob
{
    /// A SKU that moved so often on a day has a checkpoint of its own at its end.
    internal const int Busy = 200;

    /// So many days are taken in one transaction.
    private const int DaysAtOnce = 31;

    /// What is closed is left alone for a while: most of what is told late is told within the hour.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private sealed record Book(Id<Company> Company, string Zone, DateTimeOffset? First, DateTimeOffset? Last, DateTimeOffset? LastWhole);

    public async Task Run(CancellationToken ct)
    {
        while (await db.Atomically(() => Take(ct), ct))
        {
        }
    }

    /// One transaction; says whether more days wait.
    private async Task<bool> Take(CancellationToken ct)
    {
        var before = await db.First<long>($"select through from stock.roll_up where one for update", ct);
        var through = Math.Max(before, await db.First<long>($"select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", ct));
        await AddLate(before, through, ct);
        db.Queue($"update stock.roll_up set through = {through} where one", 1);

        var left = DaysAtOnce;
        foreach (var book in await Books(ct))
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(book.Zone);
            var (last, whole) = (book.Last, book.LastWhole);
            if (last is null && book.First is null) continue;
            while (left > 0)
            {
                var from = last ?? Midnight(DayOf(book.First!.Value, zone), zone);
                var day = DayOf(from, zone).AddDays(1);
                var at = Midnight(day, zone);
                if (at > clock.GetUtcNow() - Grace || await IsBeingWritten(book.Company, at, through, ct)) break;
                // Where nothing has moved since, the last one still says it all.
                var isWhole = IsWhole(day) && await HasMoved(book.Company, whole, at, ct);
                if (isWhole) await TakeAll(book.Company, whole, at, through, ct);
                else await TakeBusy(book.Company, from, at, through, ct);
                await db.Execute($"insert into stock.checkpoint_taken (company_id, at, whole) values ({book.Company}, {at}, {isWhole})", ct);
                last = at;
                if (isWhole) whole = at;
                left--;
            }
        }

        return left == 0;
    }

    private Task<List<Book>> Books(CancellationToken ct) => db.Query<Book>(
        $"""
        select c.id as company, c.zone, case when t.last is null then (select min(happened_at) from stock.move m where m.company_id = c.id) end as first, t.last, t.last_whole
        from kernel.company c cross join lateral (select max(at) as last, max(at) filter (where whole) as last_whole from stock.checkpoint_taken t where t.company_id = c.id) t
        """, ct);

    /// What was written since the last time and happened before a checkpoint is in it from now on.
    private Task<int> AddLate(long before, long through, CancellationToken ct) => db.Execute(
        $"""
        with late as (
          select g.company_id, g.sku, g.node, g.owner, g.happened_at, sum(g.on_hand) as on_hand, sum(g.sellable) as sellable, sum(g.value) as value
          from stock.leg g join (select company_id, max(at) as at from stock.checkpoint_taken group by 1) t on t.company_id = g.company_id and g.happened_at < t.at
          where g.xact >= {before} and g.xact < {through}
          group by 1, 2, 3, 4, 5
        ),
        since as (select company_id, sku, min(happened_at) as at from late group by 1, 2),
        targets as (
          select s.company_id, s.sku, t.at from since s join stock.checkpoint_taken t on t.company_id = s.company_id and t.whole and t.at > s.at
          union
          select s.company_id, s.sku, c.at from since s join stock.checkpoint c on c.company_id = s.company_id and c.sku = s.sku and c.at > s.at
        )
        insert into stock.checkpoint as c (company_id, sku, at, node, owner, on_hand, sellable, value)
        select l.company_id, l.sku, t.at, l.node, l.owner, sum(l.on_hand)::bigint, sum(l.sellable)::bigint, sum(l.value)::bigint
        from late l join targets t on t.company_id = l.company_id and t.sku = l.sku and t.at > l.happened_at group by 1, 2, 3, 4, 5
        on conflict (company_id, sku, at, node, owner) do update set
          on_hand = c.on_hand + excluded.on_hand, sellable = c.sellable + excluded.sellable, value = c.value + excluded.value
        """, ct);

    /// Where a week begins: the week before, and what happened in between.
    private Task<int> TakeAll(Id<Company> company, DateTimeOffset? whole, DateTimeOffset at, long through, CancellationToken ct) => db.Execute(
        $"""
        insert into stock.checkpoint (company_id, sku, at, node, owner, on_hand, sellable, value)
        select {company}, s.sku, {at}, s.node, s.owner, sum(s.on_hand)::bigint, sum(s.sellable)::bigint, sum(s.value)::bigint
        from (
          select sku, node, owner, on_hand, sellable, value from stock.checkpoint where company_id = {company} and at = {whole ?? DateTimeOffset.UnixEpoch}
          union all
          select sku, node, owner, on_hand, sellable, value from stock.leg
          where company_id = {company} and happened_at >= {whole ?? DateTimeOffset.UnixEpoch} and happened_at < {at} and xact < {through}
        ) s group by s.sku, s.node, s.owner
        """, ct);

    /// Where a day begins: those that moved often on the day before, each from its own last checkpoint.
    private Task<int> TakeBusy(Id<Company> company, DateTimeOffset from, DateTimeOffset at, long through, CancellationToken ct) => db.Execute(
        $"""
        with busy as materialized (
          select sku from stock.move where company_id = {company} and happened_at >= {from} and happened_at < {at} and xact < {through}
          group by sku having count(*) >= {Busy}
        )
        insert into stock.checkpoint (company_id, sku, at, node, owner, on_hand, sellable, value)
        select {company}, b.sku, {at}, s.node, s.owner, sum(s.on_hand)::bigint, sum(s.sellable)::bigint, sum(s.value)::bigint
        from busy b
        cross join lateral (select stock.checkpoint_before({company}, b.sku, {at}) as at offset 0) last
        cross join lateral (
          select c.node, c.owner, c.on_hand, c.sellable, c.value from stock.checkpoint c where c.company_id = {company} and c.sku = b.sku and c.at = last.at
          union all
          select g.node, g.owner, g.on_hand, g.sellable, g.value from stock.leg g
          where g.company_id = {company} and g.sku = b.sku and g.happened_at >= last.at and g.happened_at < {at} and g.xact < {through}
        ) s group by b.sku, s.node, s.owner
        """, ct);

    /// Whether something of before is not among the transactions that have ended: then the day waits for the next round.
    private Task<bool> IsBeingWritten(Id<Company> company, DateTimeOffset at, long through, CancellationToken ct) =>
        db.First<bool>($"select exists (select from stock.move where company_id = {company} and xact >= {through} and happened_at < {at})", ct);

    private Task<bool> HasMoved(Id<Company> company, DateTimeOffset? since, DateTimeOffset at, CancellationToken ct) =>
        db.First<bool>($"select exists (select from stock.move where company_id = {company} and happened_at >= {since ?? DateTimeOffset.UnixEpoch} and happened_at < {at})", ct);

    private static bool IsWhole(DateOnly day) => day.DayOfWeek is DayOfWeek.Monday;

    private static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// Where a zone changes its clocks at midnight, its day begins when they have changed.
    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(30);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
