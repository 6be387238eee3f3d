-- Devices that many people share, and the badges with which they say who is there.

create table access.shared_device (
  id uuid primary key,
  name text not null,
  -- Of what the device's cookie holds.
  digest bytea not null unique,
  idle_minutes integer not null check (idle_minutes between 1 and 60),
  registered_by text not null,
  registered_at timestamptz not null,
  last_used_at timestamptz,
  ended_at timestamptz
);

create table access.badge (
  person_id uuid primary key references access.person (id) on delete cascade,
  digest bytea not null unique,
  pin_hash text not null,
  failed integer not null default 0,
  locked_until timestamptz,
  given_by text not null,
  given_at timestamptz not null
);

alter table access.session add column device_id uuid references access.shared_device (id);
create index session_device on access.session (device_id) where ended_at is null;
