create table sales.orders (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  channel text collate "C" not null,
  -- The channel's own number: the same order delivered twice is one order.
  channel_number text collate "C" not null,
  customer_id uuid not null,
  customer_name text not null,
  country text not null,
  status text not null check (status in ('OnHold', 'Confirmed', 'Reserved', 'Backordered', 'Released', 'PartlyShipped', 'Shipped', 'Cancelled')),
  hold text,
  placed_at timestamptz not null,
  day date not null,
  ship_by date not null,
  currency char(3) not null,
  gross_prices boolean not null,
  net bigint not null,
  tax bigint not null,
  gross bigint not null check (gross = net + tax),
  taxes jsonb not null,
  ship_to jsonb,
  rank integer not null,
  line_count integer not null,
  units bigint not null,
  -- Money captured less refunded; what was invoiced less what was credited. Gross, in the order's currency.
  paid bigint not null,
  invoiced bigint not null,
  captured_at timestamptz not null,
  confirmed_at timestamptz,
  reserved_at timestamptz,
  released_at timestamptz,
  shipped_at timestamptz,
  cancelled_at timestamptz,
  version integer not null,
  operation uuid not null,
  check ((status = 'OnHold') = (hold is not null))
) with (fillfactor = 85);
create unique index orders_channel_number on sales.orders (company_id, channel, channel_number);
create unique index orders_number on sales.orders (company_id, number);
-- Serves the orders list, newest first, and its pages by key.
create index orders_list on sales.orders (company_id, placed_at, id);
-- Serve the ready-made views of what is still open.
create index orders_waiting on sales.orders (company_id, ship_by, id) where status in ('Confirmed', 'Backordered', 'OnHold');
create index orders_ready on sales.orders (company_id, ship_by, id) where status in ('Reserved', 'Released', 'PartlyShipped');
create index orders_customer on sales.orders (customer_id, id);

create table sales.order_line (
  order_id uuid not null references sales.orders (id),
  line integer not null,
  company_id uuid not null,
  kind text not null check (kind in ('Goods', 'Shipping', 'Service', 'Discount')),
  sku text collate "C",
  description text,
  entered_quantity bigint not null,
  entered_unit text,
  quantity bigint not null check (quantity > 0),
  unit_price bigint not null,
  currency char(3) not null,
  tax_category text not null,
  tax_rate numeric not null,
  net bigint not null,
  tax bigint not null,
  gross bigint not null check (gross = net + tax),
  shipped bigint not null,
  cancelled bigint not null,
  returned bigint not null,
  primary key (order_id, line),
  check (kind <> 'Goods' or sku is not null),
  constraint order_line_adds_up check (shipped >= 0 and cancelled >= 0 and shipped + cancelled <= quantity and 0 <= returned and returned <= shipped)
) with (fillfactor = 80);
create index order_line_sku on sales.order_line (company_id, sku) where shipped + cancelled < quantity;

create table sales.payment (
  id uuid primary key,
  company_id uuid not null,
  order_id uuid not null references sales.orders (id),
  kind text not null check (kind in ('Authorised', 'Captured', 'Refunded')),
  method text not null,
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  -- The gateway's own key: the same fact delivered twice is one payment.
  reference text not null,
  happened_at timestamptz not null,
  day date not null,
  operation uuid not null,
  unique (company_id, method, kind, reference)
);
create index payment_order on sales.payment (order_id);

create table sales.invoice (
  id uuid primary key,
  company_id uuid not null,
  is_credit boolean not null,
  series text collate "C" not null,
  -- Gap-free, given in posting order within a second of issuing.
  number bigint,
  order_id uuid not null references sales.orders (id),
  order_number text not null,
  shipment_id uuid,
  shipment_number text,
  channel text collate "C" not null,
  customer_id uuid not null,
  customer_name text not null,
  node text collate "C" not null,
  day date not null,
  happened_at timestamptz not null,
  issued_at timestamptz not null,
  currency char(3) not null,
  net bigint not null,
  tax bigint not null,
  gross bigint not null check (gross = net + tax),
  taxes jsonb not null,
  paid_before bigint not null,
  reason text,
  operation uuid not null
) with (fillfactor = 85);
create unique index invoice_number on sales.invoice (company_id, series, number) where number is not null;
create index invoice_waiting on sales.invoice (company_id, series, issued_at, id) where number is null;
create index invoice_order on sales.invoice (order_id);
create index invoice_list on sales.invoice (company_id, id);

create table sales.invoice_series (
  company_id uuid not null,
  series text collate "C" not null,
  next bigint not null check (next > 0),
  primary key (company_id, series)
);

create table sales.invoice_line (
  invoice_id uuid not null references sales.invoice (id),
  line integer not null,
  company_id uuid not null,
  order_line integer not null,
  kind text not null,
  sku text collate "C",
  description text,
  quantity bigint not null check (quantity > 0),
  currency char(3) not null,
  net bigint not null,
  tax bigint not null,
  gross bigint not null check (gross = net + tax),
  primary key (invoice_id, line)
);

-- An issued invoice is only ever given its number.
create function sales.keep_invoice() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.number is not null or (to_jsonb(new) - 'number') <> (to_jsonb(old) - 'number') then
    raise exception 'an issued invoice does not change: correct it by a credit note' using errcode = 'KE001';
  end if;
  return new;
end $$;
create trigger invoice_kept before update or delete on sales.invoice for each row execute function sales.keep_invoice();
create trigger invoice_line_append_only before update or delete on sales.invoice_line for each statement execute function kernel.refuse_change();
create trigger payment_append_only before update or delete on sales.payment for each statement execute function kernel.refuse_change();

create view sales.pub_order as select id, company_id, number, channel, customer_id, status, placed_at, day, ship_by, currency, gross, country from sales.orders;
create view sales.pub_invoice as select id, company_id, is_credit, series, number, order_id, order_number, shipment_id, channel, customer_id, day, currency, net, tax, gross from sales.invoice;
