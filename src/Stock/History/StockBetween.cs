using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// How the stock of one instant became that of another: what came in and went out in between, by why. As known then, what was told between the two
/// instants about the time before the first stands beside it.
[View("stock.between", StockPermissions.Read, Sort = "sku")]
internal sealed class StockBetween(KeelDb db, TimeProvider clock) : IView<StockBetween.Row, StockBetween.Args>
{
    /// Until is now where nothing is said, and from is thirty days before that.
    public sealed record Args(DateTimeOffset? From = null, DateTimeOffset? Until = null, bool KnownThen = false)
    {
        public static readonly TimeSpan Usual = TimeSpan.FromDays(30);
    }

    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public required NodeCode Node { get; init; }
        public required Quantity Opening { get; init; }
        public required Quantity Received { get; init; }
        public required Quantity Returned { get; init; }
        public required Quantity Issued { get; init; }
        public required Quantity Corrected { get; init; }
        public required Quantity Scrapped { get; init; }
        [Title("Moved here or away")] public required Quantity Moved { get; init; }
        public required Quantity ToldLate { get; init; }
        public required Quantity Closing { get; init; }
    }

    public FormattableString Rows(Args args)
    {
        var until = args.Until ?? clock.GetUtcNow();
        var from = args.From ?? until - Args.Usual;
        return
            $"""
            select t.sku || '@' || t.node as id, t.sku, coalesce(p.name, t.sku) as name, t.node, t.opening, t.received, t.returned, t.issued, t.corrected, t.scrapped, t.moved, t.told_late,
              t.opening + t.received + t.returned + t.issued + t.corrected + t.scrapped + t.moved + t.told_late as closing
            from (
              select f.sku, f.node, {Sum("Opening")} as opening, {Sum("Supplier")} as received, coalesce(sum(f.quantity) filter (where f.why = 'Customer' and f.quantity > 0), 0)::bigint as returned,
                coalesce(sum(f.quantity) filter (where f.why = 'Customer' and f.quantity < 0), 0)::bigint as issued, {Sum("Loss")} as corrected, {Sum("Scrap")} as scrapped, {Sum("Moved")} as moved, {Sum("Late")} as told_late
              from (
                select h.sku, h.node, 'Opening' as why, h.on_hand as quantity from ({AsOf.Parts(db, from, args.KnownThen ? from : null)}) h where h.owner = {PositionKey.Own}
                union all
                select g.sku, g.node, case when g.other in ('Supplier', 'Customer', 'Loss', 'Scrap') then g.other else 'Moved' end, g.on_hand
                from stock.leg g where g.company_id = {db.Company} and g.owner = {PositionKey.Own} and g.happened_at > {from} and g.happened_at <= {until}{Known(args, until)}
                {Late(args, from, until)}
              ) f group by f.sku, f.node
            ) t left join catalog.pub_product p on p.sku = t.sku
            where t.opening <> 0 or t.received <> 0 or t.returned <> 0 or t.issued <> 0 or t.corrected <> 0 or t.scrapped <> 0 or t.moved <> 0 or t.told_late <> 0
            """;
    }

    private static SqlText.Verbatim Sum(string why) => new($"coalesce(sum(f.quantity) filter (where f.why = '{why}'), 0)::bigint");

    private static SqlText Known(Args args, DateTimeOffset until) => args.KnownThen ? new SqlText($" and g.recorded_at <= {until}") : new SqlText();

    private SqlText Late(Args args, DateTimeOffset from, DateTimeOffset until) => args.KnownThen
        ? new SqlText(
            $"""
            union all
            select g.sku, g.node, 'Late', g.on_hand from stock.leg g
            where g.company_id = {db.Company} and g.owner = {PositionKey.Own} and g.happened_at <= {from} and g.recorded_at > {from} and g.recorded_at > g.happened_at and g.recorded_at <= {until}
            """)
        : new SqlText();
}
