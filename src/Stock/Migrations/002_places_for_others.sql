create view stock.pub_location as
  select l.company_id, l.code, l.node, l.parent, l.kind, l.name, l.pick_order, k.counted, k.promisable, k.pickable, k.valued
  from stock.location l join stock.place_kind k on k.kind = l.kind;
-- Serves the lists of receipts and adjustments.
create index document_day on stock.document (company_id, kind, happened_at, id);
