-- The lot or serial number that a customer wants; without it any.
alter table sales.order_line add column lot text collate "C";
