-- An import can be put right row by row, and taken back while nothing depends on it.

-- The names of the file's columns, so that its refused rows can be shown, corrected and handed out when the file itself is gone.
alter table kernel.import_job add column header jsonb not null default '[]';
alter table kernel.import_job add column undone bigint not null default 0;
alter table kernel.import_job add constraint import_job_undone check (undone between 0 and accepted);

-- The cells of a row that was refused.
alter table kernel.import_row add column cells jsonb;
alter table kernel.import_row add column undone_at timestamptz;
-- Why a row was not taken back.
alter table kernel.import_row add column stays text;
-- Serves the rows of one file that are not in, and those that are to be taken back.
create index import_row_state on kernel.import_row (job_id, state, row);

-- What somebody typed instead of the cells that the file has.
create table kernel.import_fix (
  job_id uuid not null references kernel.import_job (id) on delete cascade,
  row integer not null,
  cells jsonb not null,
  fixed_by text not null,
  fixed_at timestamptz not null,
  primary key (job_id, row)
);

-- What a row of a file made, enough to take it back: written by the operation, in its own transaction.
create table kernel.import_trace (
  job_id uuid not null references kernel.import_job (id) on delete cascade,
  row integer not null,
  company_id uuid not null,
  operation uuid not null,
  at timestamptz not null,
  trace jsonb not null,
  undone_at timestamptz,
  undone_by uuid,
  primary key (job_id, row),
  check ((undone_at is null) = (undone_by is null))
);
