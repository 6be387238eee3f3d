-- Products are known to the whole house: no company owns them. Codes are ASCII, compared ordinally.

-- GS1's check digit over GTIN-8, -12, -13 and -14: weights 3 and 1 from the left of the number filled up to fourteen places.
create function catalog.is_gtin(code text) returns boolean language sql immutable strict parallel safe as $$
  select case
    when code !~ '^([0-9]{8}|[0-9]{12,14})$' or code ~ '^0+$' then false
    else (select sum(substr(lpad(code, 14, '0'), place, 1)::integer * case when place % 2 = 1 then 3 else 1 end) % 10 = 0 from generate_series(1, 14) as place)
  end
$$;

create table catalog.product (
  sku text collate "C" primary key check (sku ~ '^[!-~]{1,40}$' and sku = upper(sku)),
  name text not null check (length(name) between 1 and 200),
  description text,
  variant_of text collate "C" references catalog.product (sku) check (variant_of <> sku),
  attributes jsonb not null check (jsonb_typeof(attributes) = 'object'),
  unit text collate "C" not null check (unit ~ '^[a-z0-9-]{1,12}$'),
  measured boolean not null,
  tax_category text collate "C" not null check (tax_category <> ''),
  weight_grams integer check (weight_grams > 0),
  length_mm integer check (length_mm > 0),
  width_mm integer check (width_mm > 0),
  height_mm integer check (height_mm > 0),
  hs_code text check (hs_code ~ '^[0-9]{6,10}$'),
  lifecycle text not null check (lifecycle in ('Draft', 'Active', 'PhasingOut', 'Retired')),
  version integer not null check (version > 0),
  changed_at timestamptz not null
);
-- Serves the variants of a product.
create index product_variants on catalog.product (variant_of) where variant_of is not null;

-- One of these holds numerator/denominator stock units: a case of 12 is 12/1, a metre of a 50 m roll is 1/50.
create table catalog.product_unit (
  sku text collate "C" not null references catalog.product (sku),
  unit text collate "C" not null check (unit ~ '^[a-z0-9-]{1,12}$'),
  numerator bigint not null check (numerator between 1 and 1000000000),
  denominator bigint not null check (denominator between 1 and 1000000000),
  weight_grams integer check (weight_grams > 0),
  length_mm integer check (length_mm > 0),
  width_mm integer check (width_mm > 0),
  height_mm integer check (height_mm > 0),
  primary key (sku, unit)
);

-- A code means one thing in the whole house. Its key is the GTIN filled up to fourteen places, so that an UPC-A and the same
-- number printed as EAN-13 are one code; other codes are their own key.
create table catalog.barcode (
  key text collate "C" primary key,
  code text collate "C" not null check (code ~ '^[!-~]{1,48}$'),
  kind text not null check (kind in ('Gtin', 'Internal', 'Supplier', 'Marketplace')),
  sku text collate "C" not null references catalog.product (sku),
  unit text collate "C" not null,
  check (kind <> 'Gtin' or (catalog.is_gtin(code) and key = lpad(code, 14, '0'))),
  check (kind = 'Gtin' or key = code)
);
-- Serves the barcodes of a product.
create index barcode_product on catalog.barcode (sku, unit);

-- A SKU never changes after its first move: a rename or a merge leaves the other code as an alias.
create table catalog.sku_alias (
  alias text collate "C" primary key check (alias ~ '^[!-~]{1,40}$' and alias = upper(alias)),
  sku text collate "C" not null references catalog.product (sku) check (sku <> alias)
);
create index sku_alias_product on catalog.sku_alias (sku);

-- What other modules may read.
create view catalog.pub_product as
  select sku, name, description, variant_of, attributes, unit, measured, tax_category, weight_grams, length_mm, width_mm, height_mm, hs_code, lifecycle
  from catalog.product;

create view catalog.pub_product_unit as
  select u.sku, u.unit, u.numerator, u.denominator, u.weight_grams, u.length_mm, u.width_mm, u.height_mm from catalog.product_unit u;

create view catalog.pub_barcode as
  select b.key, b.code, b.kind, b.sku, b.unit from catalog.barcode b;
