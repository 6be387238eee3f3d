-- Ship: an order and its lines, a shipment and its lines, three moves, bins, positions and cost pools that change, reservations that are
-- consumed with a step each, an invoice with its lines, one entry for the cost and one for the revenue with their postings, one line of log per transaction.
set local enable_hashjoin = off;

set local enable_mergejoin = off;

set local enable_seqscan = off;

select id from floor.orders where id = any(@orders) order by id for update;

update floor.orders set status = 'Shipped', invoiced = gross, shipped_at = @at, version = version + 1 where id = any(@orders);

update floor.order_line set shipped = quantity where order_id = any(@orders);

insert into floor.shipment (id, company_id, number, order_id, order_number, node, channel, customer_id, customer_name, status, ship_by, line_count, units, parcels, released_at, shipped_at, day, version, operation)
select u.shipment, @company, 'F' || u.shipment, u.id, 'F', 'MAIN', 'webshop', u.id, 'Customer', 'Shipped', @day, 3, 3000, 1, @at, @at, @day, 2, @operation
from unnest(@orders, @shipments) as u (id, shipment);

insert into floor.shipment_line (shipment_id, line, company_id, order_line, sku, location, quantity)
select u.shipment, l.line, @company, l.line, l.sku, '', l.quantity from unnest(@orders, @shipments) as u (id, shipment) join floor.order_line l on l.order_id = u.id;

insert into floor.invoice (id, company_id, is_credit, series, order_id, order_number, shipment_id, shipment_number, channel, customer_id, customer_name, node, day, happened_at, issued_at, currency, net, tax, gross, taxes, paid_before, operation)
select u.invoice, @company, false, 'INV-2026', u.id, 'F', u.shipment, 'F', 'webshop', u.id, 'Customer', 'MAIN', @day, @at, @at, 'EUR', 10000, 2100, 12100,
  '[{"jurisdiction":"NL","category":"standard","rate":21,"base":{"amount":100,"currency":"EUR"},"tax":{"amount":21,"currency":"EUR"},"liable":"us","scheme":"domestic"}]', 0, @operation
from unnest(@orders, @shipments, @invoices) as u (id, shipment, invoice);

insert into floor.invoice_line (invoice_id, line, company_id, order_line, kind, sku, quantity, currency, net, tax, gross)
select u.invoice, l.line, @company, l.line, 'Goods', l.sku, l.quantity, 'EUR', l.net, l.tax, l.gross from unnest(@orders, @invoices) as u (id, invoice) join floor.order_line l on l.order_id = u.id;

insert into floor.operation_log (id, company_id, at, door, actor_kind, actor_id, actor_name, operation, outcome, subjects, micros, digest)
values (@operation, @company, @at, 'Import', 'System', @company, 'Keel', 'warehouse.ship-orders', 'done', '', 1000, '\x00');

insert into floor.operation_payload (operation_id, at, payload) values (@operation, @at, '\x00');

select sku from floor.position where company_id = @company and node = 'MAIN' and owner = 'own' and sku = any(@skus) order by sku for update;

select sku from floor.level where company_id = @company and node = 'MAIN' and owner = 'own' and sku = any(@skus) order by sku for update;

select sku from floor.cost_pool where company_id = @company and sku = any(@skus) order by sku for update;

-- trip
insert into floor.move (id, company_id, sku, lot, package, owner, quantity, from_node, from_location, to_node, to_location, document_kind, document_id, document_number, line, reason, happened_at, recorded_at, day, value, currency, operation, ends)
select gen_random_uuid(), @company, l.sku, '', '', 'own', l.quantity, 'MAIN', 'MAIN/STOCK', '', 'CUSTOMER', 'shipment', u.shipment, 'F', l.line, 'sale', @at, @at, @day, -350, 'EUR', @operation, 7
from unnest(@orders, @shipments) as u (id, shipment) join floor.order_line l on l.order_id = u.id;

update floor.position p set on_hand = on_hand - s.quantity, sellable = sellable - s.quantity, reserved = reserved - s.quantity
from (select sku, sum(quantity) as quantity from floor.order_line where order_id = any(@orders) group by sku) s
where p.company_id = @company and p.node = 'MAIN' and p.owner = 'own' and p.sku = s.sku;

update floor.level p set on_hand = on_hand - s.quantity
from (select sku, sum(quantity) as quantity from floor.order_line where order_id = any(@orders) group by sku) s
where p.company_id = @company and p.node = 'MAIN' and p.owner = 'own' and p.sku = s.sku;

update floor.cost_pool p set quantity = p.quantity - s.quantity, value = value - 350
from (select sku, sum(quantity) as quantity from floor.order_line where order_id = any(@orders) group by sku) s
where p.company_id = @company and p.sku = s.sku;

update floor.reservation set open = 0 where document_id = any(@orders);

insert into floor.reservation_step (id, company_id, document_id, line, part, kind, quantity, reason, happened_at, recorded_at, operation)
select gen_random_uuid(), @company, order_id, line, 1, 'Consumed', quantity, 'shipped', @at, @at, @operation from floor.order_line where order_id = any(@orders);

insert into floor.entry (id, company_id, journal, day, happened_at, recorded_at, operation_id, document_kind, document_id, document_number, part, sentence, legs)
select e.id, @company, 'sales', @day, @at, @at, @operation, 'shipment', e.id, 'F', '', 'Goods left', 4 from unnest(@shipments || @invoices) as e (id);

insert into floor.posting (entry_id, leg, company_id, day, account, amount, currency, company_amount, company_amount_currency, rate, channel, node, order_id)
select e.id, leg, @company, @day, 'inventory', 100, 'EUR', 100, 'EUR', 1, 'webshop', 'MAIN', e.id
from unnest(@shipments || @invoices) as e (id) cross join generate_series(1, 4) as leg;
