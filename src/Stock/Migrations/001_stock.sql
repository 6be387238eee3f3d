-- What each kind of place means: is the stock there on hand, may it be promised, may it be picked, is it valued.
create table stock.place_kind (
  kind text primary key,
  counted boolean not null,
  promisable boolean not null,
  pickable boolean not null,
  valued boolean not null,
  check (counted or not (promisable or pickable))
);
insert into stock.place_kind (kind, counted, promisable, pickable, valued) values
  ('Storage', true, true, true, true),
  ('PickFace', true, true, true, true),
  ('Receiving', true, true, false, true),
  ('Packing', true, false, false, true),
  ('Staging', true, false, false, true),
  ('Quality', true, false, false, true),
  ('Quarantine', true, false, false, true),
  ('Damaged', true, false, false, true),
  ('Returns', true, false, false, true),
  ('Transit', false, false, false, true),
  ('Supplier', false, false, false, false),
  ('Customer', false, false, false, false),
  ('Production', false, false, false, false),
  ('Loss', false, false, false, false),
  ('Scrap', false, false, false, false);

create table stock.location (
  company_id uuid not null,
  code text collate "C" not null check (code <> ''),
  -- The node that the place is in; empty for the places outside every node (supplier, customer, loss …).
  node text collate "C" not null,
  parent text collate "C",
  kind text not null references stock.place_kind (kind),
  name text not null,
  pick_order integer not null,
  primary key (company_id, code),
  foreign key (company_id, parent) references stock.location (company_id, code)
);

create table stock.reason (
  company_id uuid not null,
  code text collate "C" not null check (code <> ''),
  name text not null,
  primary key (company_id, code)
);

-- What one node holds of one SKU for one owner, and how much of it is promised. Orders reserve here.
create table stock.position (
  company_id uuid not null,
  sku text collate "C" not null,
  node text collate "C" not null,
  owner text collate "C" not null,
  on_hand bigint not null,
  sellable bigint not null,
  reserved bigint not null,
  primary key (company_id, sku, node, owner),
  constraint position_holds_what_it_promises check (0 <= reserved and reserved <= sellable and sellable <= on_hand)
) with (fillfactor = 60);

-- What one place holds. The floor allocates here.
create table stock.level (
  company_id uuid not null,
  node text collate "C" not null,
  sku text collate "C" not null,
  location text collate "C" not null,
  lot text collate "C" not null,
  package text collate "C" not null,
  owner text collate "C" not null,
  on_hand bigint not null,
  allocated bigint not null,
  primary key (company_id, node, sku, location, lot, package, owner),
  constraint level_holds_what_it_allocates check (0 <= allocated and allocated <= on_hand)
) with (fillfactor = 60);
create index level_location on stock.level (company_id, location) where on_hand > 0;

-- One promise of goods to a demand: what was taken never changes; what is left of it is open; each reduction is a step.
create table stock.reservation (
  document_id uuid not null,
  line integer not null,
  part integer not null,
  company_id uuid not null,
  kind text not null check (kind in ('Order', 'Cart', 'Transfer', 'Production', 'Sample', 'Store', 'Safety')),
  document_number text not null,
  sku text collate "C" not null,
  node text collate "C" not null,
  owner text collate "C" not null,
  taken bigint not null check (taken > 0),
  open bigint not null,
  -- The weaker promise gives way first: higher rank, later promise, later taken.
  rank integer not null,
  promised_by date,
  expires_at timestamptz,
  taken_at timestamptz not null,
  operation uuid not null,
  primary key (document_id, line, part),
  constraint reservation_open_within_taken check (0 <= open and open <= taken)
) with (fillfactor = 80);
create index reservation_open on stock.reservation (company_id, sku, node, owner) where open > 0;
create index reservation_expiring on stock.reservation (expires_at) where open > 0 and expires_at is not null;

create table stock.reservation_step (
  id uuid primary key,
  company_id uuid not null,
  document_id uuid not null,
  line integer not null,
  part integer not null,
  kind text not null check (kind in ('Consumed', 'Released', 'Displaced', 'Moved', 'Expired')),
  quantity bigint not null check (quantity > 0),
  reason text not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  operation uuid not null
);
create index reservation_step_document on stock.reservation_step (document_id);

-- Set aside in a bin for a released task.
create table stock.allocation (
  document_id uuid not null,
  line integer not null,
  part integer not null,
  company_id uuid not null,
  node text collate "C" not null,
  sku text collate "C" not null,
  location text collate "C" not null,
  lot text collate "C" not null,
  package text collate "C" not null,
  owner text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  open bigint not null check (0 <= open and open <= quantity),
  operation uuid not null,
  primary key (document_id, line, part)
);
create index allocation_open on stock.allocation (company_id, node, sku, location) where open > 0;

-- Goods from one place to another. Never changed; a correction is a new move that names the old one.
create table stock.move (
  id uuid primary key,
  company_id uuid not null,
  sku text collate "C" not null,
  lot text collate "C" not null,
  package text collate "C" not null,
  owner text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  from_node text collate "C" not null,
  from_location text collate "C" not null,
  to_node text collate "C" not null,
  to_location text collate "C" not null,
  document_kind text not null,
  document_id uuid not null,
  document_number text not null,
  line integer not null,
  reason text not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  day date not null,
  -- What the move added to (or, negative, took from) the value of the cost pool; null where it stays inside.
  value bigint,
  currency char(3) not null,
  corrects uuid,
  operation uuid not null,
  check (from_location <> to_location)
);
create index move_card on stock.move (company_id, sku, happened_at, id);
create index move_document on stock.move (document_id);

create table stock.document (
  id uuid primary key,
  company_id uuid not null,
  kind text not null check (kind in ('Receipt', 'Adjustment', 'Return', 'Transfer')),
  number text collate "C" not null,
  node text collate "C" not null,
  partner uuid,
  reference text,
  reason text not null,
  lines integer not null,
  value bigint not null,
  currency char(3) not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  day date not null,
  operation uuid not null,
  unique (company_id, number)
);
create index document_list on stock.document (company_id, kind, id);
-- A supplier's delivery note is received once.
create unique index document_reference on stock.document (company_id, kind, reference) where reference is not null;

-- Quantity and value of what the company owns of a SKU; unit cost is derived.
create table stock.cost_pool (
  company_id uuid not null,
  sku text collate "C" not null,
  quantity bigint not null check (quantity >= 0),
  value bigint not null,
  currency char(3) not null,
  primary key (company_id, sku),
  constraint cost_pool_empty_is_worth_nothing check (value >= 0 and (quantity > 0 or value = 0))
) with (fillfactor = 60);

create trigger move_append_only before update or delete on stock.move for each statement execute function kernel.refuse_change();
create trigger reservation_step_append_only before update or delete on stock.reservation_step for each statement execute function kernel.refuse_change();

create view stock.pub_cost_pool as select company_id, sku, quantity, value, currency from stock.cost_pool;
create view stock.pub_position as select company_id, sku, node, owner, on_hand, sellable, reserved, sellable - reserved as available from stock.position;
create view stock.pub_reservation as select document_id, line, part, company_id, kind, document_number, sku, node, owner, taken, open, promised_by, taken_at from stock.reservation;
create view stock.pub_move as select id, company_id, sku, quantity, from_node, from_location, to_node, to_location, document_kind, document_id, document_number, line, happened_at, recorded_at, day, value, currency from stock.move;
create view stock.pub_document as select id, company_id, kind, number, node, partner, reference, reason, lines, value, currency, happened_at, day from stock.document;
