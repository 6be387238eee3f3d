using Keel.Kernel.Views;

namespace Keel.Sales;

/// The figures of orders that are watched.
internal static class SalesMeasures
{
    internal const string Open = "f.status=OnHold,Confirmed,Reserved,Backordered,Released,PartlyShipped";

    /// Late orders: the tab of the list, the tile of the day and the figure ask the same.
    internal const string Late = Open + "&f.ship-by.lt=today";

    /// Open orders that will not leave in time as far as is known now.
    internal const string AtRisk = Open + "&f.at-risk=true";

    /// What people said last of each order, of the last 90 days.
    private const string Verdicts = "with u as (select distinct on (order_id) order_id, verdict from sales.risk_outcome where company_id = $1 and at > $2 - interval '90 days' order by order_id, id desc)";

    private const string Hours24 = "less than a day";
    private const string Days2 = "1 to 2 days";
    private const string Days7 = "3 to 7 days";
    private const string Weeks = "more than a week";

    public static readonly Measure[] All =
    [
        Measure.Rows<OrderList>("orders-waiting", "Orders not yet shipped", "Orders that are neither shipped in full nor cancelled, at this moment.", "/orders", Open)
            with { Slices = "channel", Team = "operations", Next = "See them" },
        Measure.Rows<OrderList>("orders-late", "Late orders", "Open orders whose promised day of shipping is past, at this moment.", "/orders", Late)
            with { Better = Better.Less, Target = 0, Slices = "channel", Team = "operations", IsPast = true, Next = "Ship them, or tell the customers" },
        Measure.Rows<OrderList>("orders-at-risk", "Orders at risk", "Open orders that are planned to leave later than was promised, or are promised for today or tomorrow and have no goods yet, at this moment.", "/orders", AtRisk)
            with { Better = Better.Less, Target = 0, Slices = "channel", Team = "operations", Next = "Route them again, or tell the customers" },
        new Measure("promise-kept", "Promised days kept", "Of the orders shipped in full in the last 30 days, those that left on the promised day or before.", MeasureUnit.Percent, "/orders")
        {
            Needs = SalesPermissions.Read, Better = Better.More, Target = 97, Team = "operations", Next = "See the orders", Question = "f.status=Shipped&f.shipped-at.ge=today-29&sort=-shipped-at",
            Sql = """
                select '' as slice, count(*) filter (where (o.shipped_at at time zone $5)::date <= o.ship_by) as part, count(*) as whole from sales.orders o
                where o.company_id = $1 and o.status = 'Shipped' and o.shipped_at >= (($4::date - 29)::timestamp at time zone $5) and o.placed_at >= $2 - interval '400 days'
                having count(*) > 0
                """,
        },
        new Measure("fill-rate", "Fill rate", "Of the units that orders wanted by a promised day of the last 30 days, those that had left by that day. What was cancelled is not wanted.", MeasureUnit.Percent, "/orders")
        {
            Needs = SalesPermissions.Read, Better = Better.More, Target = 95, Slices = "channel", Team = "operations", Next = "See the orders", Question = "f.ship-by.ge=today-30&f.ship-by.lt=today&sort=ship-by",
            Sql = """
                with due as materialized (
                  select o.id, o.channel, o.ship_by, sum(l.quantity - l.cancelled) as wanted from sales.orders o join sales.order_line l on l.order_id = o.id and l.kit_line is null and l.kind in ('Goods', 'Kit')
                  where o.company_id = $1 and o.status <> 'Cancelled' and o.ship_by >= $4::date - 30 and o.ship_by < $4::date and o.placed_at >= $2 - interval '400 days' group by o.id),
                gone as (
                  select d.id, sum(i.quantity) as units from due d join sales.invoice v on v.order_id = d.id and not v.is_credit and v.day <= d.ship_by join sales.invoice_line i on i.invoice_id = v.id and i.kind in ('Goods', 'Kit') group by d.id)
                select case when grouping(d.channel) = 1 then '' else d.channel end as slice, round(sum(least(coalesce(g.units, 0), d.wanted)) / 1000)::bigint as part, round(sum(d.wanted) / 1000)::bigint as whole
                from due d left join gone g on g.id = d.id where d.wanted > 0 group by grouping sets ((), (d.channel)) having sum(d.wanted) >= 1000
                """,
        },
        Measure.Rows<OrderList>("orders-to-ship-today", "To ship today", "Open orders that are promised to leave today, at this moment.", "/orders", $"{Open}&f.ship-by=today")
            with { Slices = "channel", Team = "warehouse", Next = "See what holds them" },
        Measure.Rows<OrderList>("orders-held", "Stopped orders", "Orders that wait for somebody to settle a doubt, at this moment.", "/orders", "f.status=OnHold")
            with { Better = Better.Less, Target = 5, Slices = "channel", Team = "service", Next = "Settle their doubts" },
        Measure.Rows<RiskList>("orders-risky", "Stopped for their risk", "Orders that looked so risky that they wait for somebody to clear or refuse them, at this moment.", "/order-risk", "f.status=OnHold&f.effect=Hold")
            with { Better = Better.Less, Target = 0, Slices = "channel", Team = "operations", Next = "Clear or refuse them" },
        new Measure("risk-precision", "Rightly stopped", "Of the orders stopped for their risk of which somebody said in the last 90 days what they turned out to be, those that were fraud.", MeasureUnit.Percent, "/order-risk")
        {
            Needs = SalesPermissions.Read, Better = Better.More, Target = 50, Team = "operations", Next = "See them", Question = "f.effect=Hold&f.verdict=Fraud,Good",
            Sql = $"""
                {Verdicts}
                select '' as slice, count(*) filter (where u.verdict = 'Fraud') as part, count(*) as whole from u join sales.order_risk r on r.order_id = u.order_id and r.effect = 'Hold' having count(*) > 0
                """,
        },
        new Measure("risk-recall", "Fraud that was stopped", "Of the scored orders of which somebody said in the last 90 days that they were fraud, those that their risk had stopped.", MeasureUnit.Percent, "/order-risk")
        {
            Needs = SalesPermissions.Read, Better = Better.More, Target = 80, Team = "operations", Next = "See what was missed", Question = "f.verdict=Fraud",
            Sql = $"""
                {Verdicts}
                select '' as slice, count(*) filter (where r.effect = 'Hold') as part, count(*) as whole from u join sales.order_risk r on r.order_id = u.order_id where u.verdict = 'Fraud' having count(*) > 0
                """,
        },
        Measure.Rows<OrderList>("orders-backordered", "Back-ordered", "Orders that wait for goods, at this moment.", "/orders", "f.status=Backordered")
            with { Better = Better.Less, Slices = "channel", Team = "buyer", Next = "See what they wait for" },
        Measure.Share<OrderList>("backorder-rate", "Back-order rate", "Of the orders placed in the last 30 days and not cancelled, those that wait for goods at this moment.", "/orders",
            "f.status=Backordered&f.placed-at.ge=today-29", "f.status.ne=Cancelled&f.placed-at.ge=today-29", "f.status=Backordered&f.placed-at.ge=today-29")
            with { Better = Better.Less, Target = 3, Slices = "channel", Team = "buyer", Next = "See what they wait for" },
        new Measure("orders-by-hour", "Orders by hour", "Orders that customers placed today, by the hour in the company's zone, at this moment.", MeasureUnit.Count, "/orders")
        {
            Needs = SalesPermissions.Read, Slices = "hour", SliceOrder = [.. Enumerable.Range(0, 24).Select(h => h.ToString("00", System.Globalization.CultureInfo.InvariantCulture))], Next = "See today's", Question = "f.placed-at=today",
            Sql = """
                select case when grouping(h.hour) = 1 then '' else h.hour end as slice, count(*) as value
                from (select to_char(o.placed_at at time zone $5, 'HH24') as hour from sales.orders o where o.company_id = $1 and o.placed_at >= ($4::date::timestamp at time zone $5) and o.placed_at < (($4::date + 1)::timestamp at time zone $5)) h
                group by grouping sets ((), (h.hour))
                """,
        },
        new Measure("orders-age", "Age of open orders", "Orders that are neither shipped in full nor cancelled, by the time since they were placed, at this moment.", MeasureUnit.Count, "/orders")
        {
            Needs = SalesPermissions.Read, Slices = "age", SliceOrder = [Hours24, Days2, Days7, Weeks], Better = Better.Less, Team = "operations", Next = "See the oldest", Question = Open + "&sort=placed-at",
            Sql = $"""
                select case when grouping(a.age) = 1 then '' else a.age end as slice, count(*) as value
                from (select case when o.placed_at > $2 - interval '1 day' then '{Hours24}' when o.placed_at > $2 - interval '3 days' then '{Days2}' when o.placed_at > $2 - interval '7 days' then '{Days7}' else '{Weeks}' end as age
                  from sales.orders o where o.company_id = $1 and o.status in ('OnHold', 'Confirmed', 'Reserved', 'Backordered', 'Released', 'PartlyShipped')) a
                group by grouping sets ((), (a.age))
                """,
        },
        new Measure("orders-touched", "Orders that took a person", "Of the orders placed in the last 30 days, those about which there was a case, or that were changed after they came in. The others ran by themselves, as far as orders go.", MeasureUnit.Percent, "/orders/touched")
        {
            Needs = SalesPermissions.Read, Better = Better.Less, Target = 5, Team = "operations", Next = "See what for",
            Sql = """
                select '' as slice, count(*) filter (where exists (select from kernel.work_case w where w.subject_id = o.id) or exists (select from sales.order_version v where v.order_id = o.id)) as part, count(*) as whole
                from sales.orders o where o.company_id = $1 and o.placed_at >= (($4::date - 29)::timestamp at time zone $5) having count(*) > 0
                """,
        },
        new Measure("sent-again", "Cost of what was sent again", "What goods cost that left in the last 30 days instead of others that were lost, broken or wrong, at their cost as they left, in the company's currency.", MeasureUnit.Money, "/orders/again")
        {
            Needs = Viewer.SeeCost, Slices = "reason", Better = Better.Less, Target = 0, Team = "service", Next = "See what for", Question = "f.at.ge=today-29",
            Sql = """
                select case when grouping(r.reason) = 1 then '' else r.reason end as slice, coalesce(-sum(m.value), 0)::bigint as value
                from (select distinct order_id, reason from sales.reshipment where company_id = $1 and at >= $2 - interval '90 days') r
                join sales.invoice i on i.order_id = r.order_id and not i.is_credit and i.day >= $4::date - 29 join stock.pub_move m on m.company_id = $1 and m.document_id = i.shipment_id
                group by grouping sets ((), (r.reason))
                """,
        },
        Measure.PerDay<OrderList>("orders-placed", "Orders placed", "Orders by the day on which the customer placed them, in the company's zone.", "/orders", "placed-at")
            with { Slices = "channel", Next = "See today's" },
        Measure.PerDay<OrderList>("orders-shipped", "Orders shipped", "Orders by the day on which the last of their goods left, in the company's zone.", "/orders", "shipped-at", "f.status=Shipped")
            with { Slices = "channel", Next = "See today's" },
        Measure.PerDay<OrderList>("orders-cancelled", "Orders cancelled", "Orders by the day on which they were cancelled, in the company's zone.", "/orders", "cancelled-at", "f.status=Cancelled")
            with { Better = Better.Less, Slices = "channel", Team = "service", Next = "See why" },
        new Measure("order-to-ship", "From order to shipment", "The average time from placing an order until the last of its goods left, of the orders shipped in full in the last 7 days.", MeasureUnit.Hours, "/orders")
        {
            Needs = SalesPermissions.Read, Better = Better.Less, Target = 36, Team = "operations", Next = "See the orders", Question = "f.status=Shipped&f.shipped-at.ge=today-6&sort=placed-at",
            Sql = """
                select '' as slice, round(avg(extract(epoch from o.shipped_at - o.placed_at)) / 3600, 2) as value from sales.orders o
                where o.company_id = $1 and o.status = 'Shipped' and o.shipped_at >= (($4::date - 6)::timestamp at time zone $5) and o.placed_at >= $2 - interval '400 days'
                """,
        },
        Measure.Sum<InvoiceList>("credited", "Credited to customers", "What credit notes of the day add up to, tax included, of those in the company's currency.", "/invoices", "gross", "f.is-credit=true&f.currency={currency}")
            with { Day = "day", IsOfDay = true, Better = Better.Less, Slices = "channel", Team = "service", Next = "See today's credit notes" },
    ];
}
