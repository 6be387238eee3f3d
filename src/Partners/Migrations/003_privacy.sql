-- What persons ask about their own data: a copy of it, or to be forgotten.
create table partners.privacy_request (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  partner_id uuid not null references partners.partner (id),
  partner_number text collate "C" not null,
  wish text not null check (wish in ('Export', 'Erase')),
  received_on date not null,
  due_on date not null check (due_on > received_on),
  note text,
  state text not null check (state in ('Open', 'Done', 'Refused')),
  opened_by text not null,
  opened_at timestamptz not null,
  ended_by text,
  ended_at timestamptz,
  outcome text,
  unique (company_id, number),
  check ((state = 'Open') = (ended_at is null) and (state = 'Open') = (outcome is null))
);
-- Nobody waits twice for the same.
create unique index privacy_request_open on partners.privacy_request (partner_id, wish) where state = 'Open';
create index privacy_request_due on partners.privacy_request (company_id, due_on, id);

-- Who can be forgotten: known persons and firms that were not erased.
create view partners.pub_person as
  select id, company_id, number, is_customer, is_supplier, created_at from partners.partner where erased_at is null and identity <> 'anonymous';
