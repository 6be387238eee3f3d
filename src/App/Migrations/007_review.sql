-- Which operation somebody ran last and how often, counted from the log in the order of its transactions; and what reviews of access decided.

create table access.use (
  actor_id uuid not null,
  operation text collate "C" not null,
  last_at timestamptz not null,
  times bigint not null,
  primary key (actor_id, operation)
);

-- Up to which transaction the log has been counted.
create table access.use_counted (
  only_row boolean primary key default true check (only_row),
  to_xact xid8 not null
);
insert into access.use_counted (to_xact) values ('0'::xid8);

create table access.review (
  id uuid primary key,
  person_id uuid not null references access.person (id),
  role text not null,
  decision text not null check (decision in ('Kept', 'TakenAway')),
  reason text,
  decided_by text not null,
  decided_at timestamptz not null
);
create index review_person on access.review (person_id, role, decided_at);
create trigger review_append_only before update or delete on access.review for each statement execute function kernel.refuse_change();

-- From which addresses a key may be used; null means from anywhere.
alter table access.api_key add column addresses text[];
alter table access.api_key add column last_address text;
