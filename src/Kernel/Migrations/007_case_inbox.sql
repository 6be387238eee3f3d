-- A case that is put off has a state of its own and comes back by itself; what is late goes up by itself, once per step; and a case's story
-- is told from its beginning, with who did it.
alter table kernel.work_case drop constraint work_case_state_check;
alter table kernel.work_case add constraint work_case_state_check check (state in ('Open', 'Snoozed', 'Closed'));
alter table kernel.work_case drop constraint work_case_escalated_check;
alter table kernel.work_case add constraint work_case_escalated_check check (escalated >= 0);
-- When the next step up is due by itself; null where none is.
alter table kernel.work_case add column escalates_at timestamptz;
update kernel.work_case set escalates_at = due_at where state = 'Open' and escalated < 2;
update kernel.work_case set state = 'Snoozed' where state = 'Open' and snoozed_until is not null;
update kernel.work_case set snoozed_until = null where state = 'Closed';
alter table kernel.work_case add constraint work_case_snoozed_check check ((state = 'Snoozed') = (snoozed_until is not null));

-- A case that is put off is not closed: its kind and subject do not get a second one.
drop index kernel.work_case_once;
create unique index work_case_once on kernel.work_case (company_id, kind, subject_id) where state <> 'Closed';
-- Serve the job that wakes and escalates.
create index work_case_snoozed on kernel.work_case (company_id, snoozed_until) where state = 'Snoozed';
create index work_case_escalates on kernel.work_case (company_id, escalates_at) where state = 'Open' and escalates_at is not null;
-- Serve the tab Mine, and the numbers of the last days.
drop index kernel.work_case_assignee;
create index work_case_mine on kernel.work_case (company_id, assignee_id, due_at, id) where state <> 'Closed' and assignee_id is not null;
create index work_case_opened on kernel.work_case (company_id, opened_at);

-- The story: who did a step stands in the log, where that is kept.
drop trigger case_step_append_only on kernel.case_step;
alter table kernel.case_step drop constraint case_step_kind_check;
alter table kernel.case_step add constraint case_step_kind_check check (kind in ('Opened', 'Taken', 'Assigned', 'Snoozed', 'Woken', 'Escalated', 'Noted', 'Closed'));
alter table kernel.case_step
  add column position bigint generated always as identity,
  add column actor_kind text not null default 'Nobody',
  add column actor_id uuid not null default '00000000-0000-0000-0000-000000000000';
update kernel.case_step s set actor_kind = l.actor_kind, actor_id = l.actor_id from kernel.operation_log l where l.id = s.operation;
alter table kernel.case_step alter column actor_kind drop default, alter column actor_id drop default;
insert into kernel.case_step (id, company_id, case_id, at, kind, actor_kind, actor_id, actor_name, words, operation)
select gen_random_uuid(), c.company_id, c.id, c.opened_at, 'Opened', coalesce(l.actor_kind, 'System'), coalesce(l.actor_id, '6b65656c-0000-7000-8000-000000000001'),
  coalesce(l.actor_name, 'Keel'), c.sentence, c.operation
from kernel.work_case c left join kernel.operation_log l on l.id = c.operation;
insert into kernel.case_step (id, company_id, case_id, at, kind, actor_kind, actor_id, actor_name, words, operation)
select gen_random_uuid(), c.company_id, c.id, c.closed_at, 'Closed', 'Nobody', '00000000-0000-0000-0000-000000000000', c.closed_by, c.resolution, c.operation
from kernel.work_case c where c.state = 'Closed' and not exists (select from kernel.case_step s where s.case_id = c.id and s.kind = 'Closed');
create trigger case_step_append_only before update or delete on kernel.case_step for each statement execute function kernel.refuse_change();
drop index kernel.case_step_case;
create index case_step_case on kernel.case_step (case_id, at, position);
create index case_step_escalated on kernel.case_step (company_id, at) where kind = 'Escalated';

-- Teams are named as roles are.
update kernel.work_case set owner = 'channel-manager' where owner = 'channel manager';
update kernel.work_case set owner = 'finance' where owner = 'bookkeeper';
update kernel.work_case set owner = 'administrator' where owner like 'head of %';
