using Keel.Stock.Contract;

namespace Keel.Stock;

/// What the stock book asks of master data.
internal static class StockMasters
{
    public static readonly DataDomain[] All =
    [
        new("replenishment", "Replenishment parameters", "When to buy and how much: lead times, cushions, order sizes.") { Href = "/suppliers" },
        new("reasons", "Adjustment reasons", "Why stock is corrected, and what each reason costs whom.")
        {
            Href = "/stock/reasons", Page = "/stock/reasons/edit?code={key}", Records = "select r.code as key, r.name from stock.reason r where r.company_id = $1",
        },
    ];

    /// Files of counted stock: by place and SKU, what lies there.
    public static readonly ImportCheck Count = new("stock.adjust", ["location", "sku"], ["counted"],
        """
        select k.key, 'counted' as field, coalesce(sum(l.on_hand), 0) / 1000.0 as value from (select unnest($2::text[]) as key) k
        left join stock.level l on l.company_id = $1 and l.on_hand > 0 and l.package = '' and l.owner = 'own' and l.condition = 'Good' and l.location = split_part(k.key, ' @ ', 1) and l.sku = upper(split_part(k.key, ' @ ', 2)) group by k.key
        """);

    /// Files of places: by code, how many units each takes and where it stands in the walk.
    public static readonly ImportCheck Places = new("stock.edit-locations", ["code"], ["maxUnits", "maxKilograms", "maxLitres", "maxPackages", "pickOrder"],
        """
        select k.key, f.field, f.value from (select unnest($2::text[]) as key) k
        join stock.location p on p.company_id = $1 and p.code = upper(k.key)
        cross join lateral (values ('maxUnits', coalesce(p.max_units, 0)::numeric), ('maxKilograms', coalesce(p.max_kilograms, 0)), ('maxLitres', coalesce(p.max_litres, 0)),
          ('maxPackages', coalesce(p.max_packages, 0)), ('pickOrder', p.pick_order)) as f (field, value)
        """);

    public static readonly QualityRule[] Rules =
    [
        new("products", "cost", "Nobody knows what it costs: it is sold, and none was ever received", Severity.High,
            """
            select p.sku as key, p.name, null::text as detail from catalog.pub_product p
            where p.lifecycle in ('Active', 'PhasingOut') and not exists (select from catalog.pub_product v where v.variant_of = p.sku) and not exists (select from stock.cost_pool c where c.company_id = $1 and c.sku = p.sku)
              and not exists (select from catalog.pub_kit k where k.sku = p.sku and k.kind = 'Virtual')
            """) { Fix = "Receive it with its cost", FixHref = "/receipts/new", FixPermission = StockPermissions.Receive },
        new("products", "worthless", "Stock of it is worth nothing in the books", Severity.High,
            """
            select p.sku as key, p.name, trim_scale(c.quantity / 1000.0) || ' on hand' as detail from catalog.pub_product p
            join stock.cost_pool c on c.company_id = $1 and c.sku = p.sku and c.quantity > 0 and c.value = 0
            """) { Fix = "Look at its receipts", FixHref = "/product/{key}", FixPermission = StockPermissions.Read },
    ];
}
