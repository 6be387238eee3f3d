namespace Keel.Sales;

/// What somebody who enters an order at the desk chooses from.
internal sealed class OrderSheet(KeelDb db)
{
    private const int Most = 1_000;

    public sealed record Product(Sku Sku, string Name);

    public IReadOnlyList<Product> Products { get; private set; } = [];

    /// Whether units of some product are told apart, so that a line may name a lot.
    public bool HasLots { get; private set; }

    public async Task Load(CancellationToken ct = default)
    {
        var lots = db.Ask<bool>($"select exists (select from stock.pub_lot where company_id = {db.Company})");
        Products = await db.Query<Product>($"select sku, name from catalog.pub_product order by sku limit {Most}", ct);
        HasLots = lots.Value is [true];
    }
}
