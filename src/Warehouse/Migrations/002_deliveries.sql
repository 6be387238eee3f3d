-- A shipment that arrived is delivered; it had left before.
alter table warehouse.shipment add column delivered_at timestamptz;
alter table warehouse.shipment drop constraint shipment_status_check;
alter table warehouse.shipment add constraint shipment_status_check check (status in ('Released', 'Picked', 'Packed', 'Shipped', 'Delivered', 'Cancelled'));
alter table warehouse.shipment drop constraint shipment_check;
alter table warehouse.shipment add constraint shipment_left check ((status in ('Shipped', 'Delivered')) = (shipped_at is not null));
alter table warehouse.shipment add constraint shipment_arrived check ((status = 'Delivered') = (delivered_at is not null));
alter table warehouse.shipment add constraint shipment_left_before_it_arrived check (delivered_at >= shipped_at);
create or replace view warehouse.pub_shipment as
select id, company_id, number, order_id, order_number, node, channel, status, units, shipped_at, day, delivered_at from warehouse.shipment;
