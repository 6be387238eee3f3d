-- Who is signed in, where and since when. The cookie names the session; one that is ended here opens nothing from the next request on.

create table access.session (
  id uuid primary key,
  person_id uuid not null references access.person (id) on delete cascade,
  -- The person's security stamp when it began: a new password, role or second factor ends what began before.
  stamp text not null,
  means text not null,
  device text not null,
  address text not null,
  begun_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_minutes integer not null check (idle_minutes > 0),
  ended_at timestamptz,
  ended_by text
);
create index session_person on access.session (person_id, begun_at);
