-- Files that hang on records. What is handed in stands beside them; when a file is removed, its content is destroyed and its digest stays.
create table messages.file_content (
  id uuid primary key,
  company_id uuid not null,
  type text not null,
  bytes bigint not null check (bytes > 0 and bytes <= 26214400),
  digest bytea not null check (length(digest) = 32),
  content bytea not null,
  person_id uuid not null,
  at timestamptz not null,
  is_attached boolean not null
);
alter table messages.file_content alter column content set storage external;
-- Serves the clearing away of what was handed in and never hung on anything.
create index file_content_loose on messages.file_content (at) where not is_attached;

create table messages.file (
  id uuid primary key,
  company_id uuid not null,
  subject_kind text collate "C" not null,
  subject_id uuid not null,
  subject_number text not null,
  name text not null check (length(name) between 1 and 120),
  type text not null,
  bytes bigint not null,
  digest bytea not null,
  at timestamptz not null,
  author_id uuid not null,
  author text not null,
  removed_at timestamptz,
  removed_by text,
  operation uuid not null,
  check ((removed_at is null) = (removed_by is null))
);
-- Serves the stream of a record.
create index file_subject on messages.file (company_id, subject_id, at);
