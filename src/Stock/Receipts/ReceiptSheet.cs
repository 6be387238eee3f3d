namespace Keel.Stock;

/// What somebody who receives goods chooses from.
internal sealed class ReceiptSheet(KeelDb db)
{
    public sealed record Supplier(Guid Id, string Name);

    public sealed record Place(string Code, string Name);

    public IReadOnlyList<Supplier> Suppliers { get; private set; } = [];
    public IReadOnlyList<Place> Places { get; private set; } = [];

    public async Task Load(CancellationToken ct = default)
    {
        var suppliers = db.Ask<Supplier>($"select id, name from partners.pub_partner where company_id = {db.Company} and is_supplier order by name limit 500");
        var places = db.Ask<Place>($"select code, name from stock.pub_location where company_id = {db.Company} and counted and not closed order by code limit 2000");
        await db.Flush(ct);
        (Suppliers, Places) = (suppliers.Value, places.Value);
    }
}
