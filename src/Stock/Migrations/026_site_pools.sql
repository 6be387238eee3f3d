-- Goods of a category may be valued apart at each site: every site has a pool of its own, and so has what a transfer has on its way. `stock.cost_pool` stays
-- what the company owns of a SKU in all; where it is valued apart it is the sum of its sites.
alter table stock.costing_rule add column by_site boolean not null default false;
alter table stock.costing_rule alter column by_site drop default;
alter table stock.cost_pool add column by_site_since timestamptz;
create index cost_pool_apart on stock.cost_pool (company_id, sku) where by_site_since is not null;

create table stock.site_pool (
  company_id uuid not null,
  sku text collate "C" not null,
  -- Empty for what a transfer has on its way; then that says which.
  node text collate "C" not null,
  transfer text collate "C" not null,
  quantity bigint not null check (quantity >= 0),
  value bigint not null,
  currency char(3) not null,
  -- What one unit costs here by the standard, in the smallest unit of the currency.
  standard numeric(20, 6) check (standard >= 0),
  written_down bigint not null,
  primary key (company_id, sku, node, transfer),
  foreign key (company_id, sku) references stock.cost_pool (company_id, sku),
  constraint site_pool_is_of_a_site_or_on_its_way check ((node = '') <> (transfer = '')),
  constraint site_pool_empty_is_worth_nothing check (value >= 0 and (quantity > 0 or value = 0)),
  constraint site_pool_empty_is_not_written_down check (written_down >= 0 and (quantity > 0 or written_down = 0))
) with (fillfactor = 60);
create view stock.pub_site_pool as select company_id, sku, node, transfer, quantity, value, currency from stock.site_pool;

-- What is judged by itself when goods are valued at what they bring: the pool of the company, or that of each site.
create view stock.pub_pool_worth as
  select p.company_id, p.sku, null::text collate "C" as node, p.quantity, p.value, p.written_down, p.currency,
    (select m.happened_at from stock.move m where m.company_id = p.company_id and m.sku = p.sku and m.to_location = 'CUSTOMER' order by m.happened_at desc limit 1) as last_issued,
    (select m.happened_at from stock.move m where m.company_id = p.company_id and m.sku = p.sku order by m.happened_at limit 1) as first_came
  from stock.cost_pool p where p.quantity > 0 and p.by_site_since is null
  union all
  select s.company_id, s.sku, s.node, s.quantity, s.value, s.written_down, s.currency,
    (select m.happened_at from stock.move m where m.company_id = s.company_id and m.sku = s.sku and m.from_node = s.node and m.to_location = 'CUSTOMER' order by m.happened_at desc limit 1),
    (select m.happened_at from stock.move m where m.company_id = s.company_id and m.sku = s.sku and m.to_node = s.node and m.quantity > 0 order by m.happened_at limit 1)
  from stock.site_pool s where s.quantity > 0 and s.transfer = '';

-- A layer belongs to the pool of a site, or to what is on its way, where its goods are valued apart.
alter table stock.cost_layer add column node text collate "C" not null default '', add column transfer text collate "C" not null default '';
alter table stock.cost_layer alter column node drop default, alter column transfer drop default;

-- What goods took along from one pool of the company to another: it changes neither's sum.
alter table stock.move add column carried bigint check (carried >= 0);
alter table stock.move add constraint move_carries_or_changes check (carried is null or value is null);

create or replace view stock.leg as
select m.id, m.company_id, m.sku, e.node, m.owner, e.location, m.reason, m.day, m.happened_at, m.recorded_at, m.xact, o.kind as other,
  case when e.bits & 1 > 0 then e.sign * m.quantity else 0 end as on_hand, case when e.bits & 2 > 0 then e.sign * m.quantity else 0 end as sellable,
  case when e.bits & 4 > 0 then coalesce(m.value, e.sign * m.carried, 0) else 0 end as value, m.currency, m.from_location, m.to_location
from stock.move m
cross join lateral (values (m.from_node, m.from_location, m.to_location, m.ends & 7, -1), (m.to_node, m.to_location, m.from_location, m.ends >> 3, 1)) e (node, location, beyond, bits, sign)
left join stock.location o on o.company_id = m.company_id and o.code = e.beyond
where e.bits & 1 > 0 or (e.bits & 4 > 0 and coalesce(m.value, m.carried) is not null);

-- Says which line of a transfer has goods on their way.
create or replace view stock.pub_transit as
  select l.company_id, l.sku, t.from_node, t.to_node, t.id as transfer_id, t.number, t.expected_on, l.shipped - l.received - l.missing as quantity, l.line
  from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id where l.shipped > l.received + l.missing;
