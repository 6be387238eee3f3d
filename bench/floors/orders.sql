-- Capture: one order row, three lines, three reservations, three positions that change, one line of log with its payload per transaction.
-- Everything independent is written first, then the positions are locked in key order, then they change.
insert into floor.orders (id, company_id, number, channel, channel_number, customer_id, customer_name, country, status, placed_at, day, ship_by, currency,
  gross_prices, net, tax, gross, taxes, ship_to, rank, line_count, units, paid, invoiced, captured_at, confirmed_at, reserved_at, version, operation)
select id, @company, number, 'webshop', number, @customer, 'Customer', 'NL', 'Reserved', @at, @day, @day, 'EUR', true, 10000, 2100, 12100,
  '[{"jurisdiction":"NL","category":"standard","rate":21,"base":{"amount":100,"currency":"EUR"},"tax":{"amount":21,"currency":"EUR"},"liable":"us","scheme":"domestic"}]',
  '{"line1":"Zijlweg 12","postalCode":"2013 DH","city":"Haarlem","country":"NL"}', 100, 3, 3000, 0, 0, @at, @at, @at, 1, @operation
from unnest(@ids, @numbers) as u (id, number);

insert into floor.order_line (order_id, line, company_id, kind, sku, entered_quantity, quantity, unit_price, currency, tax_category, tax_rate, net, tax, gross, shipped, cancelled, returned)
select order_id, line, @company, 'Goods', sku, 1000, 1000, 40000000, 'EUR', 'standard', 21, 3306, 694, 4000, 0, 0, 0
from unnest(@lineorders, @lines, @skus) as u (order_id, line, sku);

insert into floor.operation_log (id, company_id, at, door, actor_kind, actor_id, actor_name, operation, outcome, subjects, micros, digest)
values (@operation, @company, @at, 'Import', 'System', @company, 'Keel', 'sales.capture-orders', 'done', '', 1000, '\x00');

insert into floor.operation_payload (operation_id, at, payload) values (@operation, @at, @payload);

select sku from floor.position where company_id = @company and node = 'MAIN' and owner = 'own' and sku = any(@skus) order by sku for update;

-- trip
update floor.position p set reserved = reserved + u.quantity
from (select sku, 1000 * count(*) as quantity from unnest(@skus) as s (sku) group by sku) u
where p.company_id = @company and p.node = 'MAIN' and p.owner = 'own' and p.sku = u.sku;

insert into floor.reservation (document_id, line, part, company_id, kind, document_number, sku, node, owner, taken, open, rank, promised_by, taken_at, operation)
select order_id, line, 1, @company, 'Order', 'SO', sku, 'MAIN', 'own', 1000, 1000, 100, @day, @at, @operation
from unnest(@lineorders, @lines, @skus) as u (order_id, line, sku);
