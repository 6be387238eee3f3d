-- Gift cards and store credit: what is owed to whoever holds the card, or to a customer. The book is append-only; the balance follows it and is never below nothing.
create table sales.voucher (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  kind text not null check (kind in ('GiftCard', 'StoreCredit')),
  -- Of a card's code only a digest is kept, and its last four signs.
  code_digest text collate "C",
  last_four text,
  customer_id uuid,
  balance bigint not null check (balance >= 0),
  currency char(3) not null,
  issued_on date not null,
  expires_on date,
  blocked_at timestamptz,
  blocked_why text,
  replaced_by uuid references sales.voucher (id),
  created_at timestamptz not null,
  operation uuid not null,
  unique (company_id, number),
  unique (company_id, code_digest),
  check ((kind = 'GiftCard') = (code_digest is not null)),
  check (kind = 'GiftCard' or customer_id is not null),
  check (replaced_by is null or blocked_at is not null)
);
create unique index voucher_credit on sales.voucher (company_id, customer_id, currency) where kind = 'StoreCredit';
create index voucher_customer on sales.voucher (customer_id) where customer_id is not null;
create index voucher_list on sales.voucher (company_id, id);
create index voucher_expires on sales.voucher (company_id, expires_on) where balance > 0 and expires_on is not null;

create table sales.voucher_entry (
  id uuid primary key,
  company_id uuid not null,
  voucher_id uuid not null references sales.voucher (id),
  kind text not null check (kind in ('Issued', 'Given', 'Redeemed', 'Returned', 'Moved', 'Expired', 'Corrected')),
  -- What it added to the balance; less than nothing where it took.
  amount bigint not null check (amount <> 0),
  currency char(3) not null,
  order_id uuid references sales.orders (id),
  payment_id uuid,
  method text,
  reason text,
  at timestamptz not null,
  by text not null,
  operation uuid not null,
  check ((kind in ('Redeemed', 'Returned')) = (payment_id is not null and order_id is not null)),
  check (case when kind in ('Issued', 'Given', 'Returned') then amount > 0 when kind in ('Redeemed', 'Expired') then amount < 0 else true end)
);
create index voucher_entry_voucher on sales.voucher_entry (voucher_id, id);
create index voucher_entry_order on sales.voucher_entry (order_id) where order_id is not null;
create trigger voucher_entry_append_only before update or delete on sales.voucher_entry for each statement execute function kernel.refuse_change();

create function sales.follow_voucher() returns trigger language plpgsql as $$
begin
  update sales.voucher v set balance = v.balance + e.amount from (select voucher_id, sum(amount)::bigint as amount from added group by 1) e where v.id = e.voucher_id;
  return null;
end $$;
create trigger voucher_followed after insert on sales.voucher_entry referencing new table as added for each statement execute function sales.follow_voucher();

create view sales.pub_voucher as select id, company_id, number, kind, customer_id, balance, currency, issued_on, expires_on, blocked_at from sales.voucher;
create view sales.pub_voucher_entry as select id, company_id, voucher_id, kind, amount, currency, order_id, payment_id, at from sales.voucher_entry;
-- One payment buys one card.
create unique index voucher_entry_issued on sales.voucher_entry (company_id, method, reason) where kind = 'Issued';
