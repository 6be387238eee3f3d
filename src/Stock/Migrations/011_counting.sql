-- What a difference may be without a second look, and what the books call the reason (the last word of the role stock-adjusted.damaged).
alter table stock.reason
  add column posts_as text,
  add column most_units bigint check (most_units >= 0),
  add column most_percent numeric(9, 4) check (most_percent >= 0),
  add column most_value numeric(18, 4) check (most_value >= 0),
  add column needs_yes boolean not null default false,
  add column closed_at timestamptz,
  add column version integer not null default 1;
update stock.reason set most_percent = 2 where code = 'count';

-- Who said yes to an adjustment, where somebody had to.
alter table stock.document add column approved_by text;
create or replace view stock.pub_document as
  select id, company_id, kind, number, node, partner, reference, reason, lines, value, currency, happened_at, day, approved_by from stock.document;

-- What somebody counted fewer of than the book said stands here until it is decided: on hand, worth what it cost, and nobody's to sell.
insert into stock.place_kind (kind, counted, promisable, pickable, valued) values ('Doubt', true, false, false, true);
insert into stock.location (company_id, code, node, parent, kind, name, pick_order, tier, barcode)
select l.company_id, l.node || '/DOUBT', l.node, null, 'Doubt', replace(l.name, ', stock', '') || ', in doubt', l.pick_order + 100, 'Zone', l.node || '/DOUBT'
from stock.location l where l.code = l.node || '/STOCK' and not exists (select from stock.location d where d.company_id = l.company_id and d.code = l.node || '/DOUBT');

-- What a SKU's movement is worth at a site, and the class that follows from the shares of the policy. Computed anew each day.
create table stock.sku_class (
  company_id uuid not null,
  node text collate "C" not null,
  sku text collate "C" not null,
  class text not null check (class in ('A', 'B', 'C')),
  moved_value bigint not null,
  moved_units bigint not null,
  moves bigint not null,
  rank bigint not null,
  computed_at timestamptz not null,
  primary key (company_id, node, sku)
);

-- One place, or one SKU in it, that somebody is to count.
create table stock.count_task (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  node text collate "C" not null,
  location text collate "C" not null,
  -- Only this SKU; none is everything in the place.
  sku text collate "C",
  status text not null check (status in ('Due', 'Counting', 'Recount', 'ToApprove', 'Done', 'Cancelled')),
  -- The plan that made it; none where a person asked for it.
  plan text,
  why text not null,
  made_on date not null,
  due_on date not null,
  rank integer not null,
  created_at timestamptz not null,
  counter uuid,
  counter_name text,
  counted_at timestamptz,
  recounter uuid,
  recounter_name text,
  recounted_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  outcome text,
  version integer not null,
  operation uuid not null,
  unique (company_id, number),
  foreign key (company_id, location) references stock.location (company_id, code)
);
-- A place is counted by one task at a time, and so is a SKU in it.
create unique index count_task_open on stock.count_task (company_id, location, coalesce(sku, '')) where status in ('Due', 'Counting', 'Recount', 'ToApprove');
create index count_task_list on stock.count_task (company_id, due_on, id);
create index count_task_made on stock.count_task (company_id, node, made_on) where plan is not null;

-- What was found of a SKU, held against what the book said at that moment. Nothing in `lot` is goods without one.
create table stock.count_line (
  task_id uuid not null references stock.count_task (id),
  line integer not null,
  company_id uuid not null,
  node text collate "C" not null,
  location text collate "C" not null,
  sku text collate "C" not null,
  lot text collate "C" not null,
  counted bigint check (counted >= 0),
  seen_at timestamptz,
  book bigint,
  recounted bigint check (recounted >= 0),
  reseen_at timestamptz,
  rebook bigint,
  -- What is missing and stands in doubt.
  in_doubt bigint not null default 0 check (in_doubt >= 0),
  -- What it came to: signed, in goods and in money; none while it is open.
  difference bigint,
  value bigint,
  currency char(3) not null,
  decided_at timestamptz,
  primary key (task_id, line),
  unique (task_id, sku, lot),
  check ((difference is null) = (decided_at is null)),
  check (difference is null or in_doubt = 0)
);
create index count_line_doubt on stock.count_line (company_id, node, sku) where in_doubt > 0;
create index count_line_decided on stock.count_line (company_id, decided_at) where decided_at is not null;

-- When somebody last looked at a SKU in a place.
create table stock.last_count (
  company_id uuid not null,
  location text collate "C" not null,
  sku text collate "C" not null,
  at timestamptz not null,
  primary key (company_id, location, sku)
);

create view stock.pub_count_task as
  select t.id, t.company_id, t.number, t.node, t.location, t.sku, t.status, t.due_on, t.why, t.created_at from stock.count_task t;
-- Which products an open count asks for, without what anybody found.
create view stock.pub_count_product as
  select l.task_id, l.company_id, l.sku from stock.count_line l where l.decided_at is null;
