-- What happened, for rules to follow: written in the transaction of the fact, read in the order of the transactions that have ended, so that
-- nothing can come in behind. Kept for thirty days.
create table kernel.event (
  id uuid not null,
  company_id uuid not null,
  kind text collate "C" not null,
  at timestamptz not null,
  operation uuid not null,
  cause uuid,
  actor_kind text not null,
  actor_id uuid not null,
  subject_kind text not null,
  subject_id uuid not null,
  subject_number text not null,
  facts jsonb not null,
  xact xid8 not null default pg_current_xact_id(),
  position bigint generated always as identity,
  primary key (xact, position)
);
-- Serves the test run on what happened before, and the purge.
create index event_kind on kernel.event (company_id, kind, at);
create index event_at on kernel.event using brin (at);

-- How far events were looked at.
create table kernel.event_cursor (
  single boolean primary key default true check (single),
  xact xid8 not null,
  position bigint not null
);
insert into kernel.event_cursor (xact, position) values ('0', 0);

create table kernel.rule (
  id uuid primary key,
  company_id uuid not null references kernel.company (id),
  name text not null check (name <> ''),
  version integer not null check (version > 0),
  mode text not null check (mode in ('Live', 'Trial', 'Paused', 'Retired')),
  trigger text collate "C" not null,
  definition jsonb not null,
  owner_kind text not null,
  owner_id uuid not null,
  owner_name text not null,
  saved_at timestamptz not null,
  -- What happened before is not its business.
  since timestamptz not null,
  -- When a schedule comes next; null where it follows events, or rests.
  next_at timestamptz
);
create unique index rule_name on kernel.rule (company_id, lower(name)) where mode <> 'Retired';
create index rule_due on kernel.rule (next_at) where next_at is not null;
create index rule_owner on kernel.rule (owner_id);

create table kernel.rule_version (
  rule_id uuid not null references kernel.rule (id),
  version integer not null check (version > 0),
  company_id uuid not null,
  name text not null,
  definition jsonb not null,
  saved_by text not null,
  saved_at timestamptz not null,
  operation uuid not null,
  primary key (rule_id, version)
);
create trigger rule_version_append_only before update or delete on kernel.rule_version for each statement execute function kernel.refuse_change();

-- One run per rule and event: the key keeps it so, whoever looks twice.
create table kernel.rule_run (
  id uuid primary key,
  company_id uuid not null,
  rule_id uuid not null references kernel.rule (id),
  version integer not null,
  event_id uuid not null,
  subject_kind text not null,
  subject_id uuid not null,
  subject_number text not null,
  facts jsonb not null,
  happened_at timestamptz not null,
  matched_at timestamptz not null,
  cause uuid,
  chain integer not null check (chain >= 0),
  state text not null check (state in ('Waiting', 'Held', 'Done', 'Asked', 'Refused', 'Tried', 'Stopped', 'Dropped')),
  tries integer not null,
  attempts integer not null,
  next_at timestamptz not null,
  operation text collate "C" not null,
  operation_id uuid,
  approval_id uuid,
  code text,
  sentence text,
  ended_at timestamptz
);
create unique index rule_run_once on kernel.rule_run (rule_id, event_id);
create index rule_run_waiting on kernel.rule_run (next_at) where state = 'Waiting';
create index rule_run_list on kernel.rule_run (company_id, id);
create index rule_run_of on kernel.rule_run (rule_id, id);
create index rule_run_open on kernel.rule_run (rule_id) where state in ('Held', 'Refused');
create index rule_run_ended on kernel.rule_run using brin (ended_at);
create index rule_run_refused on kernel.rule_run (company_id, id) where state = 'Refused';
