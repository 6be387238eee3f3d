-- What promotions take off a line stands on it, and which promotion took how much beside it. The price of the line stays the list's.
alter table sales.order_line add column discount bigint not null default 0 check (discount >= 0);

create table sales.order_discount (
  order_id uuid not null references sales.orders (id),
  line integer not null,
  promotion text collate "C" not null,
  company_id uuid not null,
  name text not null,
  coupon text collate "C" not null,
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  primary key (order_id, line, promotion)
);
create trigger order_discount_stays before update or delete or truncate on sales.order_discount for each statement execute function kernel.refuse_change();
