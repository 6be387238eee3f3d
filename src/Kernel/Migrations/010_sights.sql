-- Who saw personal data: one row per day, person, list or record, and way. Written a few seconds later, in one go.
create table kernel.sight (
  id uuid primary key,
  company_id uuid not null,
  day date not null,
  actor_kind text not null,
  actor_id uuid not null,
  actor_name text not null,
  what text collate "C" not null,
  -- What was opened: the key of the record, or its number; both empty for a list.
  record_id uuid,
  record text collate "C" not null,
  way text not null check (way in ('List', 'Record', 'Export')),
  times integer not null check (times > 0),
  rows bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null
);
create unique index sight_once on kernel.sight (company_id, day, actor_id, what, record, way);
-- Serve the list, and the question who saw one person's data.
create index sight_list on kernel.sight (company_id, last_at, id);
create index sight_record on kernel.sight (record_id) where record_id is not null;
