-- Tables like the real ones, with their keys, checks and indexes, in a schema of their own.
drop schema if exists floor cascade;
create schema floor;
create table floor.orders (like sales.orders including all) with (fillfactor = 85);
create table floor.order_line (like sales.order_line including all, foreign key (order_id) references floor.orders (id));
create table floor.reservation (like stock.reservation including all);
create table floor.reservation_step (like stock.reservation_step including all);
create table floor.position (like stock.position including all) with (fillfactor = 60);
create table floor.level (like stock.level including all) with (fillfactor = 60);
create table floor.cost_pool (like stock.cost_pool including all) with (fillfactor = 60);
create table floor.document (like stock.document including all);
create table floor.move (like stock.move including all);
create table floor.shipment (like warehouse.shipment including all);
create table floor.shipment_line (like warehouse.shipment_line including all, foreign key (shipment_id) references floor.shipment (id));
create table floor.invoice (like sales.invoice including all);
create table floor.invoice_line (like sales.invoice_line including all, foreign key (invoice_id) references floor.invoice (id));
create table floor.entry (like ledger.entry including all);
create table floor.posting (like ledger.posting including all);
create table floor.operation_log (like kernel.operation_log including all);
create table floor.operation_payload (operation_id uuid, at timestamptz, payload bytea, primary key (operation_id, at));
insert into floor.position select * from stock.position;
insert into floor.level select * from stock.level;
insert into floor.cost_pool select * from stock.cost_pool;

-- Plans that are made while nothing is known of a table stay slow for as long as they live.
analyze floor.position;
analyze floor.level;
analyze floor.cost_pool;
