-- What changed on an order after it came in: who changed it, why, and what it was before and after. Nothing personal stands here.
create table sales.order_version (
  order_id uuid not null references sales.orders (id),
  version integer not null,
  company_id uuid not null,
  at timestamptz not null,
  by text not null,
  reason text not null,
  changes jsonb not null,
  operation uuid not null,
  primary key (order_id, version)
);
create trigger order_version_stays before update or delete or truncate on sales.order_version for each statement execute function kernel.refuse_change();
