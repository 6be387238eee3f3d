-- Two records of one partner become one: the other points at the one that stays, and is still found by its number and identity.
alter table partners.partner add column merged_into uuid references partners.partner (id) check (merged_into <> id);
create index partner_merged on partners.partner (merged_into) where merged_into is not null;

create table partners.merge (
  id uuid primary key,
  company_id uuid not null,
  keep_id uuid not null references partners.partner (id),
  give_id uuid not null references partners.partner (id),
  keep text collate "C" not null,
  give text collate "C" not null,
  reason text not null,
  made_by text not null,
  made_at timestamptz not null,
  -- Since then somebody was taken for the one that stays under the other's identity: the merge is depended on.
  used_at timestamptz,
  undone_at timestamptz,
  undone_by text,
  check (keep_id <> give_id)
);
create unique index merge_standing on partners.merge (give_id) where undone_at is null;
create index merge_keep on partners.merge (company_id, keep_id);

-- Chains, stores and groups: a customer stands under another one, and is of a class.
alter table partners.partner add column parent_id uuid references partners.partner (id) check (parent_id <> id);
alter table partners.partner add column class text collate "C" check (class ~ '^[a-z0-9-]{1,30}$');
create index partner_parent on partners.partner (parent_id) where parent_id is not null;
