namespace Keel.Stock;

/// What must be true of the stock book, recomputed from its moves and reservations.
internal static class StockProof
{
    public static readonly ProofCheck[] All =
    [
        new("stock.levels", "Each level is the sum of the moves in and out of its place",
            "select count(*) from stock.level",
            """
            with sums as materialized (
              select company_id, sku, lot, package, owner, condition, from_node, from_location, to_node, to_location, ends, sum(quantity) as quantity from stock.move group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
            book as (
              select company_id, node, sku, location, lot, package, owner, condition, sum(quantity) as on_hand from (
                select company_id, to_node as node, sku, to_location as location, lot, package, owner, condition, quantity from sums where ends & 8 > 0
                union all
                select company_id, from_node, sku, from_location, lot, package, owner, condition, -quantity from sums where ends & 1 > 0) e group by 1, 2, 3, 4, 5, 6, 7, 8)
            select coalesce(b.sku, v.sku) || ' in ' || coalesce(b.location, v.location) as subject, coalesce(b.on_hand, 0)::text as expected, coalesce(v.on_hand, 0)::text as found
            from book b full join stock.level v using (company_id, node, sku, location, lot, package, owner, condition)
            where coalesce(b.on_hand, 0) <> coalesce(v.on_hand, 0)
            """),
        new("stock.positions", "Each position is the sum of its levels, sellable where place and condition are promisable and nothing froze it",
            "select count(*) from stock.position",
            """
            with book as (
              select v.company_id, v.sku, v.node, v.owner, sum(v.on_hand) as on_hand, coalesce(sum(v.on_hand) filter (where k.promisable
                and not exists (select from stock.frozen f where f.company_id = v.company_id and f.node = v.node and coalesce(f.location, v.location) = v.location and coalesce(f.sku, v.sku) = v.sku and coalesce(f.lot, v.lot) = v.lot)), 0) as sellable
              from stock.level v join stock.location l on l.company_id = v.company_id and l.code = v.location
              join stock.counts_as k on k.kind = l.kind and k.condition = v.condition and k.own = (v.owner = 'own') group by 1, 2, 3, 4)
            select coalesce(b.sku, p.sku) || ' at ' || coalesce(b.node, p.node) as subject,
              coalesce(b.on_hand, 0) || '/' || coalesce(b.sellable, 0) as expected, coalesce(p.on_hand, 0) || '/' || coalesce(p.sellable, 0) as found
            from book b full join stock.position p using (company_id, sku, node, owner)
            where coalesce(b.on_hand, 0) <> coalesce(p.on_hand, 0) or coalesce(b.sellable, 0) <> coalesce(p.sellable, 0)
            """),
        new("stock.withheld", "What freezes keep off sale at a position is what its steps add up to",
            "select count(*) from stock.withheld",
            """
            with steps as (select company_id, sku, node, owner, sum(quantity) as quantity from stock.withheld group by 1, 2, 3, 4),
            frozen as (
              select v.company_id, v.sku, v.node, v.owner, sum(v.on_hand) as quantity from stock.level v join stock.location l on l.company_id = v.company_id and l.code = v.location
              join stock.counts_as k on k.kind = l.kind and k.condition = v.condition and k.own = (v.owner = 'own') and k.promisable
              where v.on_hand > 0 and exists (select from stock.frozen f where f.company_id = v.company_id and f.node = v.node and coalesce(f.location, v.location) = v.location and coalesce(f.sku, v.sku) = v.sku and coalesce(f.lot, v.lot) = v.lot)
              group by 1, 2, 3, 4)
            select coalesce(s.sku, f.sku) || ' at ' || coalesce(s.node, f.node), coalesce(f.quantity, 0)::text, coalesce(s.quantity, 0)::text
            from steps s full join frozen f using (company_id, sku, node, owner) where coalesce(s.quantity, 0) <> coalesce(f.quantity, 0)
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
            with book as (select company_id, node, sku, location, lot, package, owner, 'Good' as condition, sum(open) as allocated from stock.allocation where open > 0 group by 1, 2, 3, 4, 5, 6, 7)
            select coalesce(b.sku, v.sku) || ' in ' || coalesce(b.location, v.location) as subject, coalesce(b.allocated, 0)::text as expected, coalesce(v.allocated, 0)::text as found
            from book b full join stock.level v using (company_id, node, sku, location, lot, package, owner, condition) where coalesce(b.allocated, 0) <> coalesce(v.allocated, 0)
            """),
        new("stock.promised-lots", "What is set aside and sent for a promise of one lot is of that lot",
            "select (select count(*) from stock.reservation where lot <> '') + (select count(*) from stock.transfer_line where lot <> '')",
            """
            select r.document_number || ' line ' || r.line, 'lot ' || r.lot, 'lot ' || a.lot
            from stock.allocation a join stock.reservation r on r.document_id = a.document_id and r.line = a.line where a.open > 0 and r.open > 0 and r.lot <> '' and a.lot <> r.lot
            union all
            select t.number || ' line ' || l.line, 'lot ' || l.lot, 'lot ' || m.lot
            from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id join stock.move m on m.document_id = l.transfer_id and m.line = l.line and m.to_location = 'TRANSIT' where l.lot <> '' and m.lot <> l.lot
            """),
        new("stock.pools", "Each cost pool is the sum of what came in and went out, in units and in money",
            "select count(*) from stock.cost_pool",
            """
            with sums as (
              select company_id, sku, ends & 32 > 0 as came, sum(quantity) filter (where value is not null) as quantity, sum(value) as value from stock.move group by 1, 2, 3),
            book as (select company_id, sku, coalesce(sum(case when came then quantity else -quantity end), 0) as quantity, coalesce(sum(value), 0) as value from sums group by 1, 2)
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
        new("stock.layers", "Layers of cost hold what their pools hold, in units and in money, and what they gave is what left them",
            "select count(*) from stock.cost_layer",
            """
            with held as (select company_id, sku, sum(open) as quantity, sum(value) as value from stock.cost_layer where open > 0 group by 1, 2)
            select p.sku, p.quantity || ' worth ' || p.value, coalesce(h.quantity, 0) || ' worth ' || coalesce(h.value, 0)
            from stock.cost_pool p left join held h on h.company_id = p.company_id and h.sku = p.sku
            where (p.method in ('Fifo', 'Lot') and (p.quantity, p.value) <> (coalesce(h.quantity, 0), coalesce(h.value, 0))) or (p.method not in ('Fifo', 'Lot') and h.sku is not null)
            union all
            select m.sku || ' on ' || m.document_number, m.quantity || ' worth ' || coalesce(-m.value, m.carried), t.quantity || ' worth ' || t.value
            from (select move_id, sum(quantity) as quantity, sum(value) as value from stock.layer_take group by 1) t join stock.move m on m.id = t.move_id where (m.quantity, coalesce(-m.value, m.carried)) is distinct from (t.quantity, t.value)
            union all
            select l.sku || ' of ' || l.document_number, 'at most ' || l.received, l.open + t.quantity || ''
            from stock.cost_layer l join (select layer_id, sum(quantity) as quantity from stock.layer_take group by 1) t on t.layer_id = l.id where l.open + t.quantity > l.received
            """),
        new("stock.standards", "Goods at standard cost are worth the standard",
            "select count(*) from stock.cost_pool where method = 'Standard'",
            """
            select sku, greatest(0, round(standard * quantity / 1000) - written_down) || '', value || ''
            from (
              select sku, standard, quantity, value, written_down from stock.cost_pool where method = 'Standard' and by_site_since is null
              union all
              select s.sku || ' at ' || s.node || s.transfer, s.standard, s.quantity, s.value, s.written_down from stock.site_pool s join stock.cost_pool p using (company_id, sku) where p.method = 'Standard') q
            where quantity > 0 and abs(value - greatest(0, round(standard * quantity / 1000) - written_down)) > 1
            """),
        new("stock.site-pools", "Where sites are valued apart, each has what lies there, what came there in money and what its layers hold, and all together are what the company owns",
            "select count(*) from stock.site_pool",
            """
            with apart as materialized (select company_id, sku, method, quantity, value, written_down from stock.cost_pool where by_site_since is not null),
            there as (
              select company_id, sku, node, '' as transfer, on_hand as quantity from stock.position join apart using (company_id, sku) where owner = 'own'
              union all
              select t.company_id, t.sku, '', t.number, sum(t.quantity) from stock.pub_transit t join apart a on a.company_id = t.company_id and a.sku = t.sku group by 1, 2, 4),
            said as (select g.company_id, g.sku, g.node, sum(g.value) as value from apart a join stock.leg g on g.company_id = a.company_id and g.sku = a.sku where g.owner = 'own' group by 1, 2, 3),
            layered as (select l.company_id, l.sku, l.node, l.transfer, sum(l.open) as quantity, sum(l.value) as value from stock.cost_layer l where not l.spent group by 1, 2, 3, 4)
            select sku || ' at ' || node || transfer, coalesce(t.quantity, 0)::text, coalesce(s.quantity, 0)::text
            from (select company_id, sku, node, transfer, quantity from stock.site_pool) s full join there t using (company_id, sku, node, transfer) where coalesce(s.quantity, 0) <> coalesce(t.quantity, 0)
            union all
            select sku || ' at ' || node, 'worth ' || coalesce(g.value, 0), 'worth ' || coalesce(s.value, 0)
            from (select company_id, sku, node, sum(value) as value from stock.site_pool group by 1, 2, 3) s full join said g using (company_id, sku, node) where coalesce(s.value, 0) <> coalesce(g.value, 0)
            union all
            select p.sku, p.quantity || ' worth ' || p.value || ' down ' || p.written_down, coalesce(s.quantity, 0) || ' worth ' || coalesce(s.value, 0) || ' down ' || coalesce(s.written_down, 0)
            from apart p left join (select company_id, sku, sum(quantity) as quantity, sum(value) as value, sum(written_down) as written_down from stock.site_pool group by 1, 2) s using (company_id, sku)
            where (p.quantity, p.value, p.written_down) <> (coalesce(s.quantity, 0), coalesce(s.value, 0), coalesce(s.written_down, 0))
            union all
            select s.sku || ' at ' || s.node || s.transfer, s.quantity || ' worth ' || s.value, coalesce(l.quantity, 0) || ' worth ' || coalesce(l.value, 0)
            from stock.site_pool s join apart a using (company_id, sku) left join layered l using (company_id, sku, node, transfer)
            where a.method in ('Fifo', 'Lot') and (s.quantity, s.value) <> (coalesce(l.quantity, 0), coalesce(l.value, 0))
            union all
            select s.sku || ' at ' || s.node || s.transfer, 'nothing', s.quantity || ' worth ' || s.value from stock.site_pool s where not exists (select from apart a where a.company_id = s.company_id and a.sku = s.sku)
            union all
            select l.sku || ' at ' || l.node || l.transfer, 'one pool', l.quantity || ' worth ' || l.value from layered l
            where (l.node <> '' or l.transfer <> '') <> exists (select from apart a where a.company_id = l.company_id and a.sku = l.sku)
            """),
        new("stock.landed", "What is landed on goods is what its shares are, and what its paper is worth",
            "select count(*) from stock.landed_cost",
            """
            with charged as (select landed_cost_id, sum(amount) as amount from stock.landed_charge group by 1),
            shared as (select landed_cost_id, sum(to_stock) as to_stock, sum(to_sold) as to_sold from stock.landed_share group by 1)
            select c.number, c.total || ': ' || c.to_stock || ' + ' || c.to_sold, coalesce(g.amount, 0) || ': ' || coalesce(s.to_stock, 0) || ' + ' || coalesce(s.to_sold, 0) || ', paper ' || d.value
            from stock.landed_cost c join stock.document d on d.id = c.id left join charged g on g.landed_cost_id = c.id left join shared s on s.landed_cost_id = c.id
            where (c.total, c.to_stock, c.to_sold) <> (coalesce(g.amount, 0), coalesce(s.to_stock, 0), coalesce(s.to_sold, 0)) or d.value <> c.to_stock
            """),
        new("stock.foreign", "What papers say in other currencies is, at the rate that their goods took, what the goods were charged",
            "select count(*) from stock.foreign_cost",
            """
            select d.number || ' line ' || f.line, coalesce(v.value, 0)::text, f.value::text from stock.foreign_cost f join stock.document d on d.id = f.document_id
            cross join lateral (select case d.kind
              when 'LandedCost' then (select g.amount from stock.landed_charge g where g.landed_cost_id = f.document_id and g.line = f.line)
              when 'Revaluation' then (select c.value from stock.cost_correction c where c.document_id = f.document_id and c.receipt_line = f.line)
              else (select sum(m.value) from stock.move m where m.document_id = f.document_id and m.line = f.line and m.quantity > 0) end as value) v
            where coalesce(v.value, 0) <> f.value
            """),
        new("stock.doubt", "What stands in doubt is what open counts miss, and what external sites miss",
            "select count(*) from stock.count_line where in_doubt > 0",
            """
            with missed as (select company_id, node, sku, lot, in_doubt from stock.count_line where in_doubt > 0 union all select company_id, node, sku, lot, quantity from stock.external_doubt),
            book as (select company_id, node, sku, lot, sum(in_doubt) as quantity from missed group by 1, 2, 3, 4),
            there as (
              select v.company_id, v.node, v.sku, v.lot, sum(v.on_hand) as quantity from stock.level v
              join stock.location l on l.company_id = v.company_id and l.code = v.location and l.kind = 'Doubt' where v.on_hand > 0 group by 1, 2, 3, 4)
            select coalesce(b.sku, t.sku) || ' at ' || coalesce(b.node, t.node) as subject, coalesce(b.quantity, 0)::text as expected, coalesce(t.quantity, 0)::text as found
            from book b full join there t using (company_id, node, sku, lot) where coalesce(b.quantity, 0) <> coalesce(t.quantity, 0)
            """),
        new("stock.counts", "What counts came to is what they moved into the books, and a count is over when nothing of it is open",
            "select count(*) from stock.count_task",
            """
            with moved as (
              select d.order_id as task_id, m.line, sum(case when m.from_location = 'LOSS' then m.quantity else -m.quantity end) as quantity, sum(m.value) as value
              from stock.document d join stock.move m on m.document_id = d.id where d.kind = 'Adjustment' and exists (select from stock.count_task t where t.id = d.order_id) group by 1, 2)
            select t.number || ' line ' || l.line as subject, coalesce(m.quantity, 0) || ' worth ' || coalesce(m.value, 0) as expected, coalesce(l.difference, 0) || ' worth ' || coalesce(l.value, 0) as found
            from stock.count_line l join stock.count_task t on t.id = l.task_id full join moved m on m.task_id = l.task_id and m.line = l.line
            where (coalesce(m.quantity, 0), coalesce(m.value, 0)) <> (coalesce(l.difference, 0), coalesce(l.value, 0))
            union all
            select t.number, 'nothing open', count(*)::text from stock.count_task t join stock.count_line l on l.task_id = t.id
            where (t.status = 'Done' and l.decided_at is null) or (t.status = 'Cancelled' and l.in_doubt > 0) group by t.number
            """),
        new("stock.owned-is-not-ours", "What belongs to others is worth nothing in our books, and no cost pool knows of it",
            "select count(*) from stock.move where owner <> 'own'",
            """
            select m.sku || ' on ' || m.document_number, 'no value', coalesce(m.value::text, 'valued') from stock.move m where m.owner <> 'own' and (m.value is not null or m.ends & 36 <> 0)
            """),
        new("stock.owner-uses", "What became ours is what left others' goods, at the cost that stands on its paper",
            "select count(*) from stock.owner_use",
            """
            select coalesce(m.sku, u.sku) || ' of ' || coalesce(m.owner, u.owner), coalesce(m.quantity, 0)::text, coalesce(u.quantity, 0)::text
            from (select id, company_id, owner, sku, quantity, document_id from stock.move where owner <> 'own' and to_location = 'OWNER') m full join stock.owner_use u on u.move_id = m.id
            where (coalesce(m.quantity, 0), coalesce(m.owner, ''), coalesce(m.sku, ''), m.document_id) is distinct from (coalesce(u.quantity, 0), coalesce(u.owner, ''), coalesce(u.sku, ''), u.document_id)
            union all
            select d.number, coalesce(u.value, 0)::text, d.value::text from stock.document d left join (select document_id, sum(value) as value from stock.owner_use group by 1) u on u.document_id = d.id
            where d.kind = 'Ownership' and d.value <> coalesce(u.value, 0)
            """),
        new("stock.owner-statements", "What owners were told is what the moves say that their statements name",
            "select count(*) from stock.owner_statement_line",
            """
            with told as (
              select t.statement_id, m.sku, sum(case when m.from_location = 'SUPPLIER' then m.quantity else 0 end) as came, sum(case when m.to_location = 'OWNER' then m.quantity else 0 end) as used,
                sum(case when m.ends & 8 > 0 then m.quantity else -m.quantity end) as change, coalesce(sum(u.value), 0) as owed
              from stock.owner_statement_move t join stock.move m on m.id = t.move_id left join stock.owner_use u on u.move_id = m.id group by 1, 2)
            select s.number || ' ' || coalesce(l.sku, t.sku), coalesce(t.came, 0) || ' / ' || coalesce(t.used, 0) || ' / ' || coalesce(t.change, 0) || ' / ' || coalesce(t.owed, 0),
              coalesce(l.came, 0) || ' / ' || coalesce(l.used, 0) || ' / ' || coalesce(l.came - l.used - l.given_back + l.corrected, 0) || ' / ' || coalesce(l.owed, 0)
            from stock.owner_statement_line l full join told t using (statement_id, sku) join stock.owner_statement s on s.id = coalesce(l.statement_id, t.statement_id)
            where (coalesce(t.came, 0), coalesce(t.used, 0), coalesce(t.change, 0), coalesce(t.owed, 0)) <> (coalesce(l.came, 0), coalesce(l.used, 0), coalesce(l.came - l.used - l.given_back + l.corrected, 0), coalesce(l.owed, 0))
            union all
            select s.number, coalesce(sum(l.owed), 0)::text, s.owed::text from stock.owner_statement s left join stock.owner_statement_line l on l.statement_id = s.id group by s.id, s.number, s.owed having coalesce(sum(l.owed), 0) <> s.owed
            """),
        new("stock.changes", "Goods that change where they lie come out as many as went in",
            "select count(*) from stock.document where kind = 'Change' and $1::text = '0'",
            """
            select d.number, i.quantity::text, o.quantity::text from stock.document d
            cross join lateral (select coalesce(sum(m.quantity), 0) as quantity from stock.move m where m.document_id = d.id and m.to_location = 'CHANGE') i
            cross join lateral (select coalesce(sum(m.quantity), 0) as quantity from stock.move m where m.document_id = d.id and m.from_location = 'CHANGE') o
            where d.kind = 'Change' and $1::text = '0' and i.quantity <> o.quantity
            """),
        new("stock.external", "What external sites told and was accepted stands in adjustments, and what is in doubt for them is open",
            "select count(*) from stock.external_line",
            """
            with booked as (
              select d.order_id as snapshot_id, m.sku, m.condition, sum(case when m.from_location = 'LOSS' then m.quantity else -m.quantity end) as quantity
              from stock.document d join stock.move m on m.document_id = d.id where d.kind = 'Adjustment' and exists (select from stock.external_snapshot s where s.id = d.order_id) group by 1, 2, 3)
            select s.number || ' ' || coalesce(l.sku, b.sku), coalesce(l.told - l.book, 0)::text, coalesce(b.quantity, 0)::text
            from (select * from stock.external_line where state = 'Accepted') l full join booked b using (snapshot_id, sku, condition) join stock.external_snapshot s on s.id = coalesce(l.snapshot_id, b.snapshot_id)
            where sign(coalesce(l.told - l.book, 0)) <> sign(coalesce(b.quantity, 0)) and coalesce(b.quantity, 0) <> 0 or abs(coalesce(b.quantity, 0)) > abs(coalesce(l.told - l.book, 0))
            union all
            select s.number || ' ' || d.sku, 'open', coalesce(l.state, 'none') from stock.external_doubt d join stock.external_snapshot s on s.id = d.snapshot_id
            left join stock.external_line l on l.snapshot_id = d.snapshot_id and l.sku = d.sku and l.condition = 'Good' where l.state is distinct from 'Open'
            """),
        new("stock.supplies", "What is still to come of each supply is what its steps add up to",
            "select count(*) from stock.supply",
            """
            with steps as (select supply_id, sum(quantity) as open from stock.supply_step group by 1)
            select coalesce(s.number, k.supply_id::text), coalesce(k.open, 0)::text, coalesce(s.open, 0)::text
            from stock.supply s full join steps k on k.supply_id = s.id where coalesce(k.open, 0) <> coalesce(s.open, 0)
            """),
        new("stock.lots", "What is told apart has a lot, a serial number is on hand where the book says and once, and each level is sold until the day of its lot",
            "select count(*) from stock.lot",
            """
            with held as (select company_id, sku, lot, sum(on_hand) as on_hand from stock.level where lot <> '' group by 1, 2, 3)
            select l.sku || ' / ' || l.code, coalesce(h.on_hand, 0)::text, l.held::text from stock.lot l left join held h on h.company_id = l.company_id and h.sku = l.sku and h.lot = l.code
            where l.serial and coalesce(h.on_hand, 0) <> l.held
            union all
            select v.sku || ' / ' || v.lot || ' in ' || v.location, coalesce(l.sell_until::text, 'a lot without a last day'), coalesce(v.sell_until::text, 'no last day')
            from stock.level v left join stock.lot l on l.company_id = v.company_id and l.sku = v.sku and l.code = v.lot
            where v.lot <> '' and v.on_hand > 0 and (l.id is null or l.sell_until is distinct from v.sell_until)
            union all
            select v.sku || ' in ' || v.location, case p.tracking when 'None' then 'no lot' else 'a lot' end, case v.lot when '' then 'none' else v.lot end
            from stock.level v join catalog.pub_product p on p.sku = v.sku where v.on_hand > 0 and (p.tracking = 'None') <> (v.lot = '')
            union all
            select t.sku || ' / ' || t.lot || ' on ' || t.document_number, coalesce(m.quantity, 0)::text, t.quantity::text from stock.lot_trail t left join stock.move m on m.id = t.move_id
            where (coalesce(m.quantity, 0), coalesce(m.lot, ''), coalesce(m.sku, '')) <> (t.quantity, t.lot, t.sku)
            """),
        new("stock.converted-keeps-its-value", "What goods that became others were worth, the others are worth: kits, their components, regraded goods",
            "select count(*) from stock.document where kind in ('Assembly', 'Conversion') and $1::text = '0'",
            """
            select d.number, (sum(-m.value) filter (where m.to_location = 'PRODUCTION'))::text, (sum(m.value) filter (where m.from_location = 'PRODUCTION'))::text
            from stock.document d left join stock.move m on m.document_id = d.id and m.quantity > 0 where d.kind in ('Assembly', 'Conversion') and $1::text = '0' group by d.id, d.number
            having coalesce(sum(m.value), 1) <> 0 or count(*) filter (where m.to_location = 'PRODUCTION') = 0 or count(*) filter (where m.from_location = 'PRODUCTION') = 0
            """),
        new("stock.kits-are-promised-whole", "Kits are promised whole: what each site promised of the components of a kit is so many of each, unless word is under way that one was lost",
            "select count(*) from stock.kit_share where $1::text = '0'",
            """
            with part as (
              select k.document_id, k.kit_line, k.line, k.each, n.node, coalesce((select sum(r.open) from stock.reservation r where r.document_id = k.document_id and r.line = k.line and r.node = n.node), 0) as open
              from stock.kit_share k join lateral (
                select distinct r.node from stock.kit_share s join stock.reservation r on r.document_id = s.document_id and r.line = s.line and r.open > 0 where s.document_id = k.document_id and s.kit_line = k.kit_line) n on true
              where $1::text = '0')
            select r.document_number || ' line ' || p.kit_line || ' at ' || p.node, 'whole kits', string_agg(p.open || ' of ' || p.each, ', ' order by p.line)
            from part p join lateral (select document_number, kind from stock.reservation where document_id = p.document_id limit 1) r on true
            where r.kind <> 'Cart' group by p.document_id, r.document_number, p.kit_line, p.node
            having (count(distinct p.open / p.each) > 1 or bool_or(p.open % p.each <> 0))
              and not exists (select from kernel.outbox o where o.state = 'Waiting' and o.subject = r.document_number)
            """),
        new("stock.virtual-kits-hold-nothing", "A virtual kit is never in stock itself",
            "select count(*) from catalog.pub_kit where kind = 'Virtual' and $1::text = '0'",
            """
            select p.sku || ' at ' || p.node, '0', p.on_hand::text from stock.position p join catalog.pub_kit k on k.sku = p.sku and k.kind = 'Virtual' where p.on_hand <> 0 and $1::text = '0'
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
            from stock.document d left join (
              select document_id, quantity > 0 as goods, sum(value) as value from stock.move where $1::text = '0' group by 1, 2) m on m.document_id = d.id and m.goods = (d.kind not in ('Revaluation', 'LandedCost'))
            where d.value <> coalesce(m.value, 0) and d.kind <> 'Ownership' and $1::text = '0'
            """),
        new("stock.checkpoints", "What was there at each checkpoint is the sum of all that happened before it",
            "select count(*) from stock.checkpoint where $1::text = '0'",
            """
            with taken as (
              select company_id, at, coalesce(lag(at) over (partition by company_id order by at), '-infinity') as since from stock.checkpoint_taken where whole and $1::text = '0'),
            -- Whole checkpoints by one weighted sum: each product, site and owner has a weight of its own, and so has each figure, so that one that is wrong shows.
            -- Span by span, so that each move is read once, where it lies.
            flow as (
              select t.company_id, t.at, f.mark from taken t cross join lateral (
                select coalesce(sum(
                    case when m.ends & 1 > 0 then stock.weight(m.sku, m.from_node, m.owner) * (-m.quantity - 31 * case when m.ends & 2 > 0 then m.quantity else 0 end) else 0 end
                  + case when m.ends & 8 > 0 then stock.weight(m.sku, m.to_node, m.owner) * (m.quantity + 31 * case when m.ends & 16 > 0 then m.quantity else 0 end) else 0 end
                  + case when coalesce(m.value, m.carried) is null then 0 else case when m.ends & 4 > 0 then stock.weight(m.sku, m.from_node, m.owner) * 997 * coalesce(m.value, -m.carried) else 0 end
                      + case when m.ends & 32 > 0 then stock.weight(m.sku, m.to_node, m.owner) * 997 * coalesce(m.value, m.carried) else 0 end end), 0) as mark
                from stock.move m where m.company_id = t.company_id and m.happened_at >= t.since and m.happened_at < t.at and m.xact < (select stock.rolled_up())) f),
            book as (select company_id, at, sum(mark) over (partition by company_id order by at) as mark from flow),
            kept as (
              select c.company_id, c.at, sum(stock.weight(c.sku, c.node, c.owner) * (c.on_hand + 31 * c.sellable + 997 * c.value)) as mark
              from taken t join stock.checkpoint c on c.company_id = t.company_id and c.at = t.at group by 1, 2),
            wrong as (
              select b.company_id, b.at from book b left join kept k on k.company_id = b.company_id and k.at = b.at where b.mark <> coalesce(k.mark, 0)),
            -- What is wrong is looked at one by one, and so are the few that have checkpoints of their own.
            marks as (
              select c.company_id, c.sku, c.at from stock.checkpoint_taken t join stock.checkpoint c on c.company_id = t.company_id and c.at = t.at where not t.whole and $1::text = '0'
              union
              select w.company_id, p.sku, w.at from wrong w join stock.position p on p.company_id = w.company_id),
            alone as (
              select m.company_id, m.sku, m.at, g.node, g.owner, g.on_hand, g.sellable, g.value
              from (select company_id, sku, at, lag(at, 1, '-infinity') over (partition by company_id, sku order by at) as since from marks) m
              cross join lateral (
                select g.node, g.owner, sum(g.on_hand) as on_hand, sum(g.sellable) as sellable, sum(g.value) as value from stock.leg g
                where g.company_id = m.company_id and g.sku = m.sku and g.happened_at >= m.since and g.happened_at < m.at and g.xact < (select through from stock.roll_up) group by 1, 2) g),
            held as (
              select c.company_id, c.sku, c.at, c.node, c.owner, c.on_hand - coalesce(lag(c.on_hand) over w, 0) as on_hand, c.sellable - coalesce(lag(c.sellable) over w, 0) as sellable,
                c.value - coalesce(lag(c.value) over w, 0) as value
              from marks m join stock.checkpoint c on c.company_id = m.company_id and c.sku = m.sku and c.at = m.at window w as (partition by c.company_id, c.sku, c.node, c.owner order by c.at))
            select coalesce(b.sku, k.sku) || ' at ' || coalesce(b.node, k.node) || ' until ' || coalesce(b.at, k.at),
              'change by ' || coalesce(b.on_hand, 0) || '/' || coalesce(b.sellable, 0) || ' worth ' || coalesce(b.value, 0),
              'change by ' || coalesce(k.on_hand, 0) || '/' || coalesce(k.sellable, 0) || ' worth ' || coalesce(k.value, 0)
            from alone b full join held k using (company_id, sku, at, node, owner)
            where coalesce(b.on_hand, 0) <> coalesce(k.on_hand, 0) or coalesce(b.sellable, 0) <> coalesce(k.sellable, 0) or coalesce(b.value, 0) <> coalesce(k.value, 0)
            """),
        .. TransferProof.All,
    ];
}
