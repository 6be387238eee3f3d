-- Who buys from us and who sells to us. Nothing on a hot path locks a partner's row, so orders and books carry its key without a constraint.

create table partners.partner (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  -- How a returning partner is known: webshop:4711, mailto:a@b.c, a digest of name and place, or anonymous.
  identity text collate "C" not null check (length(identity) between 1 and 320),
  is_customer boolean not null,
  is_supplier boolean not null,
  name text not null,
  email text,
  phone text,
  country char(2) not null,
  currency char(3) not null,
  language text,
  vat_id text,
  vat_id_checked_on date,
  payment_terms_days integer not null check (payment_terms_days between 0 and 365),
  credit_limit bigint check (credit_limit >= 0),
  lead_time_days integer check (lead_time_days between 0 and 730),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  erased_at timestamptz,
  version integer not null check (version > 0),
  unique (company_id, number),
  unique (company_id, identity),
  check (is_customer or is_supplier),
  check (erased_at is null or (email is null and phone is null and vat_id is null))
);

-- Serves the list of suppliers; customers are nearly all partners, and their list uses the unique index.
create index partner_suppliers on partners.partner (company_id, number) where is_supplier;

-- The first address is the main one.
create table partners.address (
  company_id uuid not null,
  partner_id uuid not null,
  position integer not null check (position >= 0),
  line1 text not null,
  line2 text,
  postal_code text not null,
  city text not null,
  region text,
  country char(2) not null,
  primary key (partner_id, position)
);

-- What other modules may read.
create view partners.pub_partner as
  select id, company_id, number, is_customer, is_supplier, name, country, currency, language, vat_id, vat_id_checked_on,
    payment_terms_days, credit_limit, lead_time_days
  from partners.partner;
