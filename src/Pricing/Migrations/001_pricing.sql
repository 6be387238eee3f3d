-- Prices and taxes. A price never changes what was sold: sales keep the price that they were made at.

create table pricing.price_list (
  company_id uuid not null,
  code text collate "C" not null check (code <> ''),
  name text not null,
  -- Null: for every channel, for every customer.
  channel text collate "C",
  customer text collate "C",
  currency char(3) not null,
  includes_tax boolean not null,
  priority integer not null,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  version integer not null check (version > 0),
  primary key (company_id, code)
);

-- From its day on a price holds until another one begins or its last day is over: the one that began last counts.
create table pricing.price (
  company_id uuid not null,
  sku text collate "C" not null,
  list text collate "C" not null,
  min_quantity bigint not null check (min_quantity > 0),
  from_day date not null,
  to_day date check (to_day >= from_day),
  micros bigint not null check (micros >= 0),
  changed_at timestamptz not null,
  -- Serves the question for the prices of the products of an order.
  primary key (company_id, sku, list, min_quantity, from_day),
  foreign key (company_id, list) references pricing.price_list (company_id, code)
);
-- Serves the prices of one list.
create index price_list_prices on pricing.price (company_id, list, sku);

-- Rates are per cent: 21 is 21 %.
create table pricing.tax_rate (
  company_id uuid not null,
  jurisdiction text collate "C" not null check (jurisdiction <> ''),
  category text collate "C" not null check (category <> ''),
  rate numeric not null check (rate between 0 and 100 and scale(rate) <= 4),
  valid_from date not null,
  primary key (company_id, jurisdiction, category, valid_from)
);

-- What a company starts with: value added tax in the European Union and the United Kingdom. Where a country has two reduced
-- rates, the second one is `reduced-2`.
create table pricing.delivered_rate (
  jurisdiction text collate "C" not null,
  category text collate "C" not null,
  rate numeric not null check (rate between 0 and 100 and scale(rate) <= 4),
  valid_from date not null,
  primary key (jurisdiction, category, valid_from)
);

