-- A printer of which nothing comes out: what it was sent is printed by Keel itself and kept with its job.
alter table printing.printer drop constraint printer_connection_check;
alter table printing.printer add constraint printer_connection_check check (connection in ('Raw', 'Queue', 'Folder', 'Simulated'));
-- Serves the simulated printers: whether any of a company waits.
create index printer_simulated on printing.printer (id) where connection = 'Simulated';
-- Which papers have a printer where: for whoever looks whether a company is ready to print. An empty node means every site.
create view printing.pub_route as
select company_id, paper, node, station from printing.route;
