-- A request that waits for somebody else's yes: what was asked, what it would do, who may decide at which level.
create table kernel.approval (
  id uuid primary key,
  company_id uuid not null references kernel.company (id),
  operation text collate "C" not null,
  payload jsonb,
  digest bytea not null,
  requester_kind text not null,
  requester_id uuid not null,
  requester_name text not null,
  door text not null,
  sentence text not null,
  effect jsonb not null,
  effect_digest bytea not null,
  levels jsonb not null,
  level integer not null check (level >= 0),
  escalated boolean not null,
  state text not null check (state in ('Waiting', 'Approved', 'Done', 'Refused', 'Withdrawn', 'Expired', 'Failed')),
  policy_version integer not null,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  version integer not null check (version > 0)
) with (fillfactor = 70);
-- Serves the inbox and the look for what is overdue.
create index approval_waiting on kernel.approval (company_id, due_at, id) where state = 'Waiting';
create index approval_list on kernel.approval (company_id, id);
create index approval_requester on kernel.approval (requester_id, id);

-- Every decision with its reason and what it was about, for good.
create table kernel.approval_decision (
  id uuid primary key,
  company_id uuid not null,
  approval_id uuid not null references kernel.approval (id),
  level integer not null,
  verdict text not null check (verdict in ('Approved', 'Refused', 'Withdrawn', 'Expired', 'Escalated', 'Changed')),
  actor_kind text not null,
  actor_id uuid not null,
  actor_name text not null,
  reason text not null,
  at timestamptz not null,
  effect_digest bytea not null,
  operation uuid not null
);
create index approval_decision_approval on kernel.approval_decision (approval_id, id);
create trigger approval_decision_append_only before update or delete on kernel.approval_decision for each statement execute function kernel.refuse_change();

-- A key whose request waits says so again.
alter table kernel.idempotency add column approval_id uuid;
