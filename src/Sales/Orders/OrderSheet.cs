namespace Keel.Sales;

/// What somebody who enters an order at the desk chooses from.
internal sealed class OrderSheet(KeelDb db)
{
    private const int Most = 1_000;

    public sealed record Product(Sku Sku, string Name);

    public IReadOnlyList<Product> Products { get; private set; } = [];

    public async Task Load(CancellationToken ct = default) =>
        Products = await db.Query<Product>($"select sku, name from catalog.pub_product order by sku limit {Most}", ct);
}
