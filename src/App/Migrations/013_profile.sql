-- What a company said about itself, from which its policies are proposed. A version never changes: a new one begins.
create table access.company_profile (
  company_id uuid not null,
  version integer not null check (version > 0),
  answers jsonb not null check (jsonb_typeof(answers) = 'object'),
  changed_by text not null,
  changed_at timestamptz not null,
  operation uuid not null,
  primary key (company_id, version)
);
