-- Cases are worked in an inbox: somebody takes them, lets them sleep, passes them up, closes them with a code; and each of these is kept.
alter table kernel.work_case drop constraint work_case_state_check;
alter table kernel.work_case add constraint work_case_state_check check (state in ('Open', 'Snoozed', 'Closed'));
alter table kernel.work_case
  add column assignee_id uuid,
  add column assignee text,
  add column snoozed_until timestamptz,
  -- When the next step up is due by itself; null where none is.
  add column escalates_at timestamptz,
  add column escalations integer not null default 0 check (escalations >= 0),
  add column code text;
alter table kernel.work_case add constraint work_case_assignee_check check ((assignee_id is null) = (assignee is null));
alter table kernel.work_case add constraint work_case_snoozed_check check ((state = 'Snoozed') = (snoozed_until is not null));

-- A case that sleeps is not closed: its kind and subject do not get a second one.
drop index kernel.work_case_once;
create unique index work_case_once on kernel.work_case (company_id, kind, subject_id) where state <> 'Closed';
-- Serve the job that wakes and escalates.
create index work_case_snoozed on kernel.work_case (company_id, snoozed_until) where state = 'Snoozed';
create index work_case_escalates on kernel.work_case (company_id, escalates_at) where state = 'Open' and escalates_at is not null;
-- Serve the tabs Mine and Snoozed, the list of what was closed, and the numbers of the last days.
create index work_case_mine on kernel.work_case (company_id, assignee_id, due_at, id) where state <> 'Closed' and assignee_id is not null;
create index work_case_closed on kernel.work_case (company_id, closed_at, id) where state = 'Closed';
create index work_case_opened on kernel.work_case (company_id, opened_at);

-- What happened to a case, for good.
create table kernel.case_event (
  position bigint generated always as identity primary key,
  company_id uuid not null,
  case_id uuid not null references kernel.work_case (id),
  at timestamptz not null,
  what text not null check (what in ('Opened', 'Taken', 'Assigned', 'Snoozed', 'Woken', 'Escalated', 'Noted', 'Closed')),
  actor_kind text not null,
  actor_id uuid not null,
  actor_name text not null,
  sentence text not null,
  operation uuid not null
);
create index case_event_case on kernel.case_event (case_id, position);
create index case_event_escalated on kernel.case_event (company_id, at) where what = 'Escalated';

-- Cases of before have a story too: who opened them stands in the log, who closed them on the case.
insert into kernel.case_event (company_id, case_id, at, what, actor_kind, actor_id, actor_name, sentence, operation)
select company_id, case_id, at, what, actor_kind, actor_id, actor_name, sentence, operation from (
  select c.company_id, c.id as case_id, c.opened_at as at, 'Opened' as what, coalesce(l.actor_kind, 'System') as actor_kind,
    coalesce(l.actor_id, '6b65656c-0000-7000-8000-000000000001') as actor_id, coalesce(l.actor_name, 'Keel') as actor_name, c.sentence, c.operation
  from kernel.work_case c left join kernel.operation_log l on l.id = c.operation
  union all
  select c.company_id, c.id, c.closed_at, 'Closed', 'Nobody', '00000000-0000-0000-0000-000000000000', c.closed_by, c.resolution, c.operation
  from kernel.work_case c where c.state = 'Closed') story
order by at, case_id, what desc;
create trigger case_event_append_only before update or delete on kernel.case_event for each statement execute function kernel.refuse_change();

-- Teams are named as roles are.
update kernel.work_case set owner = 'channel-manager' where owner = 'channel manager';
update kernel.work_case set owner = 'finance' where owner = 'bookkeeper';
update kernel.work_case set escalates_at = due_at where state = 'Open';
