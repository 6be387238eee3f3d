-- Goods that were made together, or one unit with a number of its own.
create table stock.lot (
  id uuid primary key,
  company_id uuid not null,
  sku text collate "C" not null,
  code text collate "C" not null check (code ~ '^[!-~]([ -~]*[!-~])?$' and length(code) <= 40),
  serial boolean not null,
  made_on date,
  expires_on date,
  -- The last day on which it is sold.
  sell_until date,
  supplier uuid,
  supplier_lot text,
  note text,
  first_at timestamptz not null,
  version integer not null,
  operation uuid not null,
  -- How many of a serial number are on hand: one at most, wherever that is. Lots are not counted here.
  held bigint not null default 0,
  unique (company_id, sku, code),
  check (made_on <= expires_on),
  check (sell_until <= expires_on),
  constraint lot_serial_is_there_once check (case when serial then held in (0, 1000) else held = 0 end)
);
create index lot_list on stock.lot (company_id, expires_on, id);
-- Says which lots went over their last day of sale.
create index lot_sell_until on stock.lot (company_id, sell_until) where sell_until is not null;

-- Where units of lots came from and where they went: the ends of the chain inside this company.
create table stock.lot_trail (
  move_id uuid primary key,
  company_id uuid not null,
  sku text collate "C" not null,
  lot text collate "C" not null,
  step text not null check (step in ('Received', 'Issued', 'Returned')),
  quantity bigint not null check (quantity > 0),
  partner uuid,
  node text collate "C" not null,
  document_kind text not null,
  document_id uuid not null,
  document_number text not null,
  line integer not null,
  order_id uuid,
  order_number text,
  happened_at timestamptz not null
);
create index lot_trail_lot on stock.lot_trail (company_id, sku, lot, happened_at, move_id);
-- Finds the lots that an order got, for what comes back of it.
create index lot_trail_order on stock.lot_trail (order_id, sku) where order_id is not null;
create trigger lot_trail_append_only before update or delete on stock.lot_trail for each statement execute function kernel.refuse_change();

-- Since when something lies in a place (kept when goods are moved inside the house), and the last day on which it is sold.
alter table stock.level add column arrived_at timestamptz, add column sell_until date;
update stock.level v set arrived_at = coalesce(
  (select max(m.happened_at) from stock.move m where m.company_id = v.company_id and m.sku = v.sku and m.to_location = v.location), now());
alter table stock.level alter column arrived_at set not null;
create index level_lot on stock.level (company_id, sku, lot) where lot <> '';
create index move_lot on stock.move (company_id, sku, lot, happened_at, id) where lot <> '';

-- A lot of a SKU can be frozen at a site; what went over its last day of sale is frozen by the calendar.
alter table stock.freeze add column lot text collate "C", add column expired boolean not null default false,
  add constraint freeze_lot_at_a_site check (lot is null or (sku is not null and location is null));
drop index stock.freeze_open;
create unique index freeze_open on stock.freeze (company_id, node, coalesce(location, ''), coalesce(sku, ''), coalesce(lot, '')) where thawed_at is null;

create or replace view stock.frozen as
  with recursive shut (company_id, node, sku, location) as (
    select company_id, node, sku, location from stock.freeze where thawed_at is null and location is not null
    union
    select s.company_id, s.node, s.sku, l.code from shut s join stock.location l on l.company_id = s.company_id and l.parent = s.location and l.node = s.node)
  select company_id, node, sku, location, null::text collate "C" as lot from shut
  union
  select company_id, node, sku, null, lot from stock.freeze where thawed_at is null and location is null;

create view stock.pub_lot as select id, company_id, sku, code, serial, made_on, expires_on, sell_until, supplier, supplier_lot from stock.lot;
