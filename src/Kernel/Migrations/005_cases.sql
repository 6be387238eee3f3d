-- Who is at a case, until when it rests, how often it was passed up, and how it ended.
alter table kernel.work_case add column assignee_id uuid;
alter table kernel.work_case add column assignee text;
alter table kernel.work_case add column snoozed_until timestamptz;
alter table kernel.work_case add column escalated integer not null default 0 check (escalated between 0 and 9);
alter table kernel.work_case add column resolution_code text collate "C";
alter table kernel.work_case add constraint work_case_assignee check ((assignee_id is null) = (assignee is null));
create index work_case_assignee on kernel.work_case (company_id, assignee_id) where state = 'Open';
create index work_case_closed on kernel.work_case (company_id, closed_at) where state = 'Closed';

-- What happened to a case, for good.
create table kernel.case_step (
  id uuid primary key,
  company_id uuid not null,
  case_id uuid not null references kernel.work_case (id),
  at timestamptz not null,
  kind text not null check (kind in ('Taken', 'Assigned', 'Snoozed', 'Escalated', 'Noted', 'Closed')),
  actor_name text not null,
  words text not null,
  operation uuid not null
);
create index case_step_case on kernel.case_step (case_id, id);
create trigger case_step_append_only before update or delete on kernel.case_step for each statement execute function kernel.refuse_change();
