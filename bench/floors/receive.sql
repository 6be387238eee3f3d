-- Receive: a receipt, a move a line, positions, levels and cost pools that grow, one entry with its postings, one line of log.
insert into floor.operation_log (id, company_id, at, door, actor_kind, actor_id, actor_name, operation, outcome, subjects, micros, digest)
values (@operation, @company, @at, 'Import', 'System', @company, 'Keel', 'stock.receive', 'done', '', 1000, '\x00');

insert into floor.operation_payload (operation_id, at, payload) values (@operation, @at, '\x00');

insert into floor.document (id, company_id, kind, number, node, reason, lines, value, currency, happened_at, recorded_at, day, operation)
values (@document, @company, 'Receipt', 'F' || @document::text, 'MAIN', 'receipt', 100, 35000, 'EUR', @at, @at, @day, @operation);

select sku from floor.position where company_id = @company and node = 'MAIN' and owner = 'own' and sku = any(@skus) order by sku for update;

select sku from floor.level where company_id = @company and node = 'MAIN' and owner = 'own' and sku = any(@skus) order by sku for update;

select sku from floor.cost_pool where company_id = @company and sku = any(@skus) order by sku for update;

-- trip
insert into floor.move (id, company_id, sku, lot, package, owner, quantity, from_node, from_location, to_node, to_location, document_kind, document_id, document_number, line, reason, happened_at, recorded_at, day, value, currency, operation, ends)
select gen_random_uuid(), @company, l.sku, '', '', 'own', 1000, '', 'SUPPLIER', 'MAIN', 'MAIN/STOCK', 'receipt', @document, 'F', l.line, 'purchase', @at, @at, @day, 350, 'EUR', @operation, 56
from unnest(@skus) with ordinality as l (sku, line);

update floor.position p set on_hand = on_hand + 1000, sellable = sellable + 1000 where p.company_id = @company and p.node = 'MAIN' and p.owner = 'own' and p.sku = any(@skus);

update floor.level p set on_hand = on_hand + 1000 where p.company_id = @company and p.node = 'MAIN' and p.owner = 'own' and p.sku = any(@skus);

update floor.cost_pool p set quantity = p.quantity + 1000, value = value + 350 where p.company_id = @company and p.sku = any(@skus);

insert into floor.entry (id, company_id, journal, day, happened_at, recorded_at, operation_id, document_kind, document_id, document_number, part, sentence, legs)
values (@entry, @company, 'stock', @day, @at, @at, @operation, 'receipt', @document, 'F', '', 'Goods received', 200);

insert into floor.posting (entry_id, leg, company_id, day, account, amount, currency, company_amount, company_amount_currency, rate, node, sku)
select @entry, leg, @company, @day, 'inventory', 350, 'EUR', 350, 'EUR', 1, 'MAIN', (@skus)[1 + leg % 100] from generate_series(1, 200) as leg;
