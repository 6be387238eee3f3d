-- Roles of the house's own, and those of the delivery that were changed here; a role that nobody changed is as the program delivers it.

create table access.role (
  name text collate "C" primary key,
  title text not null,
  permissions text[] not null check (cardinality(permissions) > 0),
  version integer not null check (version > 0),
  changed_by text not null,
  changed_at timestamptz not null
);
