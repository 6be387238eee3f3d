namespace Keel.Sales;

/// What must be true of orders, invoices and payments, recomputed from their lines. `$1` is the transaction from which on a check looks:
/// these look at everything or, between full proofs, at nothing.
internal static class SalesProof
{
    public static readonly ProofCheck[] All =
    [
        new("sales.orders-are-their-lines", "Each order's amounts are the sum of its lines",
            "select count(*) from sales.orders where $1::text = '0'",
            """
            select o.number, o.net || ' + ' || o.tax || ', ' || o.line_count || ' lines', coalesce(l.net, 0) || ' + ' || coalesce(l.tax, 0) || ', ' || coalesce(l.lines, 0) || ' lines'
            from sales.orders o left join (select order_id, sum(net) as net, sum(tax) as tax, count(*) filter (where kit_line is null) as lines from sales.order_line group by 1) l on l.order_id = o.id
            where $1::text = '0' and (o.net is distinct from l.net or o.tax is distinct from l.tax or o.line_count is distinct from l.lines)
            """),
        new("sales.discounts", "What stands as taken off each order line is what its promotions took off, and each promotion's use says as much",
            "select count(*) from sales.order_discount where $1::text = '0'",
            """
            with off as (select order_id, line, sum(amount) as amount from sales.order_discount where $1::text = '0' group by 1, 2),
              used as (select document_id, promotion, sum(amount) as amount from pricing.pub_promotion_use where $1::text = '0' group by 1, 2),
              told as (select order_id, promotion, sum(amount) as amount from sales.order_discount where $1::text = '0' group by 1, 2)
            select o.number || ' line ' || l.line, coalesce(f.amount, 0)::text, l.discount::text
            from sales.order_line l join sales.orders o on o.id = l.order_id left join off f on f.order_id = l.order_id and f.line = l.line
            where $1::text = '0' and l.discount <> coalesce(f.amount, 0)
            union all
            select o.number || ' ' || coalesce(t.promotion, u.promotion), coalesce(t.amount, 0)::text, coalesce(u.amount, 0)::text
            from told t full join used u on u.document_id = t.order_id and u.promotion = t.promotion join sales.orders o on o.id = coalesce(t.order_id, u.document_id)
            where coalesce(t.amount, 0) <> coalesce(u.amount, 0)
            """),
        new("sales.order-taxes", "The taxes that an order states are the sum of its lines", Stated("sales.orders", "x.number").Rows, Stated("sales.orders", "x.number").Differences),
        new("sales.invoice-taxes", "The taxes that an invoice states are the sum of its lines",
            Stated("sales.invoice", "x.order_number").Rows, Stated("sales.invoice", "x.order_number").Differences),
        new("sales.invoices-are-their-lines", "Each invoice and credit note is the sum of its lines",
            "select count(*) from sales.invoice where $1::text = '0'",
            """
            select i.series || coalesce('-' || i.number, ' for ' || i.order_number), i.net || ' + ' || i.tax, coalesce(l.net, 0) || ' + ' || coalesce(l.tax, 0)
            from sales.invoice i left join (select invoice_id, sum(net) as net, sum(tax) as tax from sales.invoice_line group by 1) l on l.invoice_id = i.id
            where $1::text = '0' and (i.net is distinct from l.net or i.tax is distinct from l.tax)
            """),
        new("sales.shipped-is-invoiced", "What order lines say is shipped and credited stands on their invoices and credit notes",
            "select count(*) from sales.order_line where $1::text = '0'",
            """
            with billed as (
              select i.order_id, l.order_line as line, coalesce(sum(l.quantity) filter (where not i.is_credit), 0) as shipped, coalesce(sum(l.quantity) filter (where i.is_credit), 0) as returned
              from sales.invoice_line l join sales.invoice i on i.id = l.invoice_id where $1::text = '0' group by 1, 2)
            select o.number || ' line ' || l.line, coalesce(b.shipped, 0) || ' / ' || coalesce(b.returned, 0), l.shipped || ' / ' || l.returned
            from sales.order_line l join sales.orders o on o.id = l.order_id left join billed b on b.order_id = l.order_id and b.line = l.line
            where $1::text = '0' and l.kit_line is null and (l.shipped <> coalesce(b.shipped, 0) or l.returned <> coalesce(b.returned, 0))
            """),
        new("sales.kits-are-whole", "The components of each kit are what so many whole kits hold: ordered, shipped, cancelled and taken back",
            "select count(*) from sales.order_line where $1::text = '0' and kind = 'Kit'",
            """
            select o.number || ' line ' || k.line || ', ' || coalesce(c.sku, 'no components'),
              (k.quantity * c.each / 1000) || ' / ' || (k.shipped * c.each / 1000) || ' / ' || (k.cancelled * c.each / 1000) || ' / ' || (k.returned * c.each / 1000),
              c.quantity || ' / ' || c.shipped || ' / ' || c.cancelled || ' / ' || c.returned
            from sales.order_line k join sales.orders o on o.id = k.order_id left join sales.order_line c on c.order_id = k.order_id and c.kit_line = k.line
            where $1::text = '0' and k.kind = 'Kit' and (c.line is null or k.quantity % 1000 <> 0 or k.shipped % 1000 <> 0 or k.returned % 1000 <> 0
              or (c.quantity, c.shipped, c.cancelled, c.returned) is distinct from (k.quantity * c.each / 1000, k.shipped * c.each / 1000, k.cancelled * c.each / 1000, k.returned * c.each / 1000)
              or c.gross <> 0)
            """),
        new("sales.invoiced", "What an order says is invoiced is its invoices less its credit notes",
            "select count(*) from sales.orders where $1::text = '0'",
            """
            select o.number, coalesce(i.gross, 0)::text, o.invoiced::text from sales.orders o
            left join (select order_id, sum(case when is_credit then -gross else gross end) as gross from sales.invoice group by 1) i on i.order_id = o.id
            where $1::text = '0' and o.invoiced <> coalesce(i.gross, 0)
            """),
        new("sales.paid", "What an order says is paid is what was captured less what was refunded",
            "select count(*) from sales.orders where $1::text = '0'",
            """
            select o.number, coalesce(p.paid, 0)::text, o.paid::text from sales.orders o
            left join (select order_id, sum(case kind when 'Captured' then amount when 'Refunded' then -amount else 0 end) as paid from sales.payment group by 1) p on p.order_id = o.id
            where $1::text = '0' and o.paid <> coalesce(p.paid, 0)
            """),
        new("sales.owed", "What customers who pay later owe is what is not paid of each of their orders that go on",
            "select count(*) from sales.orders where $1::text = '0' and on_account",
            """
            with due as (
              select o.id, o.number, greatest(case when o.status = 'Shipped' then o.invoiced else o.gross - coalesce(c.gross, 0) end - o.paid, 0)::bigint as owed
              from sales.orders o left join (select order_id, sum(gross) as gross from sales.invoice where is_credit group by 1) c on c.order_id = o.id
              where $1::text = '0' and o.on_account and o.status <> 'Cancelled' and o.hold is distinct from 'credit')
            select coalesce(d.number, o.number), coalesce(d.owed, 0)::text, coalesce(w.owed, 0)::text
            from (select * from due where owed > 0) d full join (select * from sales.owed where $1::text = '0') w on w.order_id = d.id left join sales.orders o on o.id = w.order_id
            where coalesce(d.owed, 0) <> coalesce(w.owed, 0) or w.customer_id is distinct from coalesce((select x.customer_id from sales.orders x where x.id = coalesce(d.id, w.order_id)), w.customer_id)
            """),
        new("sales.intents", "What each intent to pay says is authorised, captured and refunded are the money facts that name it",
            "select count(*) from sales.payment_intent where $1::text = '0'",
            """
            select o.number || ' by ' || i.method, coalesce(p.authorised, 0) || ' / ' || coalesce(p.captured, 0) || ' / ' || coalesce(p.refunded, 0), i.authorised || ' / ' || i.captured || ' / ' || i.refunded
            from sales.payment_intent i join sales.orders o on o.id = i.order_id left join (
              select intent_id, coalesce(sum(amount) filter (where kind = 'Authorised'), 0) as authorised, coalesce(sum(amount) filter (where kind = 'Captured'), 0) as captured,
                coalesce(sum(amount) filter (where kind = 'Refunded'), 0) as refunded
              from sales.payment where intent_id is not null group by 1) p on p.intent_id = i.id
            where $1::text = '0' and (i.authorised, i.captured, i.refunded) is distinct from (coalesce(p.authorised, 0), coalesce(p.captured, 0), coalesce(p.refunded, 0))
            """),
        new("sales.vouchers", "What each gift card and store credit holds is the sum of its book",
            "select count(*) from sales.voucher where $1::text = '0'",
            """
            select v.number, coalesce(e.amount, 0)::text, v.balance::text
            from sales.voucher v left join (select voucher_id, sum(amount) as amount from sales.voucher_entry group by 1) e on e.voucher_id = v.id
            where $1::text = '0' and v.balance <> coalesce(e.amount, 0)
            """),
        new("sales.voucher-payments", "What gift cards and store credit paid and got back are payments of the orders",
            "select count(*) from sales.voucher_entry where $1::text = '0' and payment_id is not null",
            """
            select v.number, e.amount::text, coalesce(case p.kind when 'Captured' then -p.amount else p.amount end, 0)::text
            from sales.voucher_entry e join sales.voucher v on v.id = e.voucher_id left join sales.payment p on p.id = e.payment_id and p.order_id = e.order_id
            where $1::text = '0' and e.payment_id is not null and e.amount is distinct from case p.kind when 'Captured' then -p.amount when 'Refunded' then p.amount end
            """),
        new("sales.reserved-is-promised", "Every open line of a reserved order is promised in full",
            "select count(*) from sales.orders where $1::text = '0' and status = 'Reserved'",
            """
            select o.number || ' line ' || l.line, (l.quantity - l.shipped - l.cancelled)::text, coalesce(r.open, 0)::text
            from sales.orders o join sales.order_line l on l.order_id = o.id and l.kind = 'Goods'
            left join (select document_id, line, sum(open) as open from stock.pub_reservation group by 1, 2) r on r.document_id = o.id and r.line = l.line
            where $1::text = '0' and o.status = 'Reserved' and l.quantity - l.shipped - l.cancelled <> coalesce(r.open, 0)
            """),
        new("sales.waiting-is-open", "What waits in the stock book is what orders have open and not promised",
            "select count(*) from stock.pub_waiting where $1::text = '0' and kind = 'Order'",
            """
            with due as (
              select o.number, l.order_id, l.line, l.quantity - l.shipped - l.cancelled - coalesce((select sum(r.open) from stock.pub_reservation r where r.document_id = l.order_id and r.line = l.line), 0)::bigint as quantity
              from sales.orders o join sales.order_line l on l.order_id = o.id and l.kind = 'Goods' where $1::text = '0' and o.status in ('Backordered', 'Released', 'PartlyShipped')
            )
            select coalesce(d.number, w.document_number) || ' line ' || coalesce(d.line, w.line), coalesce(d.quantity, 0)::text, coalesce(w.quantity, 0)::text
            from (select * from due where quantity <> 0) d full join (
              select w.* from stock.pub_waiting w join sales.orders o on o.id = w.document_id and o.status not in ('OnHold', 'Confirmed') where $1::text = '0' and w.kind = 'Order') w
              on w.document_id = d.order_id and w.line = d.line
            where coalesce(d.quantity, 0) <> coalesce(w.quantity, 0)
            """),
        new("sales.risk-holds", "What its risk stopped neither goes on nor is promised anything before somebody cleared it",
            "select count(*) from sales.order_risk where $1::text = '0' and effect = 'Hold'",
            """
            with stopped as (
              select o.id, o.number, o.status from sales.order_risk r join sales.orders o on o.id = r.order_id
              where $1::text = '0' and r.effect = 'Hold' and not exists (select 1 from sales.risk_outcome u where u.order_id = r.order_id and u.verdict = 'Good'))
            select s.number, 'OnHold', s.status from stopped s where s.status not in ('OnHold', 'Cancelled')
            union all
            select s.number, 'nothing promised', sum(r.open)::text from stopped s join stock.pub_reservation r on r.document_id = s.id and r.open > 0 group by s.number
            """),
        new("sales.closed-promises-nothing", "Nothing is promised any more to orders that are shipped or cancelled",
            "select count(*) from sales.orders where $1::text = '0' and status in ('Shipped', 'Cancelled')",
            """
            select o.number, '0', r.open::text
            from (select document_id, sum(open) as open from stock.pub_reservation where open > 0 group by 1) r join sales.orders o on o.id = r.document_id
            where $1::text = '0' and o.status in ('Shipped', 'Cancelled')
            """),
    ];
    /// Tax statements keep amounts as decimals; two are read here, and currencies with other decimals have their lines to tell.
    private static (string Rows, string Differences) Stated(string table, string number) => (
        $"select count(*) from {table} where $1::text = '0'",
        $"""
        select {number}, x.net || ' + ' || x.tax, round(t.net * 100)::bigint || ' + ' || round(t.tax * 100)::bigint
        from {table} x cross join lateral (
          select coalesce(sum((e->'base'->>'amount')::numeric), 0) as net, coalesce(sum((e->'tax'->>'amount')::numeric), 0) as tax from jsonb_array_elements(x.taxes) e) t
        where $1::text = '0' and x.currency in ('EUR', 'GBP', 'USD', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN') and (x.net <> round(t.net * 100) or x.tax <> round(t.tax * 100))
        """);
}
