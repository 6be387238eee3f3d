namespace Keel.Stock;

/// What was there at an instant: the checkpoint before it, and the moves behind that. As it is known now, or as it was known at another
/// instant: what was recorded later is taken off.
internal static class AsOf
{
    /// Moves that the checkpoints may not have seen. The instant is said twice: as a value that is found once and compared to every row, and as a function
    /// whose answer the planner knows beforehand. Found alone, by the block range index, before anything else is asked of them: they are few.
    internal static readonly SqlText.Verbatim Late = new("(select * from stock.leg l where l.xact >= (select stock.rolled_up()) and l.xact >= stock.rolled_up() offset 0) g");

    /// What each node holds of each SKU for each owner: on hand, sellable, and what came in and went out here in money, which per SKU is the value
    /// of its pool. Several rows for each, to be added up.
    public static SqlText Parts(KeelDb db, DateTimeOffset at, DateTimeOffset? knownAt)
    {
        var text = new SqlText(
            $"""
            select c.sku, c.node, c.owner, c.on_hand, c.sellable, c.value from stock.checkpoint c
            where c.company_id = {db.Company} and c.at = (select stock.checkpoint_before({db.Company}, {at}))
            union all
            select g.sku, g.node, g.owner, g.on_hand, g.sellable, g.value from stock.leg g
            where g.company_id = {db.Company} and g.happened_at >= (select stock.checkpoint_before({db.Company}, {at})) and g.happened_at <= {at}
            union all
            select g.sku, g.node, g.owner, g.on_hand, g.sellable, g.value from {Late}
            where g.company_id = {db.Company} and g.happened_at < (select stock.checkpoint_before({db.Company}, {at}))
            union all
            select h.sku, h.node, h.owner, 0, -h.quantity, 0 from stock.withheld h where h.company_id = {db.Company} and h.happened_at <= {at} and h.recorded_at <= {knownAt ?? db.Now}
            """);
        if (knownAt is { } known)
        {
            // What was told late is found alone, by the index that knows nothing else: whoever guesses how much that is guesses wrong.
            text.Append(
                $"""

                union all
                select g.sku, g.node, g.owner, -g.on_hand, -g.sellable, -g.value
                from (select * from stock.leg l where l.company_id = {db.Company} and l.recorded_at > {known} and l.recorded_at > l.happened_at offset 0) g where g.happened_at <= {at}
                union all
                select g.sku, g.node, g.owner, -g.on_hand, -g.sellable, -g.value from stock.leg g
                where g.company_id = {db.Company} and g.recorded_at > {known} and g.happened_at > {known} and g.happened_at <= {at} and not g.recorded_at > g.happened_at
                """);
        }

        return text;
    }

    /// What was promised at an instant: what is open of promises that had been made, and what ended of them since.
    public static SqlText Promised(KeelDb db, DateTimeOffset at, DateTimeOffset? knownAt)
    {
        var made = knownAt < at ? knownAt.Value : at;
        var text = new SqlText(
            $"""
            select r.sku, r.node, r.owner, r.open as quantity from stock.reservation r where r.company_id = {db.Company} and r.open > 0 and r.taken_at <= {made}
            union all
            select r.sku, r.node, r.owner, s.quantity from stock.reservation_step s join stock.reservation r using (document_id, line, part)
            where s.company_id = {db.Company} and r.taken_at <= {made}
            """);
        return knownAt is { } known ? text.Append($" and (s.happened_at > {at} or s.recorded_at > {known})") : text.Append($" and s.happened_at > {at}");
    }
}
