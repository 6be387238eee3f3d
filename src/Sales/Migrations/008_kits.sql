-- A kit is one line to the customer, and its components are lines below it: they carry the goods and no money.
alter table sales.order_line drop constraint order_line_kind_check;
alter table sales.order_line add constraint order_line_kind_check check (kind in ('Goods', 'Shipping', 'Service', 'Discount', 'Kit')) not valid;
alter table sales.order_line
  add column kit_line integer,
  add column each bigint,
  add constraint order_line_part_of_kit check ((kit_line is null) = (each is null)) not valid,
  add constraint order_line_kit_has_sku check (kind <> 'Kit' or sku is not null) not valid;
alter table sales.order_line validate constraint order_line_kind_check;
alter table sales.order_line validate constraint order_line_part_of_kit;
alter table sales.order_line validate constraint order_line_kit_has_sku;
