-- Which account a role of a fact goes to. Versions never change: a new one begins.
create table accounting.posting_rule (
  company_id uuid not null references kernel.company (id),
  role text collate "C" not null check (role ~ '^[a-z0-9-]+(\.[a-z0-9-]+)*$'),
  channel text collate "C",
  category text collate "C",
  version integer not null check (version > 0),
  account text collate "C" not null,
  effective_from date not null,
  changed_by text not null,
  changed_at timestamptz not null,
  unique nulls not distinct (company_id, role, channel, category, version)
);
create trigger posting_rule_append_only before update or delete on accounting.posting_rule
  for each statement execute function kernel.refuse_change();

-- Company units for one unit of the currency, from a day on.
create table accounting.exchange_rate (
  company_id uuid not null references kernel.company (id),
  currency char(3) not null,
  day date not null,
  rate numeric not null check (rate > 0),
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (company_id, currency, day, changed_at)
);
create trigger exchange_rate_append_only before update or delete on accounting.exchange_rate
  for each statement execute function kernel.refuse_change();
