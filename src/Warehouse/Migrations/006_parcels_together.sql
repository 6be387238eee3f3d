-- Shipments with the same key go in one parcel; without one each goes by itself.
alter table warehouse.shipment add column together uuid;
create index shipment_together on warehouse.shipment (together) where together is not null;
