using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Kernel.Views;

namespace Keel.Catalog.Kits;

/// What is made of others, and of what. The primary key serves the order by SKU.
[View("catalog.kits", CatalogPermissions.Read, Sort = "sku")]
internal sealed class KitList : IView<KitList.Row>
{
    public sealed record Row
    {
        [Key, Search, Title("SKU")] public required Sku Sku { get; init; }
        [Search] public required string Name { get; init; }
        public required KitKind Kind { get; init; }
        [Title("Made of")] public required string MadeOf { get; init; }
        public required DateTimeOffset ChangedAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select k.sku, p.name, k.kind, coalesce((select string_agg(trim_scale(c.quantity / 1000.0) || ' × ' || c.component, ', ' order by c.place) from catalog.kit_component c where c.kit = k.sku), '') as made_of, k.changed_at,
          case when p.lifecycle not in ('Active', 'PhasingOut') then 'Is not sold' when k.kind = 'Virtual' then 'Sells while its components are there' else 'Assemble it before it is sold' end as next
        from catalog.kit k join catalog.product p on p.sku = k.sku
        """;
}

/// What one unit of a kit is made of.
[View("catalog.kit-components", CatalogPermissions.Read, Sort = "place")]
internal sealed class KitComponents : IView<KitComponents.Row, KitComponents.Args>
{
    public sealed record Args(Sku Sku);

    public sealed record Row
    {
        public required int Place { get; init; }
        [Key, Title("SKU")] public required Sku Sku { get; init; }
        public required string Name { get; init; }
        public required Quantity Quantity { get; init; }
        public required string Unit { get; init; }
        [Title("Is a kit itself", Empty = "no")] public KitKind? Kind { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select c.place, c.component as sku, p.name, c.quantity, p.unit, k.kind
        from catalog.kit_component c join catalog.product p on p.sku = c.component left join catalog.kit k on k.sku = c.component where c.kit = {args.Sku}
        """;
}

/// The kits that a product is part of. Served by kit_component_of.
[View("catalog.part-of", CatalogPermissions.Read, Sort = "sku")]
internal sealed class PartOf : IView<PartOf.Row, PartOf.Args>
{
    public sealed record Args(Sku Sku);

    public sealed record Row
    {
        [Key, Title("Kit")] public required Sku Sku { get; init; }
        public required string Name { get; init; }
        public required KitKind Kind { get; init; }
        [Title("In one kit")] public required Quantity Quantity { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"select c.kit as sku, p.name, k.kind, c.quantity from catalog.kit_component c join catalog.kit k on k.sku = c.kit join catalog.product p on p.sku = c.kit where c.component = {args.Sku}";
}
