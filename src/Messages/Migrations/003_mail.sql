-- Mail on its way, sent, or kept where no server is set. Written where it is decided; sent through the outbox.
create table messages.mail (
  id uuid primary key,
  company_id uuid not null,
  template text collate "C" not null,
  template_version integer not null check (template_version >= 0),
  language char(2) not null,
  to_address text not null,
  to_name text not null,
  to_kind text not null check (to_kind in ('Person', 'Customer', 'Other')),
  to_id uuid,
  title text not null,
  text text not null,
  html text not null,
  subject_kind text collate "C" not null,
  subject_id uuid not null,
  subject_number text not null,
  at timestamptz not null,
  state text not null check (state in ('Waiting', 'Sent', 'Kept')),
  sent_at timestamptz,
  once text collate "C" not null,
  operation uuid not null,
  check ((state = 'Sent') = (sent_at is not null))
);
-- The same thing is written to the same address once.
create unique index mail_once on messages.mail (company_id, once);
-- Serve the test inbox and the stream of a record.
create index mail_list on messages.mail (company_id, id);
create index mail_subject on messages.mail (company_id, subject_id, at);

create table messages.mail_server (
  company_id uuid primary key,
  host text not null check (host <> ''),
  port integer not null check (port between 1 and 65535),
  secure boolean not null,
  user_name text,
  secret text,
  from_address text not null,
  from_name text not null,
  house text not null,
  changed_by text not null,
  changed_at timestamptz not null
);

-- What a mail says, version by version; the delivered words are version 0 and stand in the program.
create table messages.template (
  company_id uuid not null,
  kind text collate "C" not null,
  language char(2) not null,
  version integer not null check (version > 0),
  title text not null check (title <> ''),
  body text not null check (body <> ''),
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (company_id, kind, language, version)
);
create trigger template_append_only before update or delete on messages.template for each statement execute function kernel.refuse_change();

-- Links that open one decision for one person: only the digest is kept, and each serves once.
create table messages.decision_link (
  digest bytea primary key,
  company_id uuid not null,
  approval_id uuid not null,
  version integer not null,
  person_id uuid not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  check (expires_at > made_at)
);
