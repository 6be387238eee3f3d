-- What was shipped and does not count yet, by product and kind of charge. The order's row is its lock.
create table accounting.deferral (
  shipment_id uuid not null,
  part text not null check (part in ('Revenue', 'Cost')),
  line integer not null,
  company_id uuid not null,
  shipment_number text not null,
  order_id uuid not null,
  channel text collate "C",
  node text collate "C",
  partner uuid,
  day date not null,
  kind text not null,
  sku text collate "C",
  quantity bigint not null check (quantity > 0),
  currency char(3) not null,
  amount bigint not null,
  company_amount bigint not null,
  company_amount_currency char(3) not null,
  -- What was credited of it; of what is recognised already, only how many.
  taken_quantity bigint not null check (taken_quantity between 0 and quantity),
  taken_amount bigint not null check (abs(taken_amount) <= abs(amount)),
  taken_company_amount bigint not null check (abs(taken_company_amount) <= abs(company_amount)),
  taken_company_amount_currency char(3) not null,
  recognised_day date,
  operation uuid not null,
  primary key (shipment_id, part, line)
) with (fillfactor = 85);
create index deferral_order on accounting.deferral (order_id);
-- Serves the list of what waits, the oldest first.
create index deferral_waiting on accounting.deferral (company_id, day, shipment_id) where recognised_day is null;

-- Companies that are there already get the rules that new ones begin with.
insert into accounting.posting_rule (company_id, role, channel, category, version, account, effective_from, changed_by, changed_at)
select r.company_id, n.role, null, null, 1, n.account, r.effective_from, r.changed_by, r.changed_at
from accounting.posting_rule r cross join (values ('deferred.revenue', 'deferred-revenue'), ('deferred.cost', 'goods-in-transit')) n(role, account)
where r.role = 'invoice.revenue' and r.channel is null and r.category is null and r.version = 1
on conflict do nothing;
