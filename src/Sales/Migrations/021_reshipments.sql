-- Goods of an order that are sent again: each line of the order that brings them, and the line whose place it takes.
create table sales.reshipment (
  order_id uuid not null,
  line integer not null,
  company_id uuid not null,
  original_id uuid not null references sales.orders (id),
  original_line integer not null,
  quantity bigint not null check (quantity > 0),
  reason text not null,
  at timestamptz not null,
  by text not null,
  operation uuid not null,
  primary key (order_id, line),
  foreign key (order_id, line) references sales.order_line (order_id, line) deferrable initially deferred,
  foreign key (original_id, original_line) references sales.order_line (order_id, line)
);
create index reshipment_original on sales.reshipment (original_id, original_line);
create index reshipment_at on sales.reshipment (company_id, at);
create trigger reshipment_stays before update or delete or truncate on sales.reshipment for each statement execute function kernel.refuse_change();
