using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// How stock does, by the policy: dead before slow before too much.
internal enum StockPace
{
    [Shown(StateRole.Done)] Moving,
    [Shown(StateRole.Waiting, "Too much")] Overstocked,
    [Shown(StateRole.Waiting)] Slow,
    [Shown(StateRole.Late)] Dead,
}

/// What each node holds now and how fast it leaves: how long it lasts, when the last left, how often it turns over in a year, what it is worth, how
/// much of that is promised, and what keeping it costs. Served by move_times, move_card and move_arrival.
[View("stock.health", StockPermissions.Read, Sort = "sku")]
internal sealed class StockHealth(KeelDb db, TimeProvider clock, RulesInForce rules) : IView<StockHealth.Row>, IPrepare
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public string? Category { get; init; }
        public required NodeCode Node { get; init; }
        public required StockPace Pace { get; init; }
        public required Quantity OnHand { get; init; }
        [Title("Issued lately")] public required Quantity Issued { get; init; }
        [Title("Lasts days", Empty = "nothing leaves")] public int? CoverDays { get; init; }
        [Title("Last issued", Empty = "never")] public DateTimeOffset? LastIssued { get; init; }
        [Title("Quiet days")] public required int QuietDays { get; init; }
        [Title("Turns a year")] public required decimal Turnover { get; init; }
        [Cost] public Money? Value { get; init; }
        [Cost, Title("Of it promised")] public Money? Committed { get; init; }
        [Cost, Title("Cost to keep a year")] public Money? Carrying { get; init; }
        public required Currency Currency { get; init; }
    }

    public Task Prepare(CancellationToken ct) => rules.Find(ct);

    public FormattableString Rows()
    {
        var (now, policy) = (clock.GetUtcNow(), rules.Choice);
        var pace = now.AddDays(-policy.PaceOfDays);
        return
            $"""
            select t.sku || '@' || t.node as id, t.sku, coalesce(p.name, t.sku) as name, k.category, t.node, t.on_hand, t.issued, t.cover_days, t.last_issued, t.quiet_days, t.value, t.committed, t.currency,
              case when t.quiet_days >= {policy.DeadAfterDays} then 'Dead' when t.quiet_days >= {policy.SlowAfterDays} then 'Slow' when t.cover_days > {policy.CoverAtMostDays} then 'Overstocked' else 'Moving' end as pace,
              round(t.issued * 365.0 / {policy.PaceOfDays} / t.on_hand, 1) as turnover, round(t.value * {policy.CarryingPercentPerYear} / 100)::bigint as carrying
            from (
              select s.sku, s.node, s.on_hand, coalesce(i.issued, 0)::bigint as issued, last.at as last_issued, c.currency,
                case when i.issued > 0 then least(ceil(s.on_hand * {policy.PaceOfDays}::numeric / i.issued), 99999)::int end as cover_days,
                greatest(0, floor(extract(epoch from {now} - coalesce(last.at, first.at, {now})) / 86400))::int as quiet_days,
                {StockTables.ShareOf("s.on_hand")}::bigint as value, {StockTables.ShareOf("s.reserved")}::bigint as committed
              from stock.position s
              join stock.cost_pool c on c.company_id = s.company_id and c.sku = s.sku {StockTables.SitePoolOf}
              left join (
                select m.sku, m.from_node as node, sum(m.quantity) as issued, max(m.happened_at) as at from stock.move m
                join stock.location l on l.company_id = m.company_id and l.code = m.to_location and l.kind = 'Customer'
                where m.company_id = {db.Company} and m.happened_at > {pace} and m.owner = {PositionKey.Own} group by 1, 2
              ) i on i.sku = s.sku and i.node = s.node
              left join lateral (
                select i.at where i.at is not null
                union all
                (select m.happened_at from stock.move m join stock.location l on l.company_id = m.company_id and l.code = m.to_location and l.kind = 'Customer'
                 where i.at is null and m.company_id = s.company_id and m.sku = s.sku and m.from_node = s.node and m.happened_at <= {pace} order by m.happened_at desc limit 1)
              ) last on true
              left join lateral (
                select m.happened_at as at from stock.move m
                where last.at is null and m.company_id = s.company_id and m.sku = s.sku and m.to_node = s.node and m.to_node <> '' and m.from_node <> m.to_node order by m.happened_at limit 1
              ) first on true
              where s.company_id = {db.Company} and s.owner = {PositionKey.Own} and s.on_hand > 0
            ) t left join catalog.pub_product p on p.sku = t.sku left join catalog.pub_product_category k on k.sku = t.sku
            """;
    }
}
