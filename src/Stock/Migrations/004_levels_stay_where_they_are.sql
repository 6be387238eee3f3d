-- A level changes with every pick. As long as no index speaks of its quantity, the row changes in its place and no index grows.
drop index stock.level_location;
create index level_location on stock.level (company_id, location);
