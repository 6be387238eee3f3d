-- What a line of a paper says in another currency than the company's, for good: a receipt, a charge that was landed, a bill at another price. Goods take
-- `value`, at the rate of the day on which they were charged; what the rate of the bill makes of the same money beyond that is exchange.
create table stock.foreign_cost (
  document_id uuid not null references stock.document (id),
  line integer not null,
  company_id uuid not null,
  amount bigint not null,
  amount_currency char(3) not null,
  rate numeric not null check (rate > 0),
  value bigint not null,
  exchange bigint not null,
  currency char(3) not null,
  primary key (document_id, line)
);
create trigger foreign_cost_append_only before update or delete on stock.foreign_cost for each statement execute function kernel.refuse_change();

-- What others may read of what goods are worth: the pools with what they are written down by and when the last of them left, and the layers of those that keep them.
create view stock.pub_worth as
  select p.company_id, p.sku, p.method, p.quantity, p.value, p.written_down, p.currency,
    (select m.happened_at from stock.move m where m.company_id = p.company_id and m.sku = p.sku and m.to_location = 'CUSTOMER' order by m.happened_at desc limit 1) as last_issued,
    (select m.happened_at from stock.move m where m.company_id = p.company_id and m.sku = p.sku order by m.happened_at limit 1) as first_came
  from stock.cost_pool p where p.quantity > 0;
create view stock.pub_cost_layer as
  select company_id, sku, lot, document_kind, document_id, document_number, line, received, open, value, currency, happened_at from stock.cost_layer where not spent;
