-- What somebody is told: in the house, and by mail if they want that. Nothing is told twice: `once` says what it is about.
create table messages.notice (
  id uuid primary key,
  company_id uuid not null,
  person_id uuid not null,
  kind text collate "C" not null,
  subject_kind text collate "C" not null,
  subject_id uuid not null,
  subject_number text not null,
  sentence text not null,
  at timestamptz not null,
  read_at timestamptz,
  -- Where it is shown and sent: in the house, by mail at once, in the day's digest, or both.
  in_app boolean not null,
  by_mail text not null check (by_mail in ('Never', 'AtOnce', 'Daily')),
  mailed_at timestamptz,
  once text collate "C" not null,
  operation uuid not null
);
create unique index notice_once on messages.notice (company_id, person_id, kind, once);
-- Serves the list and the bell.
create index notice_person on messages.notice (company_id, person_id, id);
create index notice_unread on messages.notice (company_id, person_id, id) where read_at is null and in_app;
-- Serves the digest.
create index notice_daily on messages.notice (company_id, person_id, id) where by_mail = 'Daily' and mailed_at is null;

create table messages.wish (
  company_id uuid not null,
  person_id uuid not null,
  kind text collate "C" not null,
  in_app boolean not null,
  by_mail text not null check (by_mail in ('Never', 'AtOnce', 'Daily')),
  changed_at timestamptz not null,
  primary key (company_id, person_id, kind)
);
