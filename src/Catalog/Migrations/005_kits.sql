-- What is made of other products. A virtual kit is never in stock itself, its components are; a pre-built one is stocked as units of its own.
create table catalog.kit (
  sku text collate "C" primary key references catalog.product (sku),
  kind text not null check (kind in ('Virtual', 'PreBuilt')),
  version integer not null,
  changed_at timestamptz not null
);

create table catalog.kit_component (
  kit text collate "C" not null references catalog.kit (sku) on delete cascade,
  component text collate "C" not null references catalog.product (sku) check (component <> kit),
  quantity bigint not null check (quantity > 0),
  place integer not null,
  primary key (kit, component)
);
-- Serves what a product is part of.
create index kit_component_of on catalog.kit_component (component);

create view catalog.pub_kit as select sku, kind from catalog.kit;
create view catalog.pub_kit_component as select c.kit, k.kind, c.component, c.quantity, c.place from catalog.kit_component c join catalog.kit k on k.sku = c.kit;
