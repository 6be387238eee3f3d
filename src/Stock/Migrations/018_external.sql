-- What those who run a site under their own authority told us lies there. The row of the site is the lock of what is open between its book and ours.
create table stock.external_site (
  company_id uuid not null,
  node text collate "C" not null,
  snapshot_id uuid,
  as_of timestamptz,
  primary key (company_id, node)
);

create table stock.external_snapshot (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  node text collate "C" not null,
  as_of timestamptz not null,
  -- Whether it names everything there: what it does not name is not there.
  whole boolean not null,
  reference text,
  lines integer not null,
  differing integer not null,
  told_at timestamptz not null,
  told_by text not null,
  operation uuid not null,
  unique (company_id, number)
);
create index external_snapshot_list on stock.external_snapshot (company_id, node, as_of);

-- What was told of a SKU in a condition, what our book said of that instant, and what became of the difference.
create table stock.external_line (
  snapshot_id uuid not null references stock.external_snapshot (id),
  company_id uuid not null,
  node text collate "C" not null,
  sku text collate "C" not null,
  condition text collate "C" not null references stock.condition_kind (condition),
  told bigint not null check (told >= 0),
  book bigint not null,
  state text not null check (state in ('Agrees', 'Open', 'Accepted', 'Dismissed', 'Overtaken')),
  decided_at timestamptz,
  decided_by text,
  document_id uuid,
  primary key (snapshot_id, sku, condition),
  check ((state in ('Agrees', 'Open')) = (decided_at is null)),
  check ((state = 'Agrees') = (told = book))
);
create index external_line_open on stock.external_line (company_id, node, sku) where state = 'Open';

-- What is missing there stands in doubt until somebody decides: of which place and lot it was.
create table stock.external_doubt (
  snapshot_id uuid not null references stock.external_snapshot (id),
  company_id uuid not null,
  node text collate "C" not null,
  sku text collate "C" not null,
  location text collate "C" not null,
  lot text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  primary key (snapshot_id, sku, location, lot)
);
