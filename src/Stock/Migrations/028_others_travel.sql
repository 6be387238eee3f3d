-- Goods of others go on transfers under their owner.
alter table stock.transfer_line add column owner text collate "C" not null default 'own';

-- What of the company's own goods is on its way.
create or replace view stock.pub_transit as
  select l.company_id, l.sku, t.from_node, t.to_node, t.id as transfer_id, t.number, t.expected_on, l.shipped - l.received - l.missing as quantity, l.line
  from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id where l.shipped > l.received + l.missing and l.owner = 'own';

-- What of others' goods is on its way.
create view stock.owned_transit as
  select l.company_id, l.owner, l.sku, t.from_node, t.to_node, t.id as transfer_id, t.number, t.expected_on, l.shipped - l.received - l.missing as quantity, l.line
  from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id where l.shipped > l.received + l.missing and l.owner <> 'own';
create index transfer_line_owned on stock.transfer_line (company_id, owner) where shipped > received + missing and owner <> 'own';

create or replace view stock.coming as
select s.company_id, s.sku, s.node, s.owner, s.kind, 'supply' as record, s.id, s.number, s.expected_on, greatest(s.expected_on, s.earliest_on) as day, s.open as quantity, s.confidence
from stock.supply s where s.open > 0
union all
select l.company_id, l.sku, t.to_node, l.owner, 'Transfer', 'transfer', t.id, t.number, coalesce(t.expected_on, t.wanted_by), coalesce(t.expected_on, t.wanted_by), l.shipped - l.received - l.missing, null
from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id where l.shipped > l.received + l.missing
union all
select l.company_id, l.sku, t.to_node, l.owner, 'Transfer', 'transfer', t.id, t.number, t.wanted_by, t.wanted_by, r.open, null
from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id and t.status in ('Approved', 'InTransit')
cross join lateral (select sum(r.open)::bigint as open from stock.reservation r where r.document_id = l.transfer_id and r.line = l.line and r.open > 0) r
where l.quantity > l.shipped and r.open > 0;
