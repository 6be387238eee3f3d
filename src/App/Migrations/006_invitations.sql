-- A way in for one person, once: for somebody new with the roles that they will have, or for somebody known who sets a new password.
-- Only the digest of what the link holds is kept.

create table access.invitation (
  id uuid primary key,
  digest bytea not null unique,
  email text not null,
  -- Whose password it is for; null for somebody new.
  person_id uuid references access.person (id) on delete cascade,
  roles text[] not null,
  companies uuid[],
  nodes text[],
  invited_by text not null,
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index invitation_email on access.invitation (email);
