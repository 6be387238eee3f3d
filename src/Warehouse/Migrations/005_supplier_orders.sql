-- Suppliers that send to our customers directly: which site stands for them, where they are written to, and how long they may be silent.
create table warehouse.supplier_terms (
  company_id uuid not null,
  node text collate "C" not null,
  supplier_id uuid not null,
  -- As whose goods what they state stands in the stock book.
  owner text collate "C" not null,
  email text,
  patience_hours integer not null check (patience_hours between 1 and 720),
  changed_at timestamptz not null,
  changed_by text not null,
  operation uuid not null,
  primary key (company_id, node),
  unique (company_id, owner)
);

-- What a supplier was asked to send to a customer directly. The order's row is its lock.
create table warehouse.supplier_order (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  order_id uuid not null,
  order_number text not null,
  node text collate "C" not null,
  supplier_id uuid not null,
  supplier_name text not null,
  customer_id uuid not null,
  customer_name text not null,
  ship_to jsonb,
  status text not null check (status in ('Asked', 'Confirmed', 'CancelAsked', 'Dispatched', 'Refused', 'Cancelled')),
  ship_by date not null,
  expected_on date,
  reference text,
  units bigint not null check (units > 0),
  cost bigint not null,
  currency char(3) not null,
  asked_at timestamptz not null,
  confirmed_at timestamptz,
  cancel_asked_at timestamptz,
  cancel_reason text,
  ends_order boolean not null,
  ended_at timestamptz,
  version integer not null,
  operation uuid not null,
  unique (company_id, number),
  check ((status in ('Dispatched', 'Refused', 'Cancelled')) = (ended_at is not null)),
  check (status <> 'CancelAsked' or cancel_asked_at is not null)
) with (fillfactor = 85);
create index supplier_order_order on warehouse.supplier_order (order_id);
create index supplier_order_list on warehouse.supplier_order (company_id, id);
create index supplier_order_open on warehouse.supplier_order (company_id, node) where status in ('Asked', 'Confirmed', 'CancelAsked');

create table warehouse.supplier_order_line (
  supplier_order_id uuid not null references warehouse.supplier_order (id),
  line integer not null,
  company_id uuid not null,
  order_line integer not null,
  sku text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  dispatched bigint not null check (dispatched >= 0),
  refused bigint not null check (refused >= 0),
  unit_cost bigint not null,
  currency char(3) not null,
  primary key (supplier_order_id, line),
  check (dispatched + refused <= quantity)
) with (fillfactor = 85);

create view warehouse.pub_supplier_order as
  select id, company_id, number, order_id, order_number, node, supplier_id, status, expected_on, asked_at, ended_at from warehouse.supplier_order;
