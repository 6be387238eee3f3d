-- Orders that come again by themselves: what, for whom, how often, and the next day.
create table sales.subscription (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  channel text collate "C" not null,
  customer_id uuid not null,
  ship_to jsonb,
  every integer not null check (every between 1 and 52),
  period text not null check (period in ('Weeks', 'Months')),
  -- The day of the month that it began on: the 31st is the last day of shorter months.
  anchor integer not null check (anchor between 1 and 31),
  next_on date not null,
  ends_on date,
  status text not null check (status in ('Active', 'Paused', 'Stopped', 'Ended')),
  why text,
  purchase_order text,
  orders integer not null check (orders >= 0),
  owner text not null,
  created_at timestamptz not null,
  version integer not null,
  operation uuid not null,
  unique (company_id, number)
) with (fillfactor = 85);
create index subscription_due on sales.subscription (company_id, next_on) where status = 'Active';
create index subscription_customer on sales.subscription (customer_id);
create index subscription_list on sales.subscription (company_id, id);

create table sales.subscription_line (
  subscription_id uuid not null references sales.subscription (id),
  line integer not null,
  company_id uuid not null,
  sku text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  -- The agreed price; without one the customer's list of the day holds.
  price bigint,
  currency char(3) not null,
  primary key (subscription_id, line)
);

-- What became of each day: made once, skipped, or refused with a reason. Never changed.
create table sales.subscription_run (
  subscription_id uuid not null references sales.subscription (id),
  due_on date not null,
  attempt integer not null check (attempt > 0),
  company_id uuid not null,
  outcome text not null check (outcome in ('Ordered', 'Skipped', 'Refused')),
  order_id uuid references sales.orders (id),
  order_number text,
  why text,
  at timestamptz not null,
  by text not null,
  operation uuid not null,
  primary key (subscription_id, due_on, attempt),
  check ((outcome = 'Ordered') = (order_id is not null))
);
-- Of each day one order at most.
create unique index subscription_run_once on sales.subscription_run (subscription_id, due_on) where outcome <> 'Refused';
create trigger subscription_run_append_only before update or delete on sales.subscription_run for each statement execute function kernel.refuse_change();
