-- Files that became operations: each row of a file is accepted, refused with a reason, or waits; together they are the rows that were read.

create table kernel.import_job (
  id uuid primary key,
  company_id uuid not null,
  operation text not null,
  file_name text not null,
  bytes bigint not null,
  mapping jsonb not null,
  state text not null check (state in ('Uploaded', 'Tried', 'Running', 'Done', 'Failed')),
  read bigint not null,
  accepted bigint not null,
  refused bigint not null,
  waiting bigint not null,
  problem text,
  started_at timestamptz not null,
  finished_at timestamptz,
  started_by text not null,
  check (state <> 'Done' or read = accepted + refused + waiting)
);
create index import_job_company on kernel.import_job (company_id, id);

create table kernel.import_row (
  job_id uuid not null references kernel.import_job (id) on delete cascade,
  row integer not null,
  state text not null check (state in ('Accepted', 'Refused', 'Waiting')),
  field text,
  reason text,
  content text not null,
  operation uuid,
  primary key (job_id, row)
);

-- The file itself, packed, until its rows were committed.
create table kernel.import_file (
  job_id uuid primary key references kernel.import_job (id) on delete cascade,
  content bytea not null
);

-- Which column went where the last time, for files with the same header.
create table kernel.import_mapping (
  company_id uuid not null,
  operation text not null,
  header text not null,
  mapping jsonb not null,
  used_at timestamptz not null,
  primary key (company_id, operation, header)
);
