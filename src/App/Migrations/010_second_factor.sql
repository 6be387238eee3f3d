-- Roles whose holders do nothing before they have set up a second factor.

alter table access.role add column needs_second_factor boolean not null default false;
