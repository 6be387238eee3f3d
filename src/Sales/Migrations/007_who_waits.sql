-- Orders that wait for goods are known to the stock book from now on, and promises know their channel.
select stock.remember_channel(o.id, o.channel) from sales.orders o where o.status not in ('Shipped', 'Cancelled');
select stock.remember_waiting(o.id, l.line, o.company_id, o.number, o.channel, l.sku, c.nodes, l.quantity - l.shipped - l.cancelled, o.rank, o.ship_by, o.captured_at, o.operation)
from sales.orders o join sales.order_line l on l.order_id = o.id and l.kind = 'Goods' and l.quantity > l.shipped + l.cancelled
join kernel.channel c on c.company_id = o.company_id and c.code = o.channel
where o.status in ('Backordered', 'Released', 'PartlyShipped');
drop function stock.remember_waiting(uuid, integer, uuid, text, text, text, jsonb, bigint, integer, date, timestamptz, uuid);
drop function stock.remember_channel(uuid, text);
