-- A list as somebody saved it: filters, search, sort, columns, as the address says them. Without an owner it is for everybody who may see the list.
create table kernel.saved_filter (
  id uuid primary key,
  company_id uuid not null references kernel.company (id),
  view text collate "C" not null,
  owner_id uuid,
  name text not null check (length(name) between 1 and 40),
  question text not null check (length(question) <= 2000),
  is_default boolean not null,
  saved_by text not null,
  saved_at timestamptz not null,
  check (not is_default or owner_id is not null)
);
-- Serves the tabs of a list; a name stands once among mine and once among those for everybody.
create unique index saved_filter_name on kernel.saved_filter (company_id, view, owner_id, lower(name)) nulls not distinct;
create unique index saved_filter_default on kernel.saved_filter (company_id, view, owner_id) where is_default;
