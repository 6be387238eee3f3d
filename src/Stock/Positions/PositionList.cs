using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// What each node holds of each SKU, how much of it may be sold and how much is promised. Served by the index position_list.
[View("stock.positions", StockPermissions.Read, Sort = "sku")]
internal sealed class PositionList(KeelDb db) : IView<PositionList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public required NodeCode Node { get; init; }
        public required Quantity OnHand { get; init; }
        public required Quantity Sellable { get; init; }
        public required Quantity Reserved { get; init; }
        public required Quantity Available { get; init; }
        [Title("Of others")] public required Quantity Others { get; init; }
        public required string Unit { get; init; }
        public string? Category { get; init; }
        public SkuClass? Class { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.sku || '@' || p.node as id, p.sku, p.node, p.on_hand, p.sellable, p.reserved, p.sellable - p.reserved as available,
          coalesce((select sum(o.on_hand) from stock.position o where o.company_id = p.company_id and o.sku = p.sku and o.node = p.node and o.owner <> p.owner), 0)::bigint as others,
          coalesce((select c.name from catalog.pub_product c where c.sku = p.sku), p.sku) as name,
          coalesce((select c.unit from catalog.pub_product c where c.sku = p.sku), '') as unit,
          (select k.category from catalog.pub_product_category k where k.sku = p.sku) as category,
          (select c.class from stock.sku_class c where c.company_id = p.company_id and c.node = p.node and c.sku = p.sku) as class,
          case
            when p.on_hand = 0 then 'Nothing there'
            when p.sellable < p.on_hand then 'Decide about ' || trim_scale((p.on_hand - p.sellable) / 1000.0) || ' that cannot be sold'
            when p.reserved = p.sellable then 'All of it is promised'
            else 'Available to sell' end as next
        from stock.position p where p.company_id = {db.Company} and p.owner = {PositionKey.Own}
        """;
}
