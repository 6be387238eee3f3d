-- Opening stock: for two hundred and fifty rows of a file a paper, a move and a level each, positions and cost pools that grow, one entry with its postings, one line of log.
insert into floor.operation_log (id, company_id, at, door, actor_kind, actor_id, actor_name, operation, outcome, subjects, micros, digest)
values (@operation, @company, @at, 'Import', 'System', @company, 'Keel', 'stock.open', 'done', '', 1000, '\x00');

insert into floor.operation_payload (operation_id, at, payload) values (@operation, @at, '\x00');

insert into floor.document (id, company_id, kind, number, node, reason, lines, value, currency, happened_at, recorded_at, day, operation)
values (@document, @company, 'Adjustment', 'F' || @document::text, 'MAIN', 'opening', 250, 35000, 'EUR', @at, @at, @day, @operation);

insert into floor.position (company_id, sku, node, owner, on_hand, sellable, reserved) select distinct @company::uuid, l, 'MAIN', 'own', 0, 0, 0 from unnest(@skus) l on conflict do nothing;

insert into floor.cost_pool (company_id, sku, quantity, value, currency, method, written_down) select distinct @company::uuid, l, 0, 0, 'EUR', 'Average', 0 from unnest(@skus) l on conflict do nothing;

select sku from floor.position where company_id = @company and node = 'MAIN' and owner = 'own' and sku = any(@skus) order by sku for update;

select sku from floor.cost_pool where company_id = @company and sku = any(@skus) order by sku for update;

-- trip
insert into floor.move (id, company_id, sku, lot, package, owner, quantity, from_node, from_location, to_node, to_location, document_kind, document_id, document_number, line, reason, happened_at, recorded_at, day, value, currency, operation, ends)
select gen_random_uuid(), @company, l.sku, '', '', 'own', 1000, '', 'LOSS', 'MAIN', l.place, 'adjustment', @document, 'F', l.line, 'opening', @at, @at, @day, 350, 'EUR', @operation, 56
from unnest(@skus, @places) with ordinality as l (sku, place, line);

insert into floor.level (company_id, node, sku, location, lot, package, owner, condition, on_hand, allocated, arrived_at)
select @company, 'MAIN', l.sku, l.place, '', '', 'own', 'Good', 1000, 0, @at from unnest(@skus, @places) as l (sku, place);

update floor.position p set on_hand = on_hand + l.units, sellable = sellable + l.units
from (select sku, 1000 * count(*) as units from unnest(@skus) as l (sku) group by sku) l where p.company_id = @company and p.node = 'MAIN' and p.owner = 'own' and p.sku = l.sku;

update floor.cost_pool p set quantity = p.quantity + l.units, value = value + 350 from (select sku, 1000 * count(*) as units from unnest(@skus) as l (sku) group by sku) l where p.company_id = @company and p.sku = l.sku;

insert into floor.entry (id, company_id, journal, day, happened_at, recorded_at, operation_id, document_kind, document_id, document_number, part, sentence, legs)
values (@entry, @company, 'stock', @day, @at, @at, @operation, 'adjustment', @document, 'F', '', 'Opening stock', 40);

insert into floor.posting (entry_id, leg, company_id, day, account, amount, currency, company_amount, company_amount_currency, rate, node, sku)
select @entry, leg, @company, @day, 'inventory', 350, 'EUR', 350, 'EUR', 1, 'MAIN', (@skus)[1 + leg % 20] from generate_series(1, 40) as leg;
