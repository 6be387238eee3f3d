-- Others may ask by when a shipment was promised to leave.
create or replace view warehouse.pub_shipment as
select id, company_id, number, order_id, order_number, node, channel, status, units, shipped_at, day, delivered_at, ship_by from warehouse.shipment;
