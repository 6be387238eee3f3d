-- Keys that people's own devices hold: of each the public half, and how often it was used, so that a copy shows itself.

create table access.passkey (
  credential_id bytea primary key,
  person_id uuid not null references access.person (id) on delete cascade,
  name text not null,
  public_key bytea not null,
  created_at timestamptz not null,
  sign_count bigint not null,
  transports text not null,
  is_user_verified boolean not null,
  is_backup_eligible boolean not null,
  is_backed_up boolean not null,
  attestation bytea not null,
  client_data bytea not null
);
create index passkey_person on access.passkey (person_id);

-- What a browser was asked to sign: used once, within minutes.
create table access.passkey_challenge (
  id uuid primary key,
  person_id uuid references access.person (id) on delete cascade,
  state text not null,
  expires_at timestamptz not null
);
