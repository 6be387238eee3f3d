namespace Keel.Stock;

/// Sorts the products of every site into classes by what left it: one statement, exact, whatever the number of products.
[Operation("stock.classify", KernelPermissions.Jobs, Said = "sorted products into classes", Icon = "rows")]
internal sealed class Classify(KeelDb db, Policies policies) : IOperation<Classify.Request, int>
{
    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var rules = (await policies.Of<AbcRules>(ct)).Choice;
        var since = db.Now.AddDays(-rules.Days);
        var sorted = await db.Query<string>(
            $"""
            with moved as (
              select m.from_node as node, m.sku, sum(m.quantity) as units, count(*) as moves, coalesce(-sum(m.value), 0) as value, sum(m.quantity) filter (where m.value is null) as sent
              from stock.move m where m.company_id = {db.Company} and m.happened_at > {since} and m.happened_at <= {db.Now} and m.from_node <> '' and m.to_location in ('CUSTOMER', 'PRODUCTION', 'TRANSIT')
              group by m.from_node, m.sku),
            worth as (
              select coalesce(p.node, m.node) as node, coalesce(p.sku, m.sku) as sku, coalesce(m.units, 0) as units, coalesce(m.moves, 0) as moves,
                greatest(0, coalesce(m.value, 0) + coalesce(round(m.sent * c.value / nullif(c.quantity, 0)), 0))::bigint as value
              from (select node, sku from stock.position where company_id = {db.Company} and owner = {PositionKey.Own} and on_hand > 0) p full join moved m on m.node = p.node and m.sku = p.sku
              left join stock.cost_pool c on c.company_id = {db.Company} and c.sku = coalesce(p.sku, m.sku)),
            ranked as (
              select w.*, row_number() over o as rank, sum(w.value) over (partition by w.node) as total, coalesce(sum(w.value) over (o rows between unbounded preceding and 1 preceding), 0) as before
              from worth w window o as (partition by w.node order by w.value desc, w.sku)),
            classed as (
              select r.*, case
                when r.value = 0 then 'C'
                when r.before * 100 < ({rules.PercentA}::int + case k.class when 'A' then {rules.Keep}::int when 'B' then -{rules.Keep}::int when 'C' then -{rules.Keep}::int else 0 end) * r.total then 'A'
                when r.before * 100 < ({rules.PercentAB}::int + case k.class when 'A' then {rules.Keep}::int when 'B' then {rules.Keep}::int when 'C' then -{rules.Keep}::int else 0 end) * r.total then 'B'
                else 'C' end as class
              from ranked r left join stock.sku_class k on k.company_id = {db.Company} and k.node = r.node and k.sku = r.sku),
            gone as (
              delete from stock.sku_class k where k.company_id = {db.Company} and not exists (select from worth w where w.node = k.node and w.sku = k.sku))
            insert into stock.sku_class as s (company_id, node, sku, class, moved_value, moved_units, moves, rank, computed_at)
            select {db.Company}, node, sku, class, value, units::bigint, moves, rank, {db.Now} from classed
            on conflict (company_id, node, sku) do update set class = excluded.class, moved_value = excluded.moved_value, moved_units = excluded.moved_units, moves = excluded.moves,
              rank = excluded.rank, computed_at = excluded.computed_at
            returning s.sku
            """, ct);
        return sorted.Count;
    }
}

/// Sorts the products of each company once a day.
internal sealed class ClassifyJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>(
            $"""
            select c.id from kernel.company c where exists (select from stock.position p where p.company_id = c.id)
              and not exists (select from stock.sku_class k where k.company_id = c.id and k.computed_at > {db.Now.AddHours(-20)})
            """, ct))
            await gate.Run<Classify, Classify.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
