-- Where somebody's roles hold, besides companies and sites: the channels. A program is limited as a person is.
alter table access.person add column channels text[];
alter table access.invitation add column channels text[];
alter table access.api_key add column nodes text[];
alter table access.api_key add column channels text[];
