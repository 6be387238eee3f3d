using Keel.Kernel.Views;

namespace Keel.Sales;

/// Open orders that want a product, name a lot, or go to postcodes that begin so: what a recall, a late truck or a carrier's strike is about.
[View("sales.orders-with", SalesPermissions.Read, Sort = "ship-by")]
internal sealed class OrdersWith(KeelDb db) : IView<OrderList.Row, OrdersWith.Args>
{
    public sealed record Args(Sku? Sku = null, LotCode? Lot = null, string? Postcode = null, string? Country = null)
    {
        internal bool IsEmpty => Sku is null && Lot is null && string.IsNullOrWhiteSpace(Postcode) && string.IsNullOrWhiteSpace(Country);
    }

    public FormattableString Rows(Args args)
    {
        var postcode = LaneBook.Plain(args.Postcode) is { Length: > 0 } plain ? plain + "%" : null;
        var country = string.IsNullOrWhiteSpace(args.Country) ? null : args.Country.Trim().ToUpperInvariant();
        FormattableString goods = $"";
        if (args.Sku is { } sku) goods = $" and id in (select l.order_id from sales.order_line l where l.company_id = {db.Company} and l.sku = {sku} and l.shipped + l.cancelled < l.quantity)";
        FormattableString lots = $"";
        if (args.Lot is { } lot) lots = $" and id in (select l.order_id from sales.order_line l where l.company_id = {db.Company} and l.lot = {lot} and l.shipped + l.cancelled < l.quantity)";
        FormattableString where = $"";
        if (postcode is not null || country is not null)
        {
            where = $"""
                 and id in (select a.id from sales.orders a where a.company_id = {db.Company} and a.status in ('OnHold', 'Confirmed', 'Backordered', 'Reserved', 'Released', 'PartlyShipped')
                  and ({country}::text is null or a.country = {country}) and ({postcode}::text is null or upper(regexp_replace(coalesce(a.ship_to->>'postalCode', ''), '[^[:alnum:]]', '', 'g')) like {postcode}))
                """;
        }

        return $"select * from ({OrderList.Rows(db)} and o.status in ('OnHold', 'Confirmed', 'Backordered', 'Reserved', 'Released', 'PartlyShipped')) w where {!args.IsEmpty}{goods}{lots}{where}";
    }
}
