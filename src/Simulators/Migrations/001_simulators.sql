-- What a long run has finished, so that one that was killed goes on where it stood and one that is done changes nothing.
create table simulators.finished_step (
  company_id uuid not null,
  run text collate "C" not null,
  step text collate "C" not null,
  finished_at timestamptz not null,
  -- The numbers of the file's rows that wait for somebody.
  waiting jsonb not null,
  primary key (company_id, run, step)
);
