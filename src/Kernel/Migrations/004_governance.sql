-- Serves what a policy decided lately.
create index decision_policy on kernel.decision (company_id, policy, at);

-- Who decides for whom while somebody is away. A delegation is not passed on.
create table kernel.delegation (
  id uuid primary key,
  company_id uuid not null references kernel.company (id),
  from_id uuid not null,
  from_name text not null,
  to_id uuid not null,
  to_name text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  reason text not null,
  made_by text not null,
  ended_at timestamptz,
  check (until_at > from_at),
  check (to_id <> from_id)
);
create index delegation_to on kernel.delegation (company_id, to_id, until_at) where ended_at is null;
create index delegation_from on kernel.delegation (company_id, from_id, until_at) where ended_at is null;

-- In whose place somebody decided.
alter table kernel.approval_decision add column for_id uuid;
alter table kernel.approval_decision add column for_name text;
