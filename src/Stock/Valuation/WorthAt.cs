using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Stock;

/// Where goods of ours are.
public enum WorthPlace
{
    [Shown(StateRole.Done, "On hand")] OnHand,

    /// They stay ours until the customer uses them.
    [Shown(StateRole.Held, "At customers")] AtCustomers,

    /// Between two sites; the receiver's.
    [Shown(StateRole.Working, "On its way")] InTransit,
}

/// What goods of ours were worth at the end of a day, category by category and site by site: on hand, at customers', on their way. The shares of a pool make
/// the whole, so the sum is what the money book says for that day. Served by checkpoints and move_times.
[View("stock.value-at", StockPermissions.ReadValue, Sort = "category")]
internal sealed class WorthAtList(KeelDb db, Settings settings, TimeProvider clock) : IView<WorthAtList.Row, WorthAtList.Args>, IPrepare
{
    /// The day, which is today where none is said, and whether what was told later is left out.
    public sealed record Args(DateOnly? Day = null, bool KnownThen = false);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("Category", Empty = "none")] public string? Category { get; init; }
        [Search] public required NodeCode Node { get; init; }
        [Title("Where")] public required WorthPlace Place { get; init; }
        [Title("Products")] public required long Products { get; init; }
        [Title("Units")] public required Quantity Units { get; init; }
        [Cost] public Money? Value { get; init; }
        public required Currency Currency { get; init; }
    }

    private Network? network;

    public async Task Prepare(CancellationToken ct) => network = await Network.Of(settings, ct);

    public FormattableString Rows(Args args)
    {
        var at = EndOf(args.Day, network!, clock.GetUtcNow());
        return
            $"""
            select coalesce(g.category, '') || '/' || p.node || '/' || p.place as id, g.category, p.node, p.place, count(distinct p.sku) as products, sum(p.quantity)::bigint as units, sum(p.value)::bigint as value, c.currency
            from ({Parts(db, at, args.KnownThen ? at : null)}) p join kernel.company c on c.id = {db.Company} left join catalog.pub_product_category g on g.sku = p.sku
            where p.quantity <> 0 or p.value <> 0 group by g.category, p.node, p.place, c.currency
            """;
    }

    /// The last instant of a day by the clocks of the company; now, where the day is not over.
    internal static DateTimeOffset EndOf(DateOnly? day, Network network, DateTimeOffset now) =>
        day is { } said && said < network.Day(now) ? network.InstantOf(said.AddDays(1), TimeOnly.MinValue).AddTicks(-TimeSpan.TicksPerMicrosecond) : now;

    /// Which goods were where, and the share of their pool: the company's, or that of their site, or of all that was on its way. What lies at customers' now is taken back to the instant by what moved there since.
    internal static SqlText Parts(KeelDb db, DateTimeOffset at, DateTimeOffset? knownAt) => new(
        $"""
        with held as materialized (select f.sku, f.node, sum(f.on_hand) as on_hand, sum(f.value) as value from ({AsOf.Parts(db, at, knownAt)}) f where f.owner = {PositionKey.Own} group by f.sku, f.node),
        there as (select v.sku, v.node, v.location, v.on_hand from stock.level v join stock.location p on p.company_id = v.company_id and p.code = v.location and p.kind = 'AtCustomer' where v.company_id = {db.Company} and v.owner = {PositionKey.Own}),
        customers as (
          select t.sku, t.node, sum(t.quantity) as quantity from (
            select sku, node, on_hand as quantity from there
            union all
            select v.sku, v.node, case when m.from_location = v.location then m.quantity else -m.quantity end
            from (select distinct sku, node, location from there) v join stock.move m on m.company_id = {db.Company} and m.sku = v.sku and m.owner = {PositionKey.Own} and v.location in (m.from_location, m.to_location)
            where m.happened_at > {at} or m.recorded_at > {knownAt ?? DateTimeOffset.MaxValue}
          ) t group by t.sku, t.node having sum(t.quantity) > 0),
        transit as (
          select m.sku, t.to_node as node, sum(case when m.to_location = {Place.Transit} then m.quantity else -m.quantity end) as quantity
          from stock.transfer t join stock.move m on m.document_id = t.id and m.owner = {PositionKey.Own} and {Place.Transit} in (m.from_location, m.to_location)
          where t.company_id = {db.Company} and t.shipped_at is not null and (t.received_at is null or t.received_at > {at}) and m.happened_at <= {at} and m.recorded_at <= {knownAt ?? DateTimeOffset.MaxValue}
          group by m.sku, t.to_node having sum(case when m.to_location = {Place.Transit} then m.quantity else -m.quantity end) > 0),
        parts as (
          select h.sku, h.node, 'OnHand' as place, h.on_hand - coalesce(c.quantity, 0) as quantity from held h left join customers c using (sku, node)
          union all select sku, node, 'AtCustomers', quantity from customers
          union all select sku, node, 'InTransit', quantity from transit),
        apart as (select sku from stock.cost_pool where company_id = {db.Company} and by_site_since <= {at})
        select t.sku, t.node, t.place, t.quantity::bigint as quantity,
          (case when t.whole = 0 then case when t.nr = 1 then t.worth else 0 end else round(t.worth * t.so_far / t.whole) - round(t.worth * (t.so_far - t.quantity) / t.whole) end)::bigint as value
        from (
          select p.sku, p.node, p.place, p.quantity, w.worth, sum(p.quantity) over s as whole, sum(p.quantity) over (s order by p.place, p.node) as so_far, row_number() over (s order by p.place, p.node) as nr
          from (select p.sku, p.node, p.place, p.quantity, case when a.sku is null or p.place = 'InTransit' then '' else p.node end as pool from parts p left join apart a on a.sku = p.sku) p
          join (select h.sku, case when a.sku is null then '' else h.node end as pool, sum(h.value) as worth from held h left join apart a on a.sku = h.sku group by 1, 2) w on w.sku = p.sku and w.pool = p.pool
          window s as (partition by p.sku, p.pool)
        ) t
        """);
}
