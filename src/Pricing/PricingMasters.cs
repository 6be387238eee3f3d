using Keel.Pricing.Contract;

namespace Keel.Pricing;

/// Prices and taxes as master data.
internal static class PricingMasters
{
    public const string Prices = "prices";
    public const string Taxes = "tax-rules";

    public static readonly DataDomain[] All =
    [
        new(Prices, "Prices", "What goods cost whom: price lists and the prices on them, from which day on.")
        {
            Href = "/price-lists", Records = "select p.sku || ' @ ' || p.list as key, p.sku as name from pricing.price p where p.company_id = $1 group by p.sku, p.list",
        },
        new(Taxes, "Tax rules", "The rates of tax in each country, by category of goods, from which day on.")
        {
            Href = "/tax-rates", Records = "select r.jurisdiction || ' ' || r.category as key, r.jurisdiction as name from pricing.tax_rate r where r.company_id = $1 group by r.jurisdiction, r.category",
        },
    ];

    public static readonly QualityRule[] Rules =
    [
        new("products", "price", "It has no price for everybody", Severity.High,
            """
            select p.sku as key, p.name, null::text as detail from catalog.pub_product p
            where p.lifecycle in ('Active', 'PhasingOut') and not exists (select from catalog.pub_product v where v.variant_of = p.sku) and not exists (select from pricing.price r join pricing.price_list l on l.company_id = r.company_id and l.code = r.list
              where r.company_id = $1 and r.sku = p.sku and l.customer is null)
            """) { Fix = "Price it", FixHref = "/price-lists", FixPermission = PricingPermissions.EditPrices },
        new("products", "tax-category", "Its tax category has no rate at home", Severity.High,
            """
            select p.sku as key, p.name, p.tax_category as detail from catalog.pub_product p join kernel.company c on c.id = $1
            where p.lifecycle in ('Active', 'PhasingOut') and p.tax_category not in ('zero', 'exempt')
              and not exists (select from pricing.tax_rate r where r.company_id = $1 and r.jurisdiction = c.country and r.category = p.tax_category)
            """) { Fix = "Choose another category", FixHref = "/products/edit?sku={key}", FixPermission = "catalog.edit" },
    ];

    /// Files of prices: by list and SKU, the price that began last.
    public static readonly ImportCheck Import = new("pricing.set-prices", ["list", "sku"], ["price"],
        """
        select distinct on (k.key) k.key, 'price' as field, p.micros / 1000000.0 as value from (select unnest($2::text[]) as key) k
        join pricing.price p on p.company_id = $1 and p.list = split_part(k.key, ' @ ', 1) and p.sku = upper(split_part(k.key, ' @ ', 2)) order by k.key, p.min_quantity, p.from_day desc
        """);

    /// Prices that have not begun stand on the product.
    public static readonly ComingChange Coming = new("products",
        """
        select (p.from_day::timestamp at time zone 'UTC') as at,
          'Price on ' || p.list || ': ' || trim_scale(p.micros / 1000000.0) || ' ' || l.currency || coalesce(' until ' || p.to_day, '') as sentence
        from pricing.price p join pricing.price_list l on l.company_id = p.company_id and l.code = p.list
        where p.company_id = $1 and p.sku = $2 and p.from_day > ($3 at time zone 'UTC')::date
        """);
}
