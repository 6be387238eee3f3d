-- What customers who pay later owe on orders that were not stopped for it. Kept by the database beside each change of an order, so that no road into it can be forgotten;
-- orders that are paid at once, and marketplaces', have no part in it.
alter table sales.orders add column on_account boolean not null default false;
create index orders_credit_held on sales.orders (company_id, placed_at, id) where hold = 'credit';

create table sales.owed (
  order_id uuid primary key references sales.orders (id),
  company_id uuid not null,
  customer_id uuid not null,
  currency char(3) not null,
  owed bigint not null check (owed > 0)
);
create index owed_customer on sales.owed (customer_id);

-- The lock under which it is decided whether a customer may owe more. It is taken after orders and before goods.
create table sales.credit_account (
  customer_id uuid primary key,
  company_id uuid not null,
  since timestamptz not null
);

-- What is not paid of an open order, less what credit notes took back of it; of one that is done what is invoiced and not paid.
create function sales.owed_of(o sales.orders) returns bigint language sql stable as $$
  select case
    when not o.on_account or o.status = 'Cancelled' or o.hold = 'credit' then 0
    when o.status = 'Shipped' then greatest(o.invoiced - o.paid, 0)
    when o.status = 'PartlyShipped' then greatest(o.gross - coalesce((select sum(i.gross) from sales.invoice i where i.order_id = o.id and i.is_credit), 0)::bigint - o.paid, 0)
    else greatest(o.gross - o.paid, 0) end
$$;

create function sales.follow_owed() returns trigger language plpgsql as $$
declare
  o sales.orders;
  due bigint;
begin
  if tg_table_name = 'orders' then
    o := new;
  else
    select * into o from sales.orders where id = new.order_id;
    if not o.on_account then return null; end if;
  end if;
  due := sales.owed_of(o);
  if due > 0 then
    insert into sales.owed (order_id, company_id, customer_id, currency, owed) values (o.id, o.company_id, o.customer_id, o.currency, due)
    on conflict (order_id) do update set owed = excluded.owed where sales.owed.owed <> excluded.owed;
  else
    delete from sales.owed where order_id = o.id;
  end if;
  return null;
end $$;
create trigger orders_owed after insert or update of on_account, status, hold, gross, paid, invoiced on sales.orders for each row when (new.on_account) execute function sales.follow_owed();
create trigger invoice_owed after insert on sales.invoice for each row when (new.is_credit) execute function sales.follow_owed();
