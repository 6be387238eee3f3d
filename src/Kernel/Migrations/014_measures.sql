-- What each measure stood at, day by day: the last value of the day. The slice '' is the whole; others are a site, a channel, an age.
create table kernel.measure_point (
  company_id uuid not null references kernel.company (id),
  measure text collate "C" not null,
  slice text collate "C" not null,
  day date not null,
  value numeric(24, 4) not null,
  -- Of a share: how many of how many.
  part bigint,
  whole bigint check (whole > 0),
  measured_at timestamptz not null,
  primary key (company_id, measure, slice, day),
  check ((part is null) = (whole is null)),
  check (part between 0 and whole)
);
-- Serves forgetting what is old.
create index measure_point_day on kernel.measure_point (company_id, day);

-- What is aimed at from a day on, and who answers for it. A version is never changed after its day has come; a new one begins.
create table kernel.measure_target (
  company_id uuid not null references kernel.company (id),
  measure text collate "C" not null,
  from_day date not null,
  target numeric(24, 4),
  person_id uuid,
  team text collate "C",
  owner text,
  set_by text not null,
  set_at timestamptz not null,
  primary key (company_id, measure, from_day),
  check (person_id is null or team is null),
  check ((owner is null) = (person_id is null and team is null))
);
