-- Who may come in: people with a password, programs with a key. Neither belongs to one company.

create table access.person (
  id uuid primary key,
  name text not null,
  roles text[] not null,
  -- The companies that the person may act for; null means all.
  companies uuid[],
  -- The sites that the person may act on, by code; null means all.
  nodes text[],
  disabled boolean not null,
  user_name text not null,
  normalized_user_name text not null unique,
  email text not null,
  normalized_email text not null,
  email_confirmed boolean not null,
  password_hash text,
  security_stamp text,
  concurrency_stamp text,
  phone_number text,
  phone_number_confirmed boolean not null,
  two_factor_enabled boolean not null,
  lockout_end timestamptz,
  lockout_enabled boolean not null,
  access_failed_count integer not null
);
create index person_email on access.person (normalized_email);

create table access.person_claim (
  id integer generated always as identity primary key,
  user_id uuid not null references access.person (id) on delete cascade,
  claim_type text,
  claim_value text
);
create index person_claim_user on access.person_claim (user_id);

create table access.person_login (
  login_provider text not null,
  provider_key text not null,
  provider_display_name text,
  user_id uuid not null references access.person (id) on delete cascade,
  primary key (login_provider, provider_key)
);

create table access.person_token (
  user_id uuid not null references access.person (id) on delete cascade,
  login_provider text not null,
  name text not null,
  value text,
  primary key (user_id, login_provider, name)
);

-- Only the digest of a key is kept: who lost a key makes another one.
create table access.api_key (
  id uuid primary key,
  name text not null,
  prefix text collate "C" not null unique,
  digest bytea not null,
  company_id uuid,
  permissions text[] not null,
  per_second integer check (per_second > 0),
  expires_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text,
  last_used_at timestamptz,
  uses bigint not null default 0
);

-- The keys that cookies are sealed with, shared by all nodes.
create table access.cookie_key (
  name text primary key,
  xml text not null
);
