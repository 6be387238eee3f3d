-- A package that bears a number of its own (SSCC): a pallet, a case, a tote. What lies in it are the levels that name it; it lies in a place, by itself or in another package.
create table stock.package (
  id uuid primary key,
  company_id uuid not null,
  code text collate "C" not null check (code ~ '^[0-9]{18}$'),
  kind text not null check (kind in ('Pallet', 'Case', 'Tote', 'Cage')),
  status text not null check (status in ('Open', 'Closed', 'Ended')),
  node text collate "C" not null,
  location text collate "C" not null,
  -- The package that it lies in.
  parent text collate "C",
  made_at timestamptz not null,
  made_by text not null,
  changed_at timestamptz not null,
  version integer not null,
  operation uuid not null,
  unique (company_id, code),
  foreign key (company_id, parent) references stock.package (company_id, code),
  foreign key (company_id, location) references stock.location (company_id, code),
  check (parent is null or parent <> code),
  check (status <> 'Ended' or parent is null)
) with (fillfactor = 80);
create index package_parent on stock.package (company_id, parent) where parent is not null;
create index package_location on stock.package (company_id, location) where status <> 'Ended';
create index package_list on stock.package (company_id, made_at, id);
-- Finds what lies in a package.
create index level_package on stock.level (company_id, package) where package <> '';
create index move_package on stock.move (company_id, package, happened_at) where package <> '';

-- What became of a package: made, moved, put into another one, closed. What was packed and unpacked are its moves.
create table stock.package_step (
  id uuid primary key,
  company_id uuid not null,
  package text collate "C" not null,
  kind text not null check (kind in ('Made', 'Moved', 'PutInto', 'TakenOut', 'Closed', 'Opened', 'Ended')),
  location text collate "C" not null,
  parent text collate "C",
  by text not null,
  happened_at timestamptz not null,
  operation uuid not null
);
create index package_step_package on stock.package_step (company_id, package, happened_at);
create trigger package_step_append_only before update or delete on stock.package_step for each statement execute function kernel.refuse_change();

-- The next serial number under a company prefix.
create table stock.sscc_series (
  company_id uuid not null,
  prefix text collate "C" not null,
  next bigint not null,
  primary key (company_id, prefix)
);

-- A package with everything that lies in it, however deep.
create function stock.package_tree(company uuid, codes text[]) returns table (code text) language sql stable as $$
  with recursive inside (code) as (
    select p.code from stock.package p where p.company_id = company and p.code = any(codes)
    union
    select p.code from inside i join stock.package p on p.company_id = company and p.parent = i.code)
  select i.code from inside i
$$;