insert into pricing.delivered_rate (jurisdiction, category, rate, valid_from) values
  ('AT', 'standard', 20, '2020-01-01'), ('AT', 'reduced', 10, '2020-01-01'), ('AT', 'reduced-2', 13, '2020-01-01'),
  ('BE', 'standard', 21, '2020-01-01'), ('BE', 'reduced', 6, '2020-01-01'), ('BE', 'reduced-2', 12, '2020-01-01'),
  ('BG', 'standard', 20, '2020-01-01'), ('BG', 'reduced', 9, '2020-01-01'),
  ('CY', 'standard', 19, '2020-01-01'), ('CY', 'reduced', 5, '2020-01-01'), ('CY', 'reduced-2', 9, '2020-01-01'),
  ('CZ', 'standard', 21, '2020-01-01'), ('CZ', 'reduced', 10, '2020-01-01'), ('CZ', 'reduced-2', 15, '2020-01-01'),
  ('CZ', 'reduced', 12, '2024-01-01'), ('CZ', 'reduced-2', 12, '2024-01-01'),
  ('DE', 'standard', 19, '2020-01-01'), ('DE', 'reduced', 7, '2020-01-01'),
  ('DE', 'standard', 16, '2020-07-01'), ('DE', 'reduced', 5, '2020-07-01'),
  ('DE', 'standard', 19, '2021-01-01'), ('DE', 'reduced', 7, '2021-01-01'),
  ('DK', 'standard', 25, '2020-01-01'),
  ('EE', 'standard', 20, '2020-01-01'), ('EE', 'reduced', 9, '2020-01-01'),
  ('EE', 'standard', 22, '2024-01-01'), ('EE', 'reduced-2', 5, '2024-01-01'),
  ('EE', 'reduced-2', 13, '2025-01-01'),
  ('EE', 'standard', 24, '2025-07-01'),
  ('ES', 'standard', 21, '2020-01-01'), ('ES', 'reduced', 10, '2020-01-01'), ('ES', 'super-reduced', 4, '2020-01-01'),
  ('FI', 'standard', 24, '2020-01-01'), ('FI', 'reduced', 10, '2020-01-01'), ('FI', 'reduced-2', 14, '2020-01-01'),
  ('FI', 'standard', 25.5, '2024-09-01'),
  ('FR', 'standard', 20, '2020-01-01'), ('FR', 'reduced', 5.5, '2020-01-01'), ('FR', 'reduced-2', 10, '2020-01-01'), ('FR', 'super-reduced', 2.1, '2020-01-01'),
  ('GB', 'standard', 20, '2020-01-01'), ('GB', 'reduced', 5, '2020-01-01'),
  ('GR', 'standard', 24, '2020-01-01'), ('GR', 'reduced', 6, '2020-01-01'), ('GR', 'reduced-2', 13, '2020-01-01'),
  ('HR', 'standard', 25, '2020-01-01'), ('HR', 'reduced', 5, '2020-01-01'), ('HR', 'reduced-2', 13, '2020-01-01'),
  ('HU', 'standard', 27, '2020-01-01'), ('HU', 'reduced', 5, '2020-01-01'), ('HU', 'reduced-2', 18, '2020-01-01'),
  ('IE', 'standard', 23, '2020-01-01'), ('IE', 'reduced', 9, '2020-01-01'), ('IE', 'reduced-2', 13.5, '2020-01-01'), ('IE', 'super-reduced', 4.8, '2020-01-01'),
  ('IE', 'standard', 21, '2020-09-01'),
  ('IE', 'standard', 23, '2021-03-01'),
  ('IT', 'standard', 22, '2020-01-01'), ('IT', 'reduced', 5, '2020-01-01'), ('IT', 'reduced-2', 10, '2020-01-01'), ('IT', 'super-reduced', 4, '2020-01-01'),
  ('LT', 'standard', 21, '2020-01-01'), ('LT', 'reduced', 5, '2020-01-01'), ('LT', 'reduced-2', 9, '2020-01-01'),
  ('LU', 'standard', 17, '2020-01-01'), ('LU', 'reduced', 8, '2020-01-01'), ('LU', 'super-reduced', 3, '2020-01-01'),
  ('LU', 'standard', 16, '2023-01-01'), ('LU', 'reduced', 7, '2023-01-01'),
  ('LU', 'standard', 17, '2024-01-01'), ('LU', 'reduced', 8, '2024-01-01'),
  ('LV', 'standard', 21, '2020-01-01'), ('LV', 'reduced', 5, '2020-01-01'), ('LV', 'reduced-2', 12, '2020-01-01'),
  ('MT', 'standard', 18, '2020-01-01'), ('MT', 'reduced', 5, '2020-01-01'), ('MT', 'reduced-2', 7, '2020-01-01'),
  ('NL', 'standard', 21, '2020-01-01'), ('NL', 'reduced', 9, '2020-01-01'),
  ('PL', 'standard', 23, '2020-01-01'), ('PL', 'reduced', 5, '2020-01-01'), ('PL', 'reduced-2', 8, '2020-01-01'),
  ('PT', 'standard', 23, '2020-01-01'), ('PT', 'reduced', 6, '2020-01-01'), ('PT', 'reduced-2', 13, '2020-01-01'),
  ('RO', 'standard', 19, '2020-01-01'), ('RO', 'reduced', 5, '2020-01-01'), ('RO', 'reduced-2', 9, '2020-01-01'),
  ('RO', 'standard', 21, '2025-08-01'), ('RO', 'reduced', 11, '2025-08-01'), ('RO', 'reduced-2', 11, '2025-08-01'),
  ('SE', 'standard', 25, '2020-01-01'), ('SE', 'reduced', 6, '2020-01-01'), ('SE', 'reduced-2', 12, '2020-01-01'),
  ('SI', 'standard', 22, '2020-01-01'), ('SI', 'reduced', 5, '2020-01-01'), ('SI', 'reduced-2', 9.5, '2020-01-01'),
  ('SK', 'standard', 20, '2020-01-01'), ('SK', 'reduced', 10, '2020-01-01'),
  ('SK', 'standard', 23, '2025-01-01'), ('SK', 'reduced', 5, '2025-01-01'), ('SK', 'reduced-2', 19, '2025-01-01');

-- What other modules may read.
create view pricing.pub_price as
  select p.company_id, p.sku, p.list, l.name as list_name, l.channel, l.customer, l.currency, l.includes_tax, p.min_quantity, p.from_day, p.to_day, p.micros
  from pricing.price p join pricing.price_list l on l.company_id = p.company_id and l.code = p.list;
