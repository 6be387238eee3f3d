insert into stock.place_kind (kind, counted, promisable, pickable, valued) values
  ('StoreFloor', true, true, true, true),
  ('Van', true, false, false, true);

alter table stock.location
  add column tier text not null default 'Bin' check (tier in ('Zone', 'Aisle', 'Rack', 'Bin')),
  add column barcode text collate "C",
  -- False where nothing is picked from it although its kind would allow it.
  add column picked boolean not null default true,
  add column max_kilograms integer check (max_kilograms > 0),
  add column max_litres integer check (max_litres > 0),
  add column max_units integer check (max_units > 0),
  add column max_packages integer check (max_packages > 0),
  add column mixing text not null default 'Mixed' check (mixing in ('Mixed', 'SameProduct', 'OnlyEmpty')),
  add column class text not null default 'Ambient' check (class in ('Ambient', 'Chilled', 'DeepFrozen', 'Flammable', 'Corrosive', 'Toxic')),
  -- Centimetres from the corner where the first aisle begins: along the aisle, across the aisles, above the floor.
  add column along_cm integer,
  add column across_cm integer,
  add column height_cm integer,
  add column closed_at timestamptz,
  add column version integer not null default 1;
update stock.location set barcode = code, tier = case when parent is null then 'Zone' else 'Bin' end;
alter table stock.location alter column barcode set not null, alter column tier drop default;
create unique index location_barcode on stock.location (company_id, barcode);
-- Serves the tree: what lies directly in a place.
create index location_parent on stock.location (company_id, parent);

-- Goods that are on hand and may be neither sold, picked nor moved until somebody thaws them: everything in a place and under it, a SKU at a
-- site, or a SKU in a place.
create table stock.freeze (
  id uuid primary key,
  company_id uuid not null,
  node text collate "C" not null,
  location text collate "C",
  sku text collate "C",
  reason text not null,
  -- Who looks into it.
  owner text not null,
  frozen_at timestamptz not null,
  frozen_by text not null,
  operation uuid not null,
  thawed_at timestamptz,
  thawed_by text,
  outcome text,
  check (location is not null or sku is not null),
  check ((thawed_at is null) = (thawed_by is null)),
  foreign key (company_id, location) references stock.location (company_id, code)
);
create unique index freeze_open on stock.freeze (company_id, node, coalesce(location, ''), coalesce(sku, '')) where thawed_at is null;
create index freeze_list on stock.freeze (company_id, id);

-- What is frozen now, by place and SKU; no place is every place of the site, no SKU is every SKU.
create view stock.frozen as
  with recursive shut (company_id, node, sku, location) as (
    select company_id, node, sku, location from stock.freeze where thawed_at is null and location is not null
    union
    select s.company_id, s.node, s.sku, l.code from shut s join stock.location l on l.company_id = s.company_id and l.parent = s.location and l.node = s.node)
  select company_id, node, sku, location from shut
  union
  select company_id, node, sku, null from stock.freeze where thawed_at is null and location is null;

create or replace view stock.pub_location as
  select l.company_id, l.code, l.node, l.parent, l.kind, l.name, l.pick_order, k.counted, k.promisable,
    k.pickable and l.picked and l.closed_at is null as pickable, k.valued, l.tier, l.barcode, l.closed_at is not null as closed
  from stock.location l join stock.place_kind k on k.kind = l.kind;

-- Raised with every change to what the places of a site are and what is frozen there. Who moves goods stands on one version until the commit.
create table stock.site_places (
  company_id uuid not null,
  node text collate "C" not null,
  version bigint not null,
  primary key (company_id, node)
);

create function stock.check_places(company uuid, nodes text[], versions bigint[]) returns void language plpgsql as $$
begin
  if exists (
    select from unnest(nodes, versions) as k (node, version) left join stock.site_places s on s.company_id = company and s.node = k.node
    where coalesce(s.version, 0) <> k.version)
  then
    raise exception 'The places of a site changed meanwhile.' using errcode = 'serialization_failure';
  end if;
end $$;

-- Many may move goods at a site at the same time, and each of them knows its places as they are.
create function stock.stand_on_places(company uuid, nodes text[], versions bigint[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('stock.places ' || company || ' ' || n, 0)) from unnest(nodes) as n;
  perform stock.check_places(company, nodes, versions);
end $$;

-- Who changes what places are waits for all that move goods there, and is alone until the commit.
create function stock.change_places(company uuid, nodes text[], versions bigint[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('stock.places ' || company || ' ' || n, 0)) from unnest(nodes) as n;
  perform stock.check_places(company, nodes, versions);
  insert into stock.site_places as s (company_id, node, version) select company, n, 1 from unnest(nodes) as n
  on conflict (company_id, node) do update set version = s.version + 1;
end $$;
