-- What a freeze takes off sale and a thaw gives back, and what comes and goes under a freeze, as it happened: with it any instant knows what could be sold. Never changed.
create table stock.withheld (
  id uuid primary key,
  company_id uuid not null references kernel.company (id),
  sku text collate "C" not null,
  node text collate "C" not null,
  owner text collate "C" not null,
  quantity bigint not null check (quantity <> 0),
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  operation uuid not null
);
create index withheld_at on stock.withheld (company_id, happened_at);

insert into stock.withheld (id, company_id, sku, node, owner, quantity, happened_at, recorded_at, operation)
select gen_random_uuid(), v.company_id, v.sku, v.node, v.owner, sum(v.on_hand), max(f.at), max(f.at), gen_random_uuid()
from stock.level v join stock.location l on l.company_id = v.company_id and l.code = v.location
join stock.counts_as k on k.kind = l.kind and k.condition = v.condition and k.own = (v.owner = 'own') and k.promisable
cross join lateral (select max(z.frozen_at) as at from stock.freeze z where z.company_id = v.company_id and z.node = v.node and z.thawed_at is null) f
where v.on_hand > 0 and exists (
  select from stock.frozen z where z.company_id = v.company_id and z.node = v.node and coalesce(z.location, v.location) = v.location and coalesce(z.sku, v.sku) = v.sku and coalesce(z.lot, v.lot) = v.lot)
group by 2, 3, 4, 5;

create trigger withheld_append_only before update or delete on stock.withheld for each statement execute function kernel.refuse_change();
