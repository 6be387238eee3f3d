-- Goods that are to come, of which somebody knows: from a supplier, from production, back from customers. Transfers say themselves what comes with them.
create table stock.supply (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  kind text not null check (kind in ('Purchase', 'Production', 'Return', 'Manual')),
  sku text collate "C" not null,
  node text collate "C" not null,
  owner text collate "C" not null,
  -- What is still to come: what its steps add up to.
  open bigint not null check (open >= 0),
  received bigint not null check (received >= 0),
  expected_on date not null,
  -- Not promised before this day, whatever is expected.
  earliest_on date,
  -- How much of a hundred is counted on; where nobody says, all of it, and of returns what the policy says.
  confidence integer check (confidence between 0 and 100),
  supplier uuid,
  reference text,
  note text,
  document_kind text,
  document_id uuid,
  document_number text,
  announced_at timestamptz not null,
  version integer not null,
  operation uuid not null,
  unique (company_id, number),
  check ((document_kind is null) = (document_id is null))
) with (fillfactor = 80);
create index supply_open on stock.supply (company_id, sku, node) where open > 0;
create index supply_due on stock.supply (company_id, expected_on, id) where open > 0;
create index supply_list on stock.supply (company_id, announced_at, id);
create index supply_document on stock.supply (document_id) where document_id is not null;

-- What was announced, changed, received and withdrawn, with the day on which it was expected then.
create table stock.supply_step (
  id uuid primary key,
  company_id uuid not null,
  supply_id uuid not null references stock.supply (id),
  kind text not null check (kind in ('Announced', 'Changed', 'Received', 'Withdrawn')),
  quantity bigint not null,
  expected_on date not null,
  reason text not null,
  happened_at timestamptz not null,
  operation uuid not null
);
create index supply_step_supply on stock.supply_step (supply_id, happened_at);
create trigger supply_step_append_only before update or delete on stock.supply_step for each statement execute function kernel.refuse_change();

-- All that is to come and when: announced, on its way between sites, and promised at a sender to a transfer that has not left. `day` is the first on
-- which it may be promised; there is none where nobody said when.
create view stock.coming as
select s.company_id, s.sku, s.node, s.owner, s.kind, 'supply' as record, s.id, s.number, s.expected_on, greatest(s.expected_on, s.earliest_on) as day, s.open as quantity, s.confidence
from stock.supply s where s.open > 0
union all
select l.company_id, l.sku, t.to_node, 'own', 'Transfer', 'transfer', t.id, t.number, coalesce(t.expected_on, t.wanted_by), coalesce(t.expected_on, t.wanted_by), l.shipped - l.received - l.missing, null
from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id where l.shipped > l.received + l.missing
union all
select l.company_id, l.sku, t.to_node, 'own', 'Transfer', 'transfer', t.id, t.number, t.wanted_by, t.wanted_by, r.open, null
from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id and t.status in ('Approved', 'InTransit')
cross join lateral (select sum(r.open)::bigint as open from stock.reservation r where r.document_id = l.transfer_id and r.line = l.line and r.open > 0) r
where l.quantity > l.shipped and r.open > 0;
create view stock.pub_coming as select company_id, sku, node, owner, kind, record, id, number, expected_on, day, quantity, confidence from stock.coming;

-- The channel that a promise is for, where it is for one: what a channel may take is limited by its rings.
alter table stock.reservation add column channel text collate "C";
alter table stock.reservation_step drop constraint reservation_step_kind_check;
alter table stock.reservation_step add constraint reservation_step_kind_check check (kind in ('Consumed', 'Released', 'Displaced', 'Moved', 'Expired', 'TakenOver'));

-- Demand that is not promised: short when it was asked for, or to be asked for later.
create table stock.waiting (
  document_id uuid not null,
  line integer not null,
  company_id uuid not null,
  kind text not null check (kind in ('Order', 'Transfer', 'Production', 'Sample', 'Store', 'Safety')),
  document_number text not null,
  channel text collate "C",
  sku text collate "C" not null,
  -- The nodes that may serve it, the preferred one first; `node` is that one.
  nodes jsonb not null,
  node text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  rank integer not null,
  promised_by date,
  since timestamptz not null,
  -- Not asked for yet: its goods are set aside shortly before its day.
  planned boolean not null,
  -- When what is to come serves it, the stronger claims first, and the first such day that was told.
  expected_on date,
  told_on date,
  -- What held goods back from it that were there: a ring of its channel.
  kept text,
  operation uuid not null,
  primary key (document_id, line)
) with (fillfactor = 80);
create index waiting_sku on stock.waiting (company_id, sku);
create view stock.pub_waiting as
  select document_id, line, company_id, kind, document_number, channel, sku, node, quantity, rank, promised_by, since, planned, expected_on from stock.waiting;

-- What is kept from whom: safety stock, and rings around what a channel may take.
create table stock.ring (
  id uuid primary key,
  company_id uuid not null,
  kind text not null check (kind in ('Safety', 'Dedicated', 'Kept', 'Most', 'Last', 'Share')),
  channel text collate "C" not null,
  node text collate "C" not null,
  sku text collate "C" not null,
  quantity bigint not null check (quantity >= 0),
  percent integer not null check (percent between 0 and 100),
  reason text,
  changed_at timestamptz not null,
  changed_by text not null,
  operation uuid not null,
  unique (company_id, kind, channel, node, sku),
  check ((kind = 'Safety') = (channel = ''))
);

create or replace view stock.pub_reservation as
  select document_id, line, part, company_id, kind, document_number, sku, node, owner, taken, open, promised_by, taken_at, channel from stock.reservation;

-- Who waited before this was kept: transfers here; orders are told by the module that knows them, through these two, which it drops.
insert into stock.waiting (document_id, line, company_id, kind, document_number, sku, nodes, node, quantity, rank, promised_by, since, planned, operation)
select t.id, l.line, l.company_id, 'Transfer', t.number, l.sku, jsonb_build_array(t.from_node), t.from_node, l.quantity - l.shipped - coalesce(r.open, 0), 700, t.wanted_by, t.requested_at, false, t.operation
from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id and t.status in ('Approved', 'InTransit')
left join lateral (select sum(r.open)::bigint as open from stock.reservation r where r.document_id = l.transfer_id and r.line = l.line and r.open > 0) r on true
where l.quantity - l.shipped > coalesce(r.open, 0);

create function stock.remember_waiting(uuid, integer, uuid, text, text, text, jsonb, bigint, integer, date, timestamptz, uuid) returns void language sql as
  'insert into stock.waiting (document_id, line, company_id, kind, document_number, channel, sku, nodes, node, quantity, rank, promised_by, since, planned, operation)
   select $1, $2, $3, ''Order'', $4, $5, $6, $7, $7->>0, $8 - p.open, $9, $10, $11, false, $12
   from (select coalesce(sum(r.open), 0)::bigint as open from stock.reservation r where r.document_id = $1 and r.line = $2 and r.open > 0) p where $8 > p.open';
create function stock.remember_channel(uuid, text) returns void language sql as 'update stock.reservation set channel = $2 where document_id = $1 and open > 0';
