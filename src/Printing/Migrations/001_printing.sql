-- Devices that put papers and labels out, and who brings jobs to them.
create table printing.printer (
  id uuid primary key,
  company_id uuid not null,
  name text not null,
  kind text not null check (kind in ('Document', 'Label')),
  node text collate "C" not null,
  agent text collate "C" not null,
  connection text not null check (connection in ('Raw', 'Queue', 'Folder')),
  address text not null,
  width_mm integer not null check (width_mm between 20 and 420),
  height_mm integer not null check (height_mm between 10 and 600),
  dpi integer not null check (dpi between 100 and 1200),
  is_on boolean not null,
  version integer not null,
  unique (company_id, name)
);

create table printing.station (
  company_id uuid not null,
  code text collate "C" not null,
  name text not null,
  kind text not null check (kind in ('Bench', 'Dock', 'Office')),
  node text collate "C" not null,
  primary key (company_id, code)
);

-- Which printer gets which paper: the station's own word counts before the node's, the node's before the company's. Empty means any.
create table printing.route (
  id uuid primary key,
  company_id uuid not null,
  paper text not null,
  node text collate "C" not null,
  station text collate "C" not null,
  printer_id uuid not null references printing.printer (id),
  fallback_id uuid references printing.printer (id),
  copies integer not null check (copies between 1 and 20),
  unique (company_id, paper, node, station),
  check (fallback_id <> printer_id)
);

-- One paper for one record that somebody or something asked for. The cause makes it once; the copy says the how manieth it is.
create table printing.job (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  paper text not null,
  subject_kind text not null,
  subject_id uuid not null,
  subject text not null,
  cause text not null,
  copy integer not null check (copy > 0),
  sheets integer not null check (sheets between 1 and 20),
  node text collate "C" not null,
  station text collate "C" not null,
  printer_id uuid references printing.printer (id),
  fallback_id uuid references printing.printer (id),
  status text not null check (status in ('Queued', 'Taken', 'Sent', 'Printed', 'Failed', 'Unknown', 'Cancelled')),
  reason text,
  asked_by text not null,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  taken_by text,
  claim uuid,
  lease_until timestamptz,
  printed_at timestamptz,
  problem text,
  digest text,
  tries integer not null check (tries >= 0),
  version integer not null,
  unique (company_id, number),
  unique (company_id, paper, subject_id, cause),
  check ((status in ('Taken', 'Sent')) = (lease_until is not null)),
  check (status <> 'Printed' or printed_at is not null)
) with (fillfactor = 80);
-- What came out, or still may, has a copy number of its own.
create unique index job_copy on printing.job (company_id, paper, subject_id, copy) where status not in ('Failed', 'Cancelled');
-- Serves the agents: what waits for a printer, the oldest first.
create index job_waiting on printing.job (printer_id, asked_at, id) where status = 'Queued';
-- Serves the tending of what was taken and of what waits too long.
create index job_open on printing.job (company_id, status, id) where status in ('Queued', 'Taken', 'Sent');
create index job_list on printing.job (company_id, id);
create index job_subject on printing.job (company_id, subject_id);

-- What happened to a job, in order; nothing of it changes.
create table printing.job_step (
  id uuid primary key,
  company_id uuid not null,
  job_id uuid not null references printing.job (id),
  at timestamptz not null,
  status text not null,
  who text not null,
  words text not null
);
create index job_step_job on printing.job_step (job_id, at, id);

-- Programs on site that bring jobs to printers, and when each was last heard of.
create table printing.agent (
  company_id uuid not null,
  name text collate "C" not null,
  host text not null,
  program text not null,
  seen_at timestamptz not null,
  primary key (company_id, name)
);
