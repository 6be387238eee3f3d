using Keel.Catalog.Contract;

namespace Keel.Sales;

/// A product that open orders name is not given away to another one.
internal sealed class GuardProductMerges(KeelDb db) : IProductMergeGuard
{
    public async Task<string?> Open(Sku sku, CancellationToken ct)
    {
        var open = await db.Query<string>(
            $"""
            select distinct o.number from kernel.company c
            join sales.order_line l on l.company_id = c.id and l.sku = {sku} and l.shipped + l.cancelled < l.quantity join sales.orders o on o.id = l.order_id order by o.number limit 3
            """, ct);
        return open.Count == 0 ? null : $"open orders: {string.Join(", ", open)}";
    }

    public async Task<string?> Since(Sku sku, DateTimeOffset at, CancellationToken ct)
    {
        var sold = await db.Query<bool>(
            $"""
            select true from kernel.company c
            join sales.order_line l on l.company_id = c.id and l.sku = {sku} and l.shipped + l.cancelled < l.quantity join sales.orders o on o.id = l.order_id where o.placed_at >= {at} limit 1
            """, ct);
        return sold.Count == 0 ? null : "orders";
    }
}
