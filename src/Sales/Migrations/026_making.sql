-- What is made because an order wants it: the goods that are to come for one line of it.
create table sales.making (
  supply_id uuid primary key,
  company_id uuid not null,
  supply_number text collate "C" not null,
  order_id uuid not null references sales.orders (id),
  order_line integer not null,
  sku text collate "C" not null,
  node text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  asked_at timestamptz not null,
  operation uuid not null
);
create index making_order on sales.making (order_id, order_line);
create index making_list on sales.making (company_id, asked_at, supply_id);
