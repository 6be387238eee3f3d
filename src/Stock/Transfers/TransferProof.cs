namespace Keel.Stock;

/// What must be true of goods on their way between sites, and of the packages that they lie in.
internal static class TransferProof
{
    public static readonly ProofCheck[] All =
    [
        new("stock.transit", "What transfers have on their way is what moves left in transit",
            "select count(*) from stock.transfer_line",
            """
            with flow as (
              select document_id, line, sku, quantity from stock.move where to_location = 'TRANSIT'
              union all select case when document_kind = 'transfer' then document_id else (select d.order_id from stock.document d where d.id = document_id) end, line, sku, -quantity from stock.move where from_location = 'TRANSIT'),
            book as (select document_id as transfer_id, line, sum(quantity) as quantity from flow group by 1, 2)
            select coalesce(t.number, 'transfer') || ' line ' || coalesce(l.line, b.line) as subject, coalesce(b.quantity, 0)::text as expected, coalesce(l.shipped - l.received - l.missing, 0)::text as found
            from book b full join stock.transfer_line l using (transfer_id, line) left join stock.transfer t on t.id = coalesce(l.transfer_id, b.transfer_id)
            where coalesce(b.quantity, 0) <> coalesce(l.shipped - l.received - l.missing, 0)
            """),
        new("stock.transfers", "What left and arrived on each line of a transfer is what its moves say, and a transfer is over when nothing is open",
            "select count(*) from stock.transfer",
            """
            with moved as (
              select m.document_id as transfer_id, m.line, sum(m.quantity) filter (where m.to_location = 'TRANSIT') as shipped,
                sum(m.quantity) filter (where m.from_location = 'TRANSIT' and m.to_node = t.to_node) as received
              from stock.transfer t join stock.move m on m.document_id = t.id group by 1, 2)
            select t.number || ' line ' || l.line as subject, coalesce(m.shipped, 0) || ' / ' || coalesce(m.received, 0) as expected, l.shipped || ' / ' || l.received as found
            from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id left join moved m on m.transfer_id = l.transfer_id and m.line = l.line
            where (coalesce(m.shipped, 0), coalesce(m.received, 0)) <> (l.shipped, l.received)
            union all
            select t.number, case when l.open > 0 then 'open' else 'over' end, t.status from stock.transfer t
            join (select transfer_id, sum(quantity - received - missing) as open, sum(shipped) as shipped, count(*) as lines from stock.transfer_line group by 1) l on l.transfer_id = t.id
            where (t.status = 'Received') <> (l.open = 0 and l.shipped > 0) or (t.status in ('Requested', 'Approved', 'Cancelled')) <> (l.shipped = 0) or t.line_count <> l.lines
            union all
            select t.number || ' line ' || l.line, 'of ' || l.owner, 'of ' || m.owner from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id
            join stock.move m on m.document_id = l.transfer_id and m.line = l.line and (m.to_location = 'TRANSIT' or m.from_location = 'TRANSIT') where m.owner <> l.owner
            union all
            select r.document_number, t.status, 'still promised' from stock.transfer t join stock.reservation r on r.document_id = t.id and r.open > 0 where t.status in ('Requested', 'Received', 'Cancelled')
            """),
        new("stock.packages", "What lies in a package lies where the package stands, and so does every package in it; one that travels is on its way with one transfer",
            "select count(*) from stock.package",
            """
            select v.sku || ' in ' || v.package, coalesce(p.location, 'a package'), v.location from stock.level v left join stock.package p on p.company_id = v.company_id and p.code = v.package
            where v.package <> '' and v.on_hand > 0 and (p.id is null or p.location <> v.location or p.status = 'Ended')
            union all
            select c.code, p.location, c.location from stock.package c join stock.package p on p.company_id = c.company_id and p.code = c.parent where c.location <> p.location or c.node <> p.node or p.status = 'Ended'
            union all
            select p.code, 'not in itself', 'in ' || p.parent from stock.package p where p.parent is not null and p.code in (
              with recursive above (code) as (select p.parent union select u.parent from above a join stock.package u on u.company_id = p.company_id and u.code = a.code and u.parent is not null) select code from above)
            union all
            select p.code, case when w.package is null then 'in a place' else 'on its way' end, p.location from stock.package p left join stock.transfer_package w on w.company_id = p.company_id and w.package = p.code and w.state = 'OnItsWay'
            where (p.location = 'TRANSIT' and p.status <> 'Ended') <> (w.package is not null)
            union all
            select t.number || ' line ' || l.line, 'at most ' || (l.shipped - l.received - l.missing), w.quantity || ' in packages'
            from (select transfer_id, line, sum(quantity) as quantity from stock.package_load group by 1, 2) w join stock.transfer_line l using (transfer_id, line) join stock.transfer t on t.id = l.transfer_id
            where w.quantity > l.shipped - l.received - l.missing
            """),
    ];
}
