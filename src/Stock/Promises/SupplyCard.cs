namespace Keel.Stock;

/// Everything that the page of a supply shows, asked in one round trip.
internal sealed class SupplyCard(KeelDb db)
{
    public Supply Supply { get; private set; } = null!;
    public string Name { get; private set; } = "";
    public IReadOnlyList<SupplyStep> Steps { get; private set; } = [];
    public IReadOnlyList<Waiting> Waits { get; private set; } = [];

    public async Task<bool> Load(Guid id, CancellationToken ct = default)
    {
        var reach = db.Work.Actor.Reach;
        var rows = db.Ask<Supply>($"{Supply.Columns} where company_id = {db.Company} and id = {id}{reach.And("node")}");
        var steps = db.Ask<SupplyStep>(
            $"select id, company_id, supply_id, kind, quantity, expected_on, reason, happened_at, operation from stock.supply_step where company_id = {db.Company} and supply_id = {id} order by happened_at, id limit 500");
        var names = db.Ask<string>($"select p.name from stock.supply s join catalog.pub_product p on p.sku = s.sku where s.company_id = {db.Company} and s.id = {id}");
        var waits = db.Ask<Waiting>(
            $"{Waiting.Columns} where company_id = {db.Company} and sku = (select sku from stock.supply where company_id = {db.Company} and id = {id}){reach.And("node", "channel")} order by rank, promised_by, since limit 100");
        await db.Flush(ct);
        if (rows.Value is not [var supply]) return false;
        (Supply, Steps, Waits, Name) = (supply, steps.Value, waits.Value, names.Value.FirstOrDefault() ?? supply.Sku.Text);
        return true;
    }
}
