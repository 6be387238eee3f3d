-- Where somebody's roles hold, besides companies and sites: the channels. A program is limited as a person is.
alter table access.person add column channels text[];
alter table access.invitation add column channels text[];
alter table access.api_key add column nodes text[];
alter table access.api_key add column channels text[];

-- Credit limits are shown by a permission of their own. Roles and programs that saw them so far go on seeing them.
update access.role set permissions = permissions || 'kernel.see-credit'::text where permissions && array['partners.read', 'partners.*'] and not permissions && array['*', 'kernel.*', 'kernel.see-credit'];
update access.api_key set permissions = permissions || 'kernel.see-credit'::text where permissions && array['partners.read', 'partners.*'] and not permissions && array['*', 'kernel.*', 'kernel.see-credit'];
