-- What came back of an order, at the cost at which it had left.
create index document_order on stock.document (order_id) where order_id is not null;
create view stock.pub_return as select id, company_id, order_id, number, node, value, currency, happened_at from stock.document where kind = 'Return' and order_id is not null;
