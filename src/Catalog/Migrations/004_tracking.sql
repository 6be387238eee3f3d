-- Units that are told apart by lot or serial number, and how long they keep.
alter table catalog.product
  add column tracking text not null default 'None' check (tracking in ('None', 'Lot', 'Serial')),
  add column shelf_life_days integer check (shelf_life_days > 0),
  add column last_sale_days integer check (last_sale_days >= 0),
  add constraint product_keeps_by_lot check (tracking <> 'None' or (shelf_life_days is null and last_sale_days is null));

create or replace view catalog.pub_product as
  select sku, name, description, variant_of, attributes, unit, measured, tax_category, weight_grams, length_mm, width_mm, height_mm, hs_code, lifecycle,
    tracking, shelf_life_days, last_sale_days
  from catalog.product;
