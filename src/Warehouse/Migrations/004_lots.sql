-- The lot or serial number to pick; empty where units are not told apart, or where it is not set aside beforehand.
alter table warehouse.shipment_line add column lot text collate "C" not null default '';
