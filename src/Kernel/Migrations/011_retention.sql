-- What a court or an authority wants kept: while it stands, nothing of the record or the person is purged or erased.
create table kernel.legal_hold (
  id uuid primary key,
  company_id uuid not null references kernel.company (id),
  subject_kind text not null,
  subject_id uuid not null,
  subject text not null,
  reason text not null,
  owner text not null,
  placed_by text not null,
  placed_at timestamptz not null,
  lifted_by text,
  lifted_at timestamptz,
  lifted_because text,
  check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lifted_because is null))
);
create unique index legal_hold_standing on kernel.legal_hold (company_id, subject_id) where lifted_at is null;
create index legal_hold_list on kernel.legal_hold (company_id, placed_at, id);

-- What was purged because it was kept long enough: how much of which type, and how much a legal hold kept back.
create table kernel.purge (
  id uuid primary key,
  company_id uuid not null,
  at timestamptz not null,
  record_type text not null,
  older_than timestamptz not null,
  months integer not null,
  rows bigint not null check (rows >= 0),
  held bigint not null check (held >= 0),
  policy_version integer not null,
  operation uuid not null
);
create index purge_list on kernel.purge (company_id, at, id);
create trigger purge_append_only before update or delete on kernel.purge for each statement execute function kernel.refuse_change();

-- A case's story is for good, except that what somebody noted about a person goes with the person.
drop trigger case_step_append_only on kernel.case_step;
create trigger case_step_append_only before delete on kernel.case_step for each statement execute function kernel.refuse_change();
create trigger case_step_words before update on kernel.case_step for each row
  when (new.words is distinct from 'Erased with the person' or old.kind <> 'Noted'
    or (new.id, new.company_id, new.case_id, new.at, new.kind, new.actor_name, new.operation) is distinct from (old.id, old.company_id, old.case_id, old.at, old.kind, old.actor_name, old.operation))
  execute function kernel.refuse_change();
