-- Which customers were told that a promised day has passed.
create table sales.told_delay (
  company_id uuid not null,
  order_id uuid not null references sales.orders (id),
  ship_by date not null,
  at timestamptz not null,
  primary key (order_id, ship_by)
);
