using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// How long what is on hand lies there: first in, first out, so it is what came last. At a site it counts from when it came in from outside; at a
/// place, from when it came to that place. Served by the index move_arrival.
[View("stock.ageing", StockPermissions.Read, Sort = "sku")]
internal sealed class StockAgeing(KeelDb db, TimeProvider clock) : IView<StockAgeing.Row, StockAgeing.Args>
{
    public sealed record Args(bool ByPlace = false);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public required NodeCode Node { get; init; }
        [Title("Place")] public LocationCode? Location { get; init; }
        public required Quantity OnHand { get; init; }
        [Title("To 30 days")] public required Quantity To30 { get; init; }
        [Title("To 90 days")] public required Quantity To90 { get; init; }
        [Title("To 180 days")] public required Quantity To180 { get; init; }
        [Title("To 365 days")] public required Quantity To365 { get; init; }
        [Title("Older")] public required Quantity Older { get; init; }
        [Title("Oldest, days")] public required int OldestDays { get; init; }
        [Cost] public Money? Value { get; init; }
        [Cost, Title("Of it over 180 days")] public Money? OldValue { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows(Args args)
    {
        var now = clock.GetUtcNow();
        return
            $"""
            select s.sku || '@' || s.spot as id, s.sku, coalesce(p.name, s.sku) as name, s.node, s.location, s.on_hand, a.to30, a.to90, a.to180, a.to365, s.on_hand - a.to30 - a.to90 - a.to180 - a.to365 as older,
              a.oldest_days, c.currency, {StockTables.ShareOf("s.on_hand")}::bigint as value,
              {StockTables.ShareOf("(s.on_hand - a.to30 - a.to90 - a.to180)")}::bigint as old_value
            from ({(args.ByPlace ? ByPlace : BySite)} where h.company_id = {db.Company} and h.owner = {PositionKey.Own} and h.on_hand > 0) s
            cross join lateral (
              select coalesce(sum(l.quantity) filter (where l.days <= 30), 0)::bigint as to30, coalesce(sum(l.quantity) filter (where l.days > 30 and l.days <= 90), 0)::bigint as to90,
                coalesce(sum(l.quantity) filter (where l.days > 90 and l.days <= 180), 0)::bigint as to180, coalesce(sum(l.quantity) filter (where l.days > 180 and l.days <= 365), 0)::bigint as to365,
                coalesce(max(l.days), 0)::int as oldest_days
              from (
                select least(m.quantity, s.on_hand - m.later) as quantity, floor(extract(epoch from {now} - m.happened_at) / 86400) as days
                from (
                  select m.quantity, m.happened_at, sum(m.quantity) over (order by m.happened_at desc rows unbounded preceding) - m.quantity as later
                  from stock.move m where m.company_id = s.company_id and m.sku = s.sku and m.to_node = s.node and m.to_node <> '' and m.owner = {PositionKey.Own} and {(args.ByPlace ? IntoPlace : IntoSite)}
                ) m where m.later < s.on_hand
              ) l
            ) a
            join stock.cost_pool c on c.company_id = s.company_id and c.sku = s.sku {StockTables.SitePoolOf}
            left join catalog.pub_product p on p.sku = s.sku
            """;
    }

    private static readonly SqlText.Verbatim BySite = new("select h.company_id, h.sku, h.node, null::text as location, h.node as spot, h.on_hand from stock.position h");
    private static readonly SqlText.Verbatim ByPlace = new("select h.company_id, h.sku, h.node, h.location, h.location as spot, h.on_hand from (select company_id, node, sku, location, owner, sum(on_hand)::bigint as on_hand from stock.level group by 1, 2, 3, 4, 5) h");
    private static readonly SqlText.Verbatim IntoSite = new("m.from_node <> s.node");
    private static readonly SqlText.Verbatim IntoPlace = new("m.to_location = s.location");
}
