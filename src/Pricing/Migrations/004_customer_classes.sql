-- Price lists and promotions may be for a class of customers.
alter table pricing.price_list add column customer_class text collate "C" check (customer_class ~ '^[a-z0-9-]{1,30}$');
alter table pricing.price_list add constraint price_list_customer_or_class check (customer is null or customer_class is null);
alter table pricing.promotion add column customer_classes jsonb not null default '[]';
alter table pricing.promotion alter column customer_classes drop default;

create or replace view pricing.pub_price as
  select p.company_id, p.sku, p.list, l.name as list_name, l.channel, l.customer, l.currency, l.includes_tax, p.min_quantity, p.from_day, p.to_day, p.micros, l.valid_from, l.valid_to, l.customer_class
  from pricing.price p join pricing.price_list l on l.company_id = p.company_id and l.code = p.list;
