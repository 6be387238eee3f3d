-- Where goods belong that came in: of one SKU, of a category, or all. The nearest rules come first, and among them the one whose turn is earlier.
create table stock.putaway_rule (
  id uuid primary key,
  company_id uuid not null,
  node text collate "C" not null,
  sku text collate "C" not null,
  category text not null,
  condition text collate "C" not null references stock.condition_kind (condition),
  turn integer not null check (turn between 1 and 99),
  -- Any place of the site: the goods go into a bin of it or under it.
  place text collate "C" not null,
  choice text not null check (choice in ('Closest', 'Emptiest', 'WhereItLies')),
  -- Only where nothing else has room.
  overflow boolean not null,
  changed_at timestamptz not null,
  changed_by text not null,
  operation uuid not null,
  check (sku = '' or category = ''),
  unique (company_id, node, sku, category, condition, place),
  foreign key (company_id, place) references stock.location (company_id, code)
);

-- How many of a SKU a place or a site is to hold, and where more of them come from: another place of the site, or another site.
create table stock.overflow_rule (
  id uuid primary key,
  company_id uuid not null,
  sku text collate "C" not null,
  node text collate "C" not null,
  -- Empty is the whole site.
  place text collate "C" not null,
  least bigint not null check (least >= 0),
  most bigint not null,
  from_node text collate "C" not null,
  -- Empty is the whole site that they come from.
  from_place text collate "C" not null,
  gives_back boolean not null,
  changed_at timestamptz not null,
  changed_by text not null,
  operation uuid not null,
  check (most >= least and most > 0),
  -- Within a site goods move between places; between sites they travel on a transfer.
  check ((place = '') = (from_place = '') and (place = '') = (node <> from_node) and (place = '' or place <> from_place)),
  unique (company_id, sku, node, place)
);
-- Says which transfers bring a SKU already.
create index transfer_line_open on stock.transfer_line (company_id, sku) where quantity > received + missing;

-- A promise of one lot, where whoever asked for it named it; no other units keep it.
alter table stock.reservation add column lot text collate "C" not null default '';
create index reservation_of_lot on stock.reservation (company_id, sku, node, lot) where open > 0 and lot <> '';
alter table stock.transfer_line add column lot text collate "C" not null default '';
alter table stock.waiting add column lot text collate "C" not null default '';
