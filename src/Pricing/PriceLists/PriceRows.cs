using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Pricing.Contract;

namespace Keel.Pricing.PriceLists;

/// The prices of one list, past and coming ones too. The index over company, list and SKU serves the order.
[View("pricing.prices", PricingPermissions.Read, Sort = "sku")]
internal sealed class PriceRows(KeelDb db) : IView<PriceRows.Row, PriceRows.Args>
{
    public sealed record Args(string List);

    public sealed record Row
    {
        [Key] public required string Key { get; init; }
        [Search] public required Sku Sku { get; init; }
        [Search] public required string Product { get; init; }
        /// Empty where the price holds for any quantity.
        [Title("From quantity")] public Quantity? MinQuantity { get; init; }
        public required UnitPrice Price { get; init; }
        public required Currency Currency { get; init; }
        [Title("From")] public required DateOnly FromDay { get; init; }
        [Title("To")] public DateOnly? ToDay { get; init; }
        [Title("Changed")] public required DateTimeOffset ChangedAt { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows(Args args)
    {
        var today = db.Today;
        return
            $"""
            select p.sku || ' ' || p.min_quantity || ' ' || p.from_day as key,
              p.sku, c.name as product, nullif(p.min_quantity, 1) as min_quantity, p.micros as price, l.currency,
              p.from_day, p.to_day, p.changed_at,
              case when p.to_day < {today} then 'Has ended'
                when p.from_day > {today} then 'Has not begun' else 'Holds until another begins' end as next
            from pricing.price p
            join pricing.price_list l on l.company_id = p.company_id and l.code = p.list
            join catalog.pub_product c on c.sku = p.sku
            where p.company_id = {db.Company} and p.list = {args.List}
            """;
    }
}
