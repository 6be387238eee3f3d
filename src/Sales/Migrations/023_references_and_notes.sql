-- The customer's own number of an order, and what is said about it to whoever picks it and to the customer.
alter table sales.orders
  add column purchase_order text check (purchase_order <> ''),
  add column picker_note text check (picker_note <> ''),
  add column customer_note text check (customer_note <> '');
create index orders_purchase_order on sales.orders (company_id, lower(purchase_order)) where purchase_order is not null;
create or replace view sales.pub_order as
  select id, company_id, number, channel, customer_id, status, placed_at, day, ship_by, currency, gross, country, customer_name, units, line_count, purchase_order, picker_note, customer_note
  from sales.orders;
