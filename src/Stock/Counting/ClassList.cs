using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Stock;

/// The products of each site by what their movement is worth, the most first, with their classes. Served by the primary key of sku_class.
[View("stock.classes", StockPermissions.Read, Sort = "rank")]
internal sealed class ClassList(KeelDb db) : IView<ClassList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search, Title("Product")] public required string Name { get; init; }
        public required NodeCode Node { get; init; }
        public required SkuClass Class { get; init; }
        public required long Rank { get; init; }
        [Title("Units moved")] public required Quantity MovedUnits { get; init; }
        public required long Moves { get; init; }
        [Cost, Title("Worth")] public required Money MovedValue { get; init; }
        [Title("Of the whole")] public required decimal Share { get; init; }
        [Title("Last counted", Empty = "never")] public DateTimeOffset? CountedAt { get; init; }
        public required Currency Currency { get; init; }
        [Title("As of")] public required DateTimeOffset ComputedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select k.sku || '@' || k.node as id, k.sku, coalesce(p.name, k.sku) as name, k.node, k.class, k.rank, k.moved_units, k.moves, k.moved_value,
          coalesce(round(k.moved_value * 100.0 / nullif(sum(k.moved_value) over (partition by k.node), 0), 2), 0) as share,
          (select max(l.at) from stock.last_count l join stock.location a on a.company_id = l.company_id and a.code = l.location and a.node = k.node where l.company_id = k.company_id and l.sku = k.sku) as counted_at,
          (select c.currency from kernel.company c where c.id = k.company_id) as currency, k.computed_at
        from stock.sku_class k left join catalog.pub_product p on p.sku = k.sku where k.company_id = {db.Company}
        """;
}
