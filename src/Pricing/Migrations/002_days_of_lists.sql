-- Whoever reads prices sees from when to when their list holds.
create or replace view pricing.pub_price as
  select p.company_id, p.sku, p.list, l.name as list_name, l.channel, l.customer, l.currency, l.includes_tax, p.min_quantity, p.from_day, p.to_day, p.micros, l.valid_from, l.valid_to
  from pricing.price p join pricing.price_list l on l.company_id = p.company_id and l.code = p.list;
