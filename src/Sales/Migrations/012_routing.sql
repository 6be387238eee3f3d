-- How long a parcel takes from a site to where it goes, and what it costs: for a country, or the part of it whose postcodes begin so. The nearest one counts.
create table sales.lane (
  company_id uuid not null,
  node text collate "C" not null,
  country char(2) not null,
  postcode text collate "C" not null,
  days integer not null check (days between 0 and 365),
  parcel bigint not null check (parcel >= 0),
  kilogram bigint not null check (kilogram >= 0),
  currency char(3) not null,
  changed_at timestamptz not null,
  changed_by text not null,
  operation uuid not null,
  primary key (company_id, node, country, postcode)
);

-- What a site can do in a day, how long it needs, and what its work costs.
create table sales.site_terms (
  company_id uuid not null,
  node text collate "C" not null,
  capacity integer check (capacity >= 0),
  prepare_days integer not null check (prepare_days between 0 and 60),
  handling_parcel bigint not null check (handling_parcel >= 0),
  handling_unit bigint not null check (handling_unit >= 0),
  currency char(3) not null,
  changed_at timestamptz not null,
  changed_by text not null,
  operation uuid not null,
  primary key (company_id, node)
);

-- Which sites an order was routed to, the day on which each sends its part, and what that costs as far as it is known. What is promised stands in the stock book.
create table sales.route (
  order_id uuid not null references sales.orders (id),
  node text collate "C" not null,
  company_id uuid not null,
  units bigint not null,
  ship_on date not null,
  deliver_on date,
  cost bigint,
  currency char(3) not null,
  at timestamptz not null,
  operation uuid not null,
  primary key (order_id, node)
);
create index route_day on sales.route (company_id, ship_on, node);

-- A site that cannot send a line after all: it is not asked again for it.
create table sales.route_refusal (
  order_id uuid not null references sales.orders (id),
  line integer not null,
  node text collate "C" not null,
  company_id uuid not null,
  reason text not null,
  at timestamptz not null,
  by text not null,
  operation uuid not null,
  primary key (order_id, line, node)
);
create trigger route_refusal_stays before update or delete or truncate on sales.route_refusal for each statement execute function kernel.refuse_change();

-- The day on which it leaves as far as we know, which a promise that a channel stated is compared with, and the day on which it is there.
alter table sales.orders add column plan_ship date;
alter table sales.orders add column deliver_by date;
