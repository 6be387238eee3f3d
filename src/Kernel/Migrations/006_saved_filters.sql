-- Questions to lists that people keep under a name: for themselves, or for everybody who may see the list.
create table kernel.saved_filter (
  id uuid primary key,
  company_id uuid not null,
  view text collate "C" not null,
  owner_id uuid,
  name text not null check (name <> ''),
  question text not null,
  is_default boolean not null check (not is_default or owner_id is not null),
  saved_by text not null,
  saved_at timestamptz not null
);
create unique index saved_filter_name on kernel.saved_filter (company_id, view, owner_id, lower(name)) where owner_id is not null;
create unique index saved_filter_shared_name on kernel.saved_filter (company_id, view, lower(name)) where owner_id is null;
create unique index saved_filter_default on kernel.saved_filter (company_id, view, owner_id) where is_default;
