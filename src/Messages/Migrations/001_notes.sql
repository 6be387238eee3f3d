-- What people write on records of any module, and who wants to hear of a record. A task is a note with an owner.
create table messages.note (
  id uuid primary key,
  company_id uuid not null,
  subject_kind text collate "C" not null,
  subject_id uuid not null,
  subject_number text not null,
  text text not null check (text <> ''),
  at timestamptz not null,
  author_kind text not null,
  author_id uuid not null,
  author text not null,
  edited_at timestamptz,
  withdrawn_at timestamptz,
  owner_id uuid,
  owner text,
  due date,
  done_at timestamptz,
  done_by text,
  operation uuid not null,
  version integer not null check (version > 0),
  check ((owner_id is null) = (owner is null)),
  check (due is null or owner_id is not null),
  check ((done_at is null) = (done_by is null)),
  check (done_at is null or owner_id is not null)
);
-- Serves the stream of a record.
create index note_subject on messages.note (company_id, subject_id, at);
-- Serves the list of tasks.
create index note_task on messages.note (company_id, owner_id, due, id) where owner_id is not null and done_at is null and withdrawn_at is null;

create table messages.watch (
  company_id uuid not null,
  subject_kind text collate "C" not null,
  subject_id uuid not null,
  subject_number text not null,
  person_id uuid not null,
  person text not null,
  since timestamptz not null,
  primary key (company_id, subject_id, person_id)
);
create index watch_person on messages.watch (company_id, person_id, since);
