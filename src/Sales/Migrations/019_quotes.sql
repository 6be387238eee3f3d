-- What was offered to customers until a day. What was sent stays as it was: a change is a further version.
create table sales.quote (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  channel text collate "C" not null,
  customer_id uuid not null,
  status text not null check (status in ('Draft', 'Sent', 'Accepted', 'Lost', 'Expired')),
  version integer not null check (version > 0),
  valid_until date not null,
  currency char(3) not null,
  net bigint not null,
  gross bigint not null,
  owner_id uuid,
  owner text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  decided_at timestamptz,
  -- The one order that it became.
  order_id uuid unique references sales.orders (id),
  order_number text,
  lost_reason text,
  lost_note text,
  operation uuid not null,
  unique (company_id, number),
  check ((status = 'Accepted') = (order_id is not null)),
  check ((status = 'Lost') = (lost_reason is not null))
);
create index quote_list on sales.quote (company_id, id);
create index quote_sent on sales.quote (company_id, valid_until) where status = 'Sent';
create index quote_customer on sales.quote (customer_id);

create table sales.quote_version (
  quote_id uuid not null references sales.quote (id),
  version integer not null,
  company_id uuid not null,
  valid_until date not null,
  deliver_on date,
  delivery_term text,
  purchase_order text,
  notes text,
  gross_prices boolean not null,
  currency char(3) not null,
  net bigint not null,
  tax bigint not null,
  gross bigint not null check (gross = net + tax),
  at timestamptz not null,
  by text not null,
  sent_at timestamptz,
  operation uuid not null,
  primary key (quote_id, version)
);

create table sales.quote_line (
  quote_id uuid not null,
  version integer not null,
  line integer not null,
  company_id uuid not null,
  sku text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  unit_price bigint not null,
  -- What the list said then, stated as the price is; nothing where no list had it.
  list_price bigint,
  currency char(3) not null,
  tax_rate numeric not null,
  net bigint not null,
  tax bigint not null,
  gross bigint not null check (gross = net + tax),
  primary key (quote_id, version, line),
  foreign key (quote_id, version) references sales.quote_version (quote_id, version)
);

create function sales.keep_sent_quote() returns trigger language plpgsql as $$
begin
  -- A person who is forgotten leaves no words behind.
  if tg_op = 'UPDATE' and tg_table_name = 'quote_version' and to_jsonb(new) - 'notes' - 'purchase_order' = to_jsonb(old) - 'notes' - 'purchase_order' and to_jsonb(new) ->> 'notes' is null and to_jsonb(new) ->> 'purchase_order' is null then
    return new;
  end if;
  if exists (select from sales.quote_version v where v.quote_id = old.quote_id and v.version = old.version and v.sent_at is not null) then
    raise exception 'what was sent of a quote does not change: make a further version' using errcode = 'KE001';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger quote_version_kept before update or delete on sales.quote_version for each row execute function sales.keep_sent_quote();
create trigger quote_line_kept before update or delete on sales.quote_line for each row execute function sales.keep_sent_quote();
