create or replace view sales.pub_order as
  select id, company_id, number, channel, customer_id, status, placed_at, day, ship_by, currency, gross, country, customer_name, units, line_count
  from sales.orders;
create or replace view sales.pub_invoice as
  select id, company_id, is_credit, series, number, order_id, order_number, shipment_id, channel, customer_id, day, currency, net, tax, gross,
    case when number is null then 'being numbered' else series || '-' || lpad(number::text, 6, '0') end as name
  from sales.invoice;
