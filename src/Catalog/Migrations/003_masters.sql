-- A product can be stopped for a while: nothing of it is sold or bought until it is let go again.
alter table catalog.product drop constraint product_lifecycle_check;
alter table catalog.product add constraint product_lifecycle_check check (lifecycle in ('Draft', 'Active', 'PhasingOut', 'Blocked', 'Retired'));

-- Two products become one: the other's code is another name of the one that stays, its documents keep it.
alter table catalog.product add column merged_into text collate "C" references catalog.product (sku) check (merged_into <> sku);
create index product_merged on catalog.product (merged_into) where merged_into is not null;

create table catalog.merge (
  id uuid primary key,
  keep text collate "C" not null references catalog.product (sku),
  give text collate "C" not null references catalog.product (sku) check (give <> keep),
  -- What came with it, so that it can go back.
  barcodes jsonb not null,
  aliases jsonb not null,
  lifecycle text not null,
  reason text not null,
  made_by text not null,
  made_at timestamptz not null,
  undone_at timestamptz,
  undone_by text
);
create unique index merge_standing on catalog.merge (give) where undone_at is null;

-- The other names of products, for whoever is asked by one.
create view catalog.pub_sku_alias as select a.alias, a.sku from catalog.sku_alias a;
