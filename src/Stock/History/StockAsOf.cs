using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// What each node held of each SKU at an instant, what of it was promised, and what it was worth: as it is known now, or as it was known then.
/// A pool is worth the same everywhere; each node has its share of it, and the shares make the whole; where sites were valued apart, each has its own. Served by checkpoints and move_times.
[View("stock.as-of", StockPermissions.Read, Sort = "sku")]
internal sealed class StockAsOf(KeelDb db, TimeProvider clock) : IView<StockAsOf.Row, StockAsOf.Args>
{
    /// The instant, which is now where none is said; whether what was told later is left out; and whose goods, ours where nobody is named.
    public sealed record Args(DateTimeOffset? At = null, bool KnownThen = false, string? Owner = null);

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public required NodeCode Node { get; init; }
        public required Quantity OnHand { get; init; }
        public required Quantity Sellable { get; init; }
        public required Quantity Reserved { get; init; }
        public required string Unit { get; init; }
        [Cost] public Money? Value { get; init; }
        public required Currency Currency { get; init; }
    }

    public FormattableString Rows(Args args)
    {
        var at = args.At ?? clock.GetUtcNow();
        var owner = args.Owner is { Length: > 0 } said ? said : PositionKey.Own;
        var known = args.KnownThen ? at : default(DateTimeOffset?);
        return
            $"""
            select t.sku || '@' || t.node as id, t.sku, coalesce(p.name, t.sku) as name, t.node, t.on_hand, t.sellable, t.reserved, coalesce(p.unit, '') as unit, c.currency,
              (case when t.whole = 0 then case when t.place = 1 then t.worth else 0 end
                else round(t.worth * t.so_far / t.whole) - round(t.worth * (t.so_far - t.on_hand) / t.whole) end)::bigint as value
            from (
              select s.sku, s.node, s.on_hand::bigint as on_hand, s.sellable::bigint as sellable, s.reserved::bigint as reserved,
                sum(s.value) over w as worth, sum(s.on_hand) over w as whole, sum(s.on_hand) over (w order by s.node) as so_far, row_number() over (w order by s.node) as place
              from (
                select f.sku, f.node, sum(f.on_hand) as on_hand, sum(f.sellable) as sellable, sum(f.value) as value, sum(f.reserved) as reserved
                from (
                  select sku, node, on_hand, sellable, value, 0::bigint as reserved from ({AsOf.Parts(db, at, known)}) held where owner = {owner}
                  union all
                  select sku, node, 0, 0, 0, quantity from ({AsOf.Promised(db, at, known)}) promised where owner = {owner}
                ) f group by f.sku, f.node
              ) s left join stock.cost_pool k on k.company_id = {db.Company} and k.sku = s.sku and k.by_site_since <= {at} and {owner} = {PositionKey.Own}
              window w as (partition by s.sku, case when k.sku is null then '' else s.node end)
            ) t join kernel.company c on c.id = {db.Company} left join catalog.pub_product p on p.sku = t.sku
            where t.on_hand <> 0 or t.reserved <> 0 or (t.whole = 0 and t.worth <> 0)
            """;
    }
}
