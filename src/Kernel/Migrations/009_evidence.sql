-- Finds the seal of a line.
create index seal_from on kernel.seal (from_xact);

-- When the seals were looked at by somebody who asked for it, and what was found.
create table kernel.seal_verification (
  id uuid primary key,
  at timestamptz not null,
  asked_by text not null,
  seals bigint not null,
  lines bigint not null,
  differences bigint not null,
  examples jsonb not null,
  millis integer not null
);
create index seal_verification_at on kernel.seal_verification (at desc);

-- What was put together for an auditor: about one record, or a period. The file goes when it was kept long enough; who took it stays.
create table kernel.evidence (
  id uuid primary key,
  company_id uuid not null references kernel.company (id),
  record text,
  from_day date,
  until_day date,
  reason text not null,
  taken_by text not null,
  taken_at timestamptz not null,
  state text not null check (state in ('Waiting', 'Building', 'Ready', 'Failed', 'Gone')),
  file_name text not null,
  bytes bigint,
  rows bigint,
  digest bytea,
  verified boolean,
  problem text,
  started_at timestamptz,
  ready_at timestamptz,
  downloads integer not null,
  check ((record is null) <> (from_day is null)),
  check ((from_day is null) = (until_day is null) and until_day >= from_day)
);
create index evidence_list on kernel.evidence (company_id, taken_at, id);
create index evidence_waiting on kernel.evidence (taken_at) where state in ('Waiting', 'Building');
create table kernel.evidence_file (
  evidence_id uuid primary key references kernel.evidence (id) on delete cascade,
  content bytea not null
);
-- The file is packed already.
alter table kernel.evidence_file alter column content set storage external;
