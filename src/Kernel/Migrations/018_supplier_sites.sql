-- A supplier that sends to our customers directly is a site that somebody else runs.
alter table kernel.site drop constraint site_kind_check;
alter table kernel.site add constraint site_kind_check check (kind in ('Warehouse', 'Store', 'ThirdParty', 'Supplier'));
