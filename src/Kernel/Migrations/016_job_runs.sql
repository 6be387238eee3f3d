-- What ran by itself: when, how often it found nothing to do, what it did, what went wrong. Runs without anything to do are one row until one has.
create table kernel.job_run (
  id bigint generated always as identity primary key,
  name text collate "C" not null,
  node text not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  times integer not null default 1 check (times > 0),
  operations integer not null default 0 check (operations >= 0),
  refused integer not null default 0 check (refused >= 0),
  letters integer not null default 0 check (letters >= 0),
  problem text,
  check (ended_at >= started_at)
);
-- Serves the runs of one job, the newest first.
create index job_run_name on kernel.job_run (name, id);
-- Serves the purge.
create index job_run_ended on kernel.job_run using brin (ended_at);

-- How the letters for one receiver went, day by day: kept as they are delivered, so that nobody counts the outbox.
create table kernel.delivery_day (
  company_id uuid not null,
  deliverer text collate "C" not null,
  day date not null,
  delivered integer not null default 0 check (delivered >= 0),
  failed integer not null default 0 check (failed >= 0),
  delivered_at timestamptz,
  failed_at timestamptz,
  problem text,
  primary key (company_id, deliverer, day)
);
