-- A leg names both places of its move, so that a question about a few places reads no other moves.
create or replace view stock.leg as
select m.id, m.company_id, m.sku, e.node, m.owner, e.location, m.reason, m.day, m.happened_at, m.recorded_at, m.xact, o.kind as other,
  case when e.bits & 1 > 0 then e.sign * m.quantity else 0 end as on_hand, case when e.bits & 2 > 0 then e.sign * m.quantity else 0 end as sellable,
  case when e.bits & 4 > 0 then coalesce(m.value, 0) else 0 end as value, m.currency, m.from_location, m.to_location
from stock.move m
cross join lateral (values (m.from_node, m.from_location, m.to_location, m.ends & 7, -1), (m.to_node, m.to_location, m.from_location, m.ends >> 3, 1)) e (node, location, beyond, bits, sign)
left join stock.location o on o.company_id = m.company_id and o.code = e.beyond
where e.bits & 1 > 0 or (e.bits & 4 > 0 and m.value is not null);
