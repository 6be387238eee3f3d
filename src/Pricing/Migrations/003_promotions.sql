-- Promotions: what is taken off the list's prices, for whom, from when to when, and how often. What an order was given is kept on the order, whatever becomes of the promotion.

create table pricing.promotion (
  company_id uuid not null,
  code text collate "C" not null check (code <> ''),
  name text not null,
  owner text not null,
  kind text not null check (kind in ('Percent', 'AmountOff', 'AmountEach', 'FixedPrice', 'BuyAndGet', 'ByQuantity', 'Bundle', 'FreeShipping')),
  from_day date not null,
  to_day date check (to_day >= from_day),
  paused boolean not null,
  priority integer not null,
  -- Whether lines that it takes something off may be given more by others.
  combines boolean not null,
  needs_coupon boolean not null,
  -- Empty: all of them.
  channels jsonb not null,
  skus jsonb not null,
  categories jsonb not null,
  tiers jsonb not null,
  percent numeric check (percent > 0 and percent <= 100),
  amount bigint check (amount > 0 or (amount = 0 and kind = 'FixedPrice')),
  buy integer check (buy > 0),
  get integer check (get > 0),
  min_value bigint check (min_value > 0),
  min_quantity bigint check (min_quantity > 0),
  currency char(3) not null,
  max_uses integer check (max_uses > 0),
  max_per_customer integer check (max_per_customer > 0),
  expected_units bigint check (expected_units > 0),
  changed_at timestamptz not null,
  changed_by text not null,
  version integer not null check (version > 0),
  operation uuid not null,
  primary key (company_id, code)
);

create table pricing.coupon (
  company_id uuid not null,
  -- Written large: nobody types a coupon exactly.
  code text collate "C" not null check (code = upper(code) and code <> ''),
  promotion text collate "C" not null,
  max_uses integer check (max_uses > 0),
  added_at timestamptz not null,
  operation uuid not null,
  primary key (company_id, code),
  foreign key (company_id, promotion) references pricing.promotion (company_id, code)
);
create index coupon_promotion on pricing.coupon (company_id, promotion, code);

-- One order that was given a promotion. An order that is cancelled as a whole gives it back.
create table pricing.promotion_use (
  company_id uuid not null,
  promotion text collate "C" not null,
  document_id uuid not null,
  document_number text not null,
  channel text collate "C" not null,
  coupon text collate "C" not null,
  -- Who it was, without saying it: a digest of the e-mail address; empty where nobody knows.
  customer text collate "C" not null,
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  used_at timestamptz not null,
  given_back_at timestamptz,
  operation uuid not null,
  primary key (company_id, promotion, document_id),
  foreign key (company_id, promotion) references pricing.promotion (company_id, code)
);
-- Counts what a limit is about.
create index promotion_use_counted on pricing.promotion_use (company_id, promotion, customer, coupon) where given_back_at is null;
create index promotion_use_of_coupon on pricing.promotion_use (company_id, promotion, coupon) where given_back_at is null and coupon <> '';
create index promotion_use_of_promotion on pricing.promotion_use (company_id, promotion, used_at, document_id);
create index promotion_use_document on pricing.promotion_use (document_id);
create index promotion_use_list on pricing.promotion_use (company_id, used_at, document_id);

create view pricing.pub_promotion_use as
  select company_id, promotion, document_id, document_number, channel, coupon, amount, currency, used_at, given_back_at from pricing.promotion_use;
