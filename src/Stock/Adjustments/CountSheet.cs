namespace Keel.Stock;

/// What somebody who counts needs to know: reasons, places, and what the book says now.
internal sealed class CountSheet(KeelDb db)
{
    public sealed record Named(string Code, string Name);

    /// What a reason lets pass, for those that ask for a second yes.
    public IReadOnlyList<Reason> Strict { get; private set; } = [];

    public sealed record Said(NodeCode Node, Quantity OnHand, Quantity Sellable, Quantity Reserved);

    public IReadOnlyList<Named> Reasons { get; private set; } = [];
    public IReadOnlyList<Named> Places { get; private set; } = [];
    public Said? Known { get; private set; }

    public async Task Load(Sku? sku, LocationCode? place, CancellationToken ct = default)
    {
        var reasons = db.Ask<Named>($"select code, name from stock.reason where company_id = {db.Company} and closed_at is null order by code = 'count' desc, name");
        var strict = db.Ask<Reason>($"{new SqlText.Verbatim($"select {RowMap<Reason>.Instance.Names} from stock.reason")} where company_id = {db.Company} and needs_yes and closed_at is null order by name");
        var places = db.Ask<Named>($"select code, name from stock.pub_location where company_id = {db.Company} and counted and kind <> 'Doubt' and not closed order by pick_order, code limit 2000");
        var known = sku is { } one && place is { } at
            ? db.Ask<Said>(
                $"""
                select p.node, coalesce((select sum(v.on_hand) from stock.level v where v.company_id = p.company_id and v.node = p.node and v.sku = p.sku and v.location = {at}
                    and v.package = '' and v.owner = p.owner and v.condition = 'Good'), 0)::bigint as on_hand,
                  p.sellable, p.reserved
                from stock.position p where p.company_id = {db.Company} and p.sku = {one} and p.owner = {PositionKey.Own}
                  and p.node = (select node from stock.location where company_id = {db.Company} and code = {at})
                """)
            : null;
        await db.Flush(ct);
        (Reasons, Strict, Places, Known) = (reasons.Value, strict.Value, places.Value, known?.Value.FirstOrDefault());
    }
}
