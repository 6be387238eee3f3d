namespace Keel.Stock;

/// What must be true of the stock book, recomputed from its moves and reservations.
internal static class StockProof
{
    public static readonly ProofCheck[] All =
    [
        new("stock.levels", "Each level is the sum of the moves in and out of its place",
            "select count(*) from stock.level",
            """
            with flow as (
              select company_id, to_node as node, sku, to_location as location, lot, package, owner, quantity from stock.move
              union all select company_id, from_node, sku, from_location, lot, package, owner, -quantity from stock.move),
            book as (
              select f.company_id, f.node, f.sku, f.location, f.lot, f.package, f.owner, sum(f.quantity) as on_hand
              from flow f join stock.location l on l.company_id = f.company_id and l.code = f.location
              join stock.place_kind k on k.kind = l.kind and k.counted group by 1, 2, 3, 4, 5, 6, 7)
            select coalesce(b.sku, v.sku) || ' in ' || coalesce(b.location, v.location) as subject, coalesce(b.on_hand, 0)::text as expected, coalesce(v.on_hand, 0)::text as found
            from book b full join stock.level v using (company_id, node, sku, location, lot, package, owner)
            where coalesce(b.on_hand, 0) <> coalesce(v.on_hand, 0)
            """),
        new("stock.positions", "Each position is the sum of its levels, sellable where the place is promisable and nothing froze it",
            "select count(*) from stock.position",
            """
            with book as (
              select v.company_id, v.sku, v.node, v.owner, sum(v.on_hand) as on_hand, coalesce(sum(v.on_hand) filter (where k.promisable
                and not exists (select from stock.frozen f where f.company_id = v.company_id and f.node = v.node and coalesce(f.location, v.location) = v.location and coalesce(f.sku, v.sku) = v.sku and coalesce(f.lot, v.lot) = v.lot)), 0) as sellable
              from stock.level v join stock.location l on l.company_id = v.company_id and l.code = v.location
              join stock.place_kind k on k.kind = l.kind group by 1, 2, 3, 4)
            select coalesce(b.sku, p.sku) || ' at ' || coalesce(b.node, p.node) as subject,
              coalesce(b.on_hand, 0) || '/' || coalesce(b.sellable, 0) as expected, coalesce(p.on_hand, 0) || '/' || coalesce(p.sellable, 0) as found
            from book b full join stock.position p using (company_id, sku, node, owner)
            where coalesce(b.on_hand, 0) <> coalesce(p.on_hand, 0) or coalesce(b.sellable, 0) <> coalesce(p.sellable, 0)
            """),
        new("stock.reserved", "What a position has reserved is what its reservations have open",
            "select count(*) from stock.position",
            """
            with book as (select company_id, sku, node, owner, sum(open) as reserved from stock.reservation where open > 0 group by 1, 2, 3, 4)
            select coalesce(b.sku, p.sku) || ' at ' || coalesce(b.node, p.node) as subject, coalesce(b.reserved, 0)::text as expected, coalesce(p.reserved, 0)::text as found
            from book b full join stock.position p using (company_id, sku, node, owner) where coalesce(b.reserved, 0) <> coalesce(p.reserved, 0)
            """),
        new("stock.reservations", "What a reservation has open is what it took less its steps",
            "select count(*) from stock.reservation",
            """
            with gone as (select document_id, line, part, sum(quantity) as quantity from stock.reservation_step group by 1, 2, 3)
            select coalesce(r.document_number, s.document_id::text) || ' line ' || coalesce(r.line, s.line) as subject,
              coalesce(r.taken - coalesce(s.quantity, 0), 0)::text as expected, coalesce(r.open, 0)::text as found
            from stock.reservation r full join gone s using (document_id, line, part) where coalesce(r.taken - coalesce(s.quantity, 0), -1) <> coalesce(r.open, -1)
              and not (r.document_id is not null and s.quantity is null and r.taken = r.open)
            """),
        new("stock.allocated", "What a level has allocated is what its allocations have open",
            "select count(*) from stock.level",
            """
            with book as (select company_id, node, sku, location, lot, package, owner, sum(open) as allocated from stock.allocation where open > 0 group by 1, 2, 3, 4, 5, 6, 7)
            select coalesce(b.sku, v.sku) || ' in ' || coalesce(b.location, v.location) as subject, coalesce(b.allocated, 0)::text as expected, coalesce(v.allocated, 0)::text as found
            from book b full join stock.level v using (company_id, node, sku, location, lot, package, owner) where coalesce(b.allocated, 0) <> coalesce(v.allocated, 0)
            """),
        new("stock.pools", "Each cost pool is the sum of what came in and went out, in units and in money",
            "select count(*) from stock.cost_pool",
            """
            with book as (
              select m.company_id, m.sku, sum(case when m.value is null then 0 when kt.valued then m.quantity else -m.quantity end) as quantity, coalesce(sum(m.value), 0) as value
              from stock.move m
              join stock.location lt on lt.company_id = m.company_id and lt.code = m.to_location join stock.place_kind kt on kt.kind = lt.kind
              group by 1, 2)
            select coalesce(b.sku, p.sku) as subject, coalesce(b.quantity, 0) || ' worth ' || coalesce(b.value, 0) as expected, coalesce(p.quantity, 0) || ' worth ' || coalesce(p.value, 0) as found
            from book b full join stock.cost_pool p using (company_id, sku)
            where coalesce(b.quantity, 0) <> coalesce(p.quantity, 0) or coalesce(b.value, 0) <> coalesce(p.value, 0)
            """),
        new("stock.pool-quantity", "Each cost pool holds as many as all places of the company that are valued, and what is on its way between them",
            "select count(*) from stock.cost_pool",
            """
            with book as (
              select company_id, sku, sum(quantity) as quantity from (
                select company_id, sku, on_hand as quantity from stock.position where owner = 'own'
                union all select company_id, sku, quantity from stock.pub_transit) q group by 1, 2)
            select coalesce(b.sku, p.sku) as subject, coalesce(b.quantity, 0)::text as expected, coalesce(p.quantity, 0)::text as found
            from book b full join stock.cost_pool p using (company_id, sku) where coalesce(b.quantity, 0) <> coalesce(p.quantity, 0)
            """),
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
            select r.document_number, t.status, 'still promised' from stock.transfer t join stock.reservation r on r.document_id = t.id and r.open > 0 where t.status in ('Requested', 'Received', 'Cancelled')
            """),
        new("stock.supplies", "What is still to come of each supply is what its steps add up to",
            "select count(*) from stock.supply",
            """
            with steps as (select supply_id, sum(quantity) as open from stock.supply_step group by 1)
            select coalesce(s.number, k.supply_id::text), coalesce(k.open, 0)::text, coalesce(s.open, 0)::text
            from stock.supply s full join steps k on k.supply_id = s.id where coalesce(k.open, 0) <> coalesce(s.open, 0)
            """),
        new("stock.displaced-have-cases", "Whoever lost a promise to a fact has a case",
            "select count(*) from stock.reservation_step where kind = 'Displaced' and $1::text = '0'",
            """
            select r.document_number || ' line ' || s.line, 'a case', 'none'
            from stock.reservation_step s join stock.reservation r using (document_id, line, part)
            where s.kind = 'Displaced' and r.kind = 'Order' and $1::text = '0'
              and not exists (select from kernel.work_case c where c.company_id = s.company_id and c.subject_id = s.document_id and c.kind = 'promise-displaced')
            """),
        new("stock.documents-are-their-moves", "What a stock document is worth is what its moves are worth",
            "select count(*) from stock.document where $1::text = '0'",
            """
            select d.number, coalesce(m.value, 0)::text, d.value::text
            from stock.document d left join (select document_id, sum(value) as value from stock.move where $1::text = '0' group by 1) m on m.document_id = d.id
            where d.value <> coalesce(m.value, 0) and $1::text = '0'
            """),
        new("stock.checkpoints", "What was there at each checkpoint is the sum of all that happened before it",
            "select count(*) from stock.checkpoint where $1::text = '0'",
            """
            with due as (
              select distinct company_id, sku, at from stock.checkpoint where $1::text = '0'
              union
              select p.company_id, p.sku, t.at from (select distinct company_id, sku from stock.position where $1::text = '0') p
              cross join lateral (select min(m.happened_at) as first from stock.move m where m.company_id = p.company_id and m.sku = p.sku) f
              join stock.checkpoint_taken t on t.company_id = p.company_id and t.whole and t.at > f.first
            ),
            marks as (select company_id, sku, array_agg(at order by at) as ats from due group by 1, 2),
            book as (
              select g.company_id, g.sku, m.ats[width_bucket(g.happened_at, m.ats) + 1] as at, g.node, g.owner, sum(g.on_hand) as on_hand, sum(g.sellable) as sellable, sum(g.value) as value
              from stock.leg g join marks m on m.company_id = g.company_id and m.sku = g.sku
              where g.xact < (select through from stock.roll_up) and g.happened_at < m.ats[array_length(m.ats, 1)] group by 1, 2, 3, 4, 5
            ),
            kept as (
              select company_id, sku, at, node, owner, on_hand - coalesce(lag(on_hand) over w, 0) as on_hand, sellable - coalesce(lag(sellable) over w, 0) as sellable,
                value - coalesce(lag(value) over w, 0) as value
              from stock.checkpoint where $1::text = '0' window w as (partition by company_id, sku, node, owner order by at)
            )
            select coalesce(b.sku, k.sku) || ' at ' || coalesce(b.node, k.node) || ' until ' || coalesce(b.at, k.at),
              'change by ' || coalesce(b.on_hand, 0) || '/' || coalesce(b.sellable, 0) || ' worth ' || coalesce(b.value, 0),
              'change by ' || coalesce(k.on_hand, 0) || '/' || coalesce(k.sellable, 0) || ' worth ' || coalesce(k.value, 0)
            from book b full join kept k using (company_id, sku, at, node, owner)
            where coalesce(b.on_hand, 0) <> coalesce(k.on_hand, 0) or coalesce(b.sellable, 0) <> coalesce(k.sellable, 0) or coalesce(b.value, 0) <> coalesce(k.value, 0)
            """),
    ];
}
