-- Cart holds on one SKU, grouped: one reservation each, one position that changes, one line of log with its payload each.
insert into floor.operation_log (id, company_id, at, door, actor_kind, actor_id, actor_name, operation, outcome, subjects, micros, digest)
select id, @company, @at, 'Api', 'System', @company, 'Keel', 'stock.hold', 'done', '', 1000, '\x00' from unnest(@ids) as u (id);

insert into floor.operation_payload (operation_id, at, payload) select id, @at, @payload from unnest(@ids) as u (id);

select sku from floor.position where company_id = @company and node = 'MAIN' and owner = 'own' and sku = @sku for update;

-- trip
update floor.position set reserved = reserved + 1000 * cardinality(@ids) where company_id = @company and node = 'MAIN' and owner = 'own' and sku = @sku;

insert into floor.reservation (document_id, line, part, company_id, kind, document_number, sku, node, owner, taken, open, rank, expires_at, taken_at, operation)
select id, 1, 1, @company, 'Cart', 'cart', @sku, 'MAIN', 'own', 1000, 1000, 900, @at, @at, id from unnest(@ids) as u (id);
