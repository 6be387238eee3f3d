-- Who answers for each domain of master data.
create table kernel.data_owner (
  company_id uuid not null references kernel.company (id),
  domain text collate "C" not null,
  person_id uuid,
  team text collate "C",
  owner text not null,
  deputy_id uuid,
  deputy text,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (company_id, domain),
  check ((person_id is null) <> (team is null)),
  check ((deputy_id is null) = (deputy is null))
);

-- A request may be about master data, and may begin at a later instant: then it waits for that instant after everybody's yes.
alter table kernel.approval add column domain text collate "C";
alter table kernel.approval add column effective_from timestamptz;
alter table kernel.approval add column begun_at timestamptz;
-- What changed meanwhile under a request that waits.
alter table kernel.approval add column stale jsonb;
-- Serves the question what waits or is planned for one record.
create index approval_domain on kernel.approval (company_id, domain, id) where domain is not null and state in ('Waiting', 'Approved');
-- Serves the look for planned changes whose instant has come.
create index approval_planned on kernel.approval (effective_from) where state = 'Approved' and begun_at is null;

-- What is wrong with the records of a domain, as the last check found it.
create table kernel.quality_finding (
  id uuid primary key default gen_random_uuid(),
  company_id uuid not null references kernel.company (id),
  domain text collate "C" not null,
  rule text collate "C" not null,
  key text collate "C" not null,
  name text not null,
  detail text,
  severity text not null check (severity in ('Low', 'Normal', 'High')),
  found_at timestamptz not null,
  unique (company_id, domain, rule, key)
);
-- Serves what is wrong with one record.
create index quality_finding_record on kernel.quality_finding (company_id, domain, key);

-- Serves the work list, the worst first.
create index quality_finding_list on kernel.quality_finding (company_id, severity, id);

-- How good a domain is, day by day.
create table kernel.quality_score (
  company_id uuid not null references kernel.company (id),
  domain text collate "C" not null,
  day date not null,
  records bigint not null check (records >= 0),
  flawed bigint not null check (flawed between 0 and records),
  findings bigint not null check (findings >= 0),
  score numeric(5, 2) not null check (score between 0 and 100),
  checked_at timestamptz not null,
  primary key (company_id, domain, day)
);

-- Somebody said that a rule does not count for a record, why, and until when.
create table kernel.quality_waiver (
  company_id uuid not null references kernel.company (id),
  domain text collate "C" not null,
  rule text collate "C" not null,
  key text collate "C" not null,
  reason text not null,
  until_day date not null,
  made_by text not null,
  made_at timestamptz not null,
  primary key (company_id, domain, rule, key)
);

-- Two records that may be one, with what speaks for it.
create table kernel.duplicate_pair (
  id uuid primary key default gen_random_uuid(),
  company_id uuid not null references kernel.company (id),
  domain text collate "C" not null,
  one text collate "C" not null,
  other text collate "C" not null check (one < other),
  evidence text[] not null,
  score integer not null check (score > 0),
  state text not null check (state in ('Open', 'Dismissed', 'Merged')),
  found_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  reason text,
  unique (company_id, domain, one, other)
);

-- By which key a row of a file is found in Keel, and the figures that it brought: what was imported is reconciled with what is there.
alter table kernel.import_row add column key text;
alter table kernel.import_row add column figures jsonb;
