-- Stock at any instant. Moves know the transaction that wrote them, so that what a checkpoint has not seen yet is exactly known. What is
-- there already counts as seen by nobody: the first run takes it all.
alter table stock.move add column xact bigint not null default 0;
alter table stock.move alter column xact set default pg_current_xact_id()::text::bigint;
-- Moves are written in the order of time, or nearly: a block range index finds those of a span, and the few that were told late, at next to no cost for writers.
create index move_times on stock.move using brin (happened_at, recorded_at, xact) with (pages_per_range = 32, autosummarize = on);
create index reservation_step_times on stock.reservation_step using brin (happened_at, recorded_at) with (pages_per_range = 32, autosummarize = on);
-- How long goods lie where they lie: what came into places. Goods that leave for a customer are not in it.
create index move_arrival on stock.move (company_id, sku, to_node, happened_at) include (quantity, from_node, to_location, owner) where to_node <> '';

-- The ends of a move that count: what each adds to its node, and to the value of the pool. `other` is the kind of place at the other end.
create view stock.leg as
select m.id, m.company_id, m.sku, m.from_node as node, m.owner, m.from_location as location, m.reason, m.day, m.happened_at, m.recorded_at, m.xact, o.kind as other,
  case when k.counted then -m.quantity else 0 end as on_hand, case when k.promisable then -m.quantity else 0 end as sellable,
  case when k.valued then coalesce(m.value, 0) else 0 end as value, m.currency
from stock.move m
join stock.location l on l.company_id = m.company_id and l.code = m.from_location
join stock.place_kind k on k.kind = l.kind and (k.counted or (k.valued and m.value is not null))
left join stock.location o on o.company_id = m.company_id and o.code = m.to_location
union all
select m.id, m.company_id, m.sku, m.to_node, m.owner, m.to_location, m.reason, m.day, m.happened_at, m.recorded_at, m.xact, o.kind,
  case when k.counted then m.quantity else 0 end, case when k.promisable then m.quantity else 0 end,
  case when k.valued then coalesce(m.value, 0) else 0 end, m.currency
from stock.move m
join stock.location l on l.company_id = m.company_id and l.code = m.to_location
join stock.place_kind k on k.kind = l.kind and (k.counted or (k.valued and m.value is not null))
left join stock.location o on o.company_id = m.company_id and o.code = m.from_location;

-- What was there at an instant, of all that happened before it: for every SKU where a week begins, for busy ones where a day begins.
create table stock.checkpoint_taken (
  company_id uuid not null,
  at timestamptz not null,
  -- Whether every SKU has its rows.
  whole boolean not null,
  primary key (company_id, at)
);
create table stock.checkpoint (
  company_id uuid not null,
  sku text collate "C" not null,
  at timestamptz not null,
  node text collate "C" not null,
  owner text collate "C" not null,
  on_hand bigint not null,
  sellable bigint not null,
  value bigint not null,
  primary key (company_id, sku, at, node, owner)
);
create index checkpoint_at on stock.checkpoint (company_id, at);
-- Checkpoints hold what transactions before this one wrote; later ones are added by whoever reads.
create table stock.roll_up (one boolean primary key default true check (one), through bigint not null);
insert into stock.roll_up (through) values (0);

-- Asked as `(select …)`, so that each is found once per statement and not once per row.
create function stock.rolled_up() returns bigint language sql stable as 'select through from stock.roll_up';
create function stock.checkpoint_before(company uuid, instant timestamptz) returns timestamptz language sql stable as
  'select coalesce(max(at), ''-infinity'') from stock.checkpoint_taken where company_id = company and whole and at <= instant';
create function stock.checkpoint_before(company uuid, product text, instant timestamptz) returns timestamptz language sql stable as
  'select coalesce(max(at), ''-infinity'') from stock.checkpoint where company_id = company and sku = product and at <= instant';
