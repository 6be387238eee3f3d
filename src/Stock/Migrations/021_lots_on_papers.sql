-- The lot of a move, for papers of what left.
create or replace view stock.pub_move as
  select id, company_id, sku, quantity, from_node, from_location, to_node, to_location, document_kind, document_id, document_number, line, happened_at, recorded_at, day, value, currency, lot from stock.move;
