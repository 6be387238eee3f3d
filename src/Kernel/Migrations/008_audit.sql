-- The log is searched by record, person, operation, outcome, door, time and amount. What is frequent is met walking back in time; an index serves
-- each kind of search for what is rare.
alter table kernel.operation_log
  add column amount bigint,
  add column amount_currency char(3),
  -- How many items the request listed, where it was more than one.
  add column items integer check (items > 1),
  -- The digest of the changes to masters and settings that the operation told; their rows stand in kernel.master_change.
  add column changes bytea,
  add constraint operation_log_amount_check check ((amount is null) = (amount_currency is null));
drop index kernel.operation_log_company;
create index operation_log_at on kernel.operation_log (at, id);
create index operation_log_actor on kernel.operation_log (company_id, actor_name, at);
create index operation_log_operation on kernel.operation_log (company_id, operation, at);
create index operation_log_door on kernel.operation_log (company_id, door, at);
create index operation_log_outcome on kernel.operation_log (company_id, outcome, at) where outcome <> 'done';
create index operation_log_amount on kernel.operation_log (company_id, amount) where amount is not null;
create index operation_log_cause on kernel.operation_log (cause) where cause is not null;

-- Which items of its list an operation refused, and how many it did; only of those that refused some.
create table kernel.operation_items (
  operation_id uuid primary key,
  company_id uuid not null,
  done integer not null check (done >= 0),
  refused integer not null check (refused > 0),
  refusals jsonb not null
);
create trigger operation_items_append_only before update or delete on kernel.operation_items for each statement execute function kernel.refuse_change();

-- What a field of a master or a setting was before and is since. What is personal stands under the person's key; a row without a field says
-- that the master was created.
create table kernel.master_change (
  id uuid primary key,
  company_id uuid not null,
  operation uuid not null,
  position integer not null,
  at timestamptz not null,
  actor_name text not null,
  kind text collate "C" not null,
  subject text collate "C" not null,
  field text not null,
  before text,
  after text,
  person uuid,
  -- The order in which they were told, where several came at one instant.
  told bigint generated always as identity
);
create unique index master_change_operation on kernel.master_change (operation, position);
-- Serve the history on a record, and the list.
create index master_change_subject on kernel.master_change (kind, subject, told);
create index master_change_at on kernel.master_change (at, id);
create trigger master_change_append_only before update or delete on kernel.master_change for each statement execute function kernel.refuse_change();
