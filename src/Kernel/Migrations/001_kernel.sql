-- What every module stands on. Keys of owned rows begin with the company.

create table kernel.company (
  id uuid primary key,
  code text collate "C" not null unique check (code <> ''),
  name text not null,
  country char(2) not null,
  currency char(3) not null,
  zone text not null
);

create table kernel.site (
  company_id uuid not null references kernel.company (id),
  code text collate "C" not null check (code <> ''),
  name text not null,
  kind text not null check (kind in ('Warehouse', 'Store', 'ThirdParty')),
  authority text not null check (authority in ('Keel', 'External')),
  country char(2) not null,
  zone text not null,
  calendar jsonb not null,
  primary key (company_id, code)
);

create table kernel.channel (
  company_id uuid not null references kernel.company (id),
  code text collate "C" not null check (code <> ''),
  name text not null,
  kind text not null check (kind in ('OwnShop', 'Marketplace', 'SalesDesk', 'B2B', 'Till')),
  currency char(3) not null,
  prices_include_tax boolean not null,
  nodes jsonb not null,
  priority integer not null,
  owner text not null,
  primary key (company_id, code)
);

-- Raised by whoever changes settings; each transaction reads it first.
create table kernel.settings_stamp (
  company_id uuid primary key,
  stamp bigint not null
) with (fillfactor = 50);

create table kernel.number_block (
  company_id uuid not null,
  series text collate "C" not null,
  next bigint not null check (next > 0),
  primary key (company_id, series)
);

create table kernel.idempotency (
  company_id uuid not null,
  actor_id uuid not null,
  operation text collate "C" not null,
  key text collate "C" not null check (length(key) between 1 and 200),
  digest bytea not null,
  answer jsonb,
  operation_id uuid,
  at timestamptz not null,
  primary key (company_id, actor_id, operation, key)
) with (fillfactor = 70);
-- Serves the purge of what is older than 30 days.
create index idempotency_at on kernel.idempotency using brin (at);

create table kernel.operation_log (
  id uuid primary key,
  company_id uuid not null,
  at timestamptz not null,
  door text not null,
  actor_kind text not null,
  actor_id uuid not null,
  actor_name text not null,
  operation text collate "C" not null,
  outcome text not null check (outcome in ('done', 'refused', 'waiting')),
  code text,
  sentence text,
  subjects text not null,
  micros integer not null,
  cause uuid,
  digest bytea not null,
  -- Which transaction wrote it: a seal takes whole transactions that have ended.
  xact xid8 not null default pg_current_xact_id()
);
create index operation_log_company on kernel.operation_log (company_id, id);
create index operation_log_xact on kernel.operation_log (xact);
-- Serves the search by record: subjects are document numbers and codes.
create index operation_log_subjects on kernel.operation_log using gin (string_to_array(subjects, ' '));

create table kernel.operation_payload (
  operation_id uuid not null,
  at timestamptz not null,
  payload bytea not null,
  primary key (operation_id, at)
) partition by range (at);
create table kernel.operation_payload_rest partition of kernel.operation_payload default;

-- A seal covers all lines whose transaction lies in [from_xact, to_xact), in the order (xact, id), chained to the seal before.
create table kernel.seal (
  number bigint primary key,
  from_xact xid8 not null,
  to_xact xid8 not null check (to_xact > from_xact),
  rows bigint not null,
  digest bytea not null,
  sealed_at timestamptz not null
);

create table kernel.person_key (
  id uuid primary key,
  key bytea
);

create table kernel.outbox (
  id uuid primary key,
  company_id uuid not null,
  event text not null,
  deliverer text not null,
  subject text not null,
  payload jsonb not null,
  at timestamptz not null,
  operation uuid not null,
  state text not null check (state in ('Waiting', 'Done', 'Dead')),
  attempts integer not null,
  next_at timestamptz not null,
  problem text,
  -- Rows of one subject are delivered in the order in which they were written.
  position bigint generated always as identity
);
-- Serves the dispatcher and the queue of dead letters.
create index outbox_waiting on kernel.outbox (position) where state = 'Waiting';
create index outbox_blocking on kernel.outbox (company_id, deliverer, subject, position) where state <> 'Done';

create table kernel.policy (
  company_id uuid not null,
  kind text collate "C" not null,
  version integer not null check (version > 0),
  effective_from timestamptz not null,
  owner text not null,
  choice jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (company_id, kind, version)
);

create table kernel.decision (
  id uuid primary key,
  company_id uuid not null,
  at timestamptz not null,
  operation uuid not null,
  kind text not null,
  subject_kind text not null,
  subject_id uuid not null,
  subject_number text not null,
  sentence text not null,
  policy text not null,
  policy_version integer not null,
  detail jsonb not null
);
-- Serves "Why?" on a record.
create index decision_subject on kernel.decision (subject_id, kind);

create table kernel.work_case (
  id uuid primary key,
  company_id uuid not null,
  kind text not null,
  subject_kind text not null,
  subject_id uuid not null,
  subject text not null,
  severity text not null check (severity in ('Low', 'Normal', 'High')),
  sentence text not null,
  owner text not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  state text not null check (state in ('Open', 'Closed')),
  closed_at timestamptz,
  resolution text,
  closed_by text,
  operation uuid not null,
  check ((state = 'Closed') = (closed_at is not null and resolution is not null))
);
create unique index work_case_once on kernel.work_case (company_id, kind, subject_id) where state = 'Open';
create index work_case_queue on kernel.work_case (company_id, due_at, id) where state = 'Open';
create index work_case_subject on kernel.work_case (subject_id);

create table kernel.heartbeat (
  name text primary key,
  owner text not null,
  every_seconds integer not null,
  started_at timestamptz,
  succeeded_at timestamptz,
  failed_at timestamptz,
  problem text
);

create table kernel.proof (
  id uuid primary key,
  at timestamptz not null,
  millis integer not null,
  differences bigint not null,
  checks jsonb not null
);
create index proof_at on kernel.proof (at desc);

-- Books are append-only: whoever tries to change a line is told so by the database itself.
create function kernel.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: correct it by a new row', tg_table_schema || '.' || tg_table_name using errcode = 'KE001';
end $$;

create trigger operation_log_append_only before update or delete on kernel.operation_log for each statement execute function kernel.refuse_change();
create trigger seal_append_only before update or delete on kernel.seal for each statement execute function kernel.refuse_change();
create trigger policy_append_only before update or delete on kernel.policy for each statement execute function kernel.refuse_change();
