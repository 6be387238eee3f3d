-- Copies of everything Keel keeps, and the trials that show that they can be put back.

create table access.copy (
  id uuid primary key,
  kind text not null check (kind in ('Backup', 'Drill')),
  state text not null check (state in ('Asked', 'Running', 'Done', 'Failed')),
  asked_by text not null,
  asked_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  -- The copy itself; a drill says which copy it tried.
  file text,
  bytes bigint,
  tried uuid references access.copy (id),
  -- What there was when the copy was begun, and what a drill found in it.
  counts jsonb,
  outcome text,
  check ((state = 'Asked') = (started_at is null)),
  check ((state in ('Done', 'Failed')) = (ended_at is not null))
);
create index copy_asked on access.copy (asked_at desc);
-- One at a time: a copy that is being written is not tried, and two do not race for the disk.
create unique index copy_running on access.copy ((true)) where state = 'Running';
