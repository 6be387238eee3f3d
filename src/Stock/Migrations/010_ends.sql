-- A move knows what the places at its ends were when it was made: bits for counted, promisable, valued of where it came from (1, 2, 4) and of where
-- it went to (8, 16, 32). So the past stays what it was when a place becomes another one, and reading it joins nothing.
alter table stock.move disable trigger move_append_only;
alter table stock.move add column ends smallint;
-- Row by row, so that moves stay in the order of time in which they were written.
update stock.move m set ends =
  (select case when k.counted then 1 else 0 end + case when k.promisable then 2 else 0 end + case when k.valued then 4 else 0 end
    from stock.location l join stock.place_kind k on k.kind = l.kind where l.company_id = m.company_id and l.code = m.from_location)
  + (select case when k.counted then 8 else 0 end + case when k.promisable then 16 else 0 end + case when k.valued then 32 else 0 end
    from stock.location l join stock.place_kind k on k.kind = l.kind where l.company_id = m.company_id and l.code = m.to_location);
alter table stock.move alter column ends set not null;
alter table stock.move enable trigger move_append_only;

-- The ends of a move that count: what each adds to its node, and to the value of the pool. `other` is the kind of place at the other end.
create or replace view stock.leg as
select m.id, m.company_id, m.sku, e.node, m.owner, e.location, m.reason, m.day, m.happened_at, m.recorded_at, m.xact, o.kind as other,
  case when e.bits & 1 > 0 then e.sign * m.quantity else 0 end as on_hand, case when e.bits & 2 > 0 then e.sign * m.quantity else 0 end as sellable,
  case when e.bits & 4 > 0 then coalesce(m.value, 0) else 0 end as value, m.currency
from stock.move m
cross join lateral (values (m.from_node, m.from_location, m.to_location, m.ends & 7, -1), (m.to_node, m.to_location, m.from_location, m.ends >> 3, 1)) e (node, location, beyond, bits, sign)
left join stock.location o on o.company_id = m.company_id and o.code = e.beyond
where e.bits & 1 > 0 or (e.bits & 4 > 0 and m.value is not null);

-- A weight of its own for each product, site and owner: sums of weighted figures are equal where all figures are, and differ where one does.
create function stock.weight(sku text, node text, owner text) returns bigint language sql immutable parallel safe as
  'select (hashtextextended(sku, hashtextextended(node, hashtextextended(owner, 0))) & 1048575) + 1';
