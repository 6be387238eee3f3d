-- What was found doubtful about an order when it came in, and whether it was stopped for it.
create table sales.order_check (
  order_id uuid not null references sales.orders (id),
  name text collate "C" not null,
  company_id uuid not null,
  effect text not null check (effect in ('Warn', 'Hold')),
  sentence text not null,
  policy_version integer not null,
  at timestamptz not null,
  operation uuid not null,
  primary key (order_id, name)
);
create trigger order_check_stays before update or delete or truncate on sales.order_check for each statement execute function kernel.refuse_change();
