-- Whoever has goods made or bought for something sees how far they are.
create view stock.pub_supply as
  select id, company_id, number, kind, sku, node, open, received, expected_on, document_id from stock.supply;
