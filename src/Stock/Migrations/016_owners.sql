-- Whose goods lie with us that are not ours: a supplier's that become ours when they are used, or a client's that we keep. `code` is how levels and positions name them.
create table stock.owner (
  id uuid primary key,
  company_id uuid not null,
  partner uuid not null,
  code text collate "C" not null check (code <> 'own'),
  kind text not null check (kind in ('Consignor', 'Client')),
  -- Whether orders are promised what belongs to them: never, or where our own goods do not suffice, or before our own.
  promised text not null check (promised in ('Never', 'AfterOwn', 'BeforeOwn')),
  note text,
  agreed_at timestamptz not null,
  agreed_by text not null,
  version integer not null,
  operation uuid not null,
  unique (company_id, partner),
  unique (company_id, code),
  check (kind = 'Consignor' or promised = 'Never')
);

-- What one unit costs us when it becomes ours, from a day on.
create table stock.agreed_cost (
  company_id uuid not null,
  owner text collate "C" not null,
  sku text collate "C" not null,
  from_on date not null,
  unit_cost bigint not null check (unit_cost >= 0),
  currency char(3) not null,
  agreed_at timestamptz not null,
  agreed_by text not null,
  operation uuid not null,
  primary key (company_id, owner, sku, from_on)
);

-- Goods of somebody else became ours, by this move and at this cost: sold at once, or taken over. Never changed.
create table stock.owner_use (
  move_id uuid primary key,
  company_id uuid not null,
  owner text collate "C" not null,
  sku text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  unit_cost bigint not null check (unit_cost >= 0),
  value bigint not null check (value >= 0),
  currency char(3) not null,
  how text not null check (how in ('Sold', 'TakenOver')),
  -- What they were needed for, where they were sold.
  needed_kind text,
  needed_id uuid,
  needed_number text,
  document_id uuid not null,
  day date not null,
  recorded_at timestamptz not null,
  operation uuid not null
);
create index owner_use_document on stock.owner_use (document_id);
create index owner_use_owner on stock.owner_use (company_id, owner, day);
create trigger owner_use_append_only before update or delete on stock.owner_use for each statement execute function kernel.refuse_change();
-- What of others' goods came, left and was corrected, by owner: the few moves that are not our own.
create index move_owner on stock.move (company_id, owner, day) where owner <> 'own';

-- What is told an owner of a period. It names the moves that it tells of, so that none is told twice and what is told late stands on the next one.
create table stock.owner_statement (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  owner text collate "C" not null,
  from_on date not null,
  until_on date not null,
  owed bigint not null,
  currency char(3) not null,
  made_at timestamptz not null,
  made_by text not null,
  operation uuid not null,
  unique (company_id, number),
  check (from_on <= until_on)
);
create index owner_statement_list on stock.owner_statement (company_id, owner, until_on);
create table stock.owner_statement_line (
  statement_id uuid not null references stock.owner_statement (id),
  company_id uuid not null,
  sku text collate "C" not null,
  opening bigint not null,
  came bigint not null,
  used bigint not null,
  given_back bigint not null,
  corrected bigint not null,
  owed bigint not null,
  currency char(3) not null,
  primary key (statement_id, sku)
);
create table stock.owner_statement_move (
  move_id uuid primary key,
  company_id uuid not null,
  statement_id uuid not null references stock.owner_statement (id)
);
create index owner_statement_move_statement on stock.owner_statement_move (statement_id);

-- Our own goods at a customer's: on hand and valued, and promised to nobody else.
insert into stock.place_kind (kind, counted, promisable, pickable, valued) values ('AtCustomer', true, false, false, true);
create table stock.customer_place (
  company_id uuid not null,
  location text collate "C" not null,
  partner uuid not null,
  node text collate "C" not null,
  opened_at timestamptz not null,
  operation uuid not null,
  primary key (company_id, location),
  unique (company_id, partner, node),
  foreign key (company_id, location) references stock.location (company_id, code)
);
