-- What is agreed with a customer for a time: so much of these goods at these prices, called off in parts, each on its day.
create table sales.blanket_order (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  channel text collate "C" not null,
  customer_id uuid not null,
  ship_to jsonb,
  from_day date not null,
  until_day date not null check (until_day >= from_day),
  -- So many days before its day a call-off becomes an order.
  days_ahead integer not null check (days_ahead between 0 and 90),
  status text not null check (status in ('Open', 'Ended')),
  why text,
  purchase_order text,
  currency char(3) not null,
  owner text not null,
  created_at timestamptz not null,
  version integer not null,
  operation uuid not null,
  unique (company_id, number)
) with (fillfactor = 85);
create index blanket_order_customer on sales.blanket_order (customer_id);
create index blanket_order_list on sales.blanket_order (company_id, until_day, id);

create table sales.blanket_line (
  blanket_id uuid not null references sales.blanket_order (id),
  line integer not null,
  company_id uuid not null,
  sku text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  price bigint not null check (price >= 0),
  currency char(3) not null,
  primary key (blanket_id, line),
  unique (blanket_id, sku)
);

create table sales.call_off (
  blanket_id uuid not null references sales.blanket_order (id),
  no integer not null check (no > 0),
  company_id uuid not null,
  due_on date not null,
  -- From this day on it becomes an order.
  order_on date not null check (order_on <= due_on),
  status text not null check (status in ('Planned', 'Ordered', 'Refused', 'Dropped')),
  order_id uuid references sales.orders (id),
  order_number text,
  why text,
  at timestamptz not null,
  by text not null,
  operation uuid not null,
  primary key (blanket_id, no),
  check ((status = 'Ordered') = (order_id is not null))
);
create index call_off_due on sales.call_off (company_id, order_on) where status = 'Planned';
create unique index call_off_order on sales.call_off (order_id);

create table sales.call_off_line (
  blanket_id uuid not null,
  no integer not null,
  sku text collate "C" not null,
  company_id uuid not null,
  quantity bigint not null check (quantity > 0),
  primary key (blanket_id, no, sku),
  foreign key (blanket_id, no) references sales.call_off (blanket_id, no),
  foreign key (blanket_id, sku) references sales.blanket_line (blanket_id, sku) deferrable initially deferred
);
