-- Serves the list of positions, by SKU and node, and its pages by key.
create index position_list on stock.position (company_id, sku, (sku || '@' || node));
-- Says who lost a promise to an adjustment.
create index reservation_step_displaced on stock.reservation_step (operation) where kind = 'Displaced';
