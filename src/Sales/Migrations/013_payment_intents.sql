-- A gateway through which customers pay, and what it can do. Its keys are sealed by the house.
create table sales.payment_gateway (
  company_id uuid not null,
  code text collate "C" not null,
  name text not null,
  address text not null,
  valid_days integer not null check (valid_days between 1 and 60),
  captures_parts boolean not null,
  captures_often boolean not null,
  refunds boolean not null,
  patience_seconds integer not null check (patience_seconds between 1 and 60),
  api_key text,
  webhook_secret text,
  is_active boolean not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (company_id, code)
);

-- What a customer wants to pay for an order in one way, and how far it came. The amounts are those of the money facts that name it.
create table sales.payment_intent (
  id uuid primary key,
  company_id uuid not null,
  order_id uuid not null references sales.orders (id),
  gateway text collate "C" not null,
  method text not null,
  -- What the gateway gave the customer's means of payment: it says nothing to anybody else.
  token text,
  status text not null check (status in ('Created', 'Authorised', 'PartlyCaptured', 'Captured', 'Refunded', 'Voided', 'Failed', 'Expired')),
  currency char(3) not null,
  amount bigint not null check (amount > 0),
  authorised bigint not null check (authorised >= 0 and authorised <= amount),
  -- What may still be captured: nothing after a void, the end of its life, or the only capture that the gateway allows.
  capturable bigint not null check (capturable >= 0),
  captured bigint not null check (captured >= 0),
  refunded bigint not null check (refunded >= 0 and refunded <= captured),
  reference text,
  -- Where the customer pays by themselves, where nothing is known of a means of payment yet.
  link text,
  -- The version of the gateway's own record that was followed last: what is older changes nothing.
  seen bigint not null,
  authorised_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null,
  looked_at timestamptz not null,
  problem text,
  operation uuid not null,
  constraint payment_intent_adds_up check (captured + capturable <= authorised)
) with (fillfactor = 85);
create unique index payment_intent_reference on sales.payment_intent (company_id, gateway, reference) where reference is not null;
create index payment_intent_order on sales.payment_intent (order_id);
create index payment_intent_list on sales.payment_intent (company_id, created_at, id);
-- Serve the rounds that look at what ends soon and at what nothing is heard of.
create index payment_intent_ends on sales.payment_intent (company_id, expires_at) where capturable > 0;
create index payment_intent_silent on sales.payment_intent (company_id, looked_at) where status = 'Created';

-- Each wish to a gateway and what became of it: a row when it is asked, one for each silence, one for the answer. The wish is its idempotency key.
create table sales.payment_step (
  id uuid primary key,
  -- The order in which they were written: several have one instant.
  position bigint generated always as identity,
  company_id uuid not null,
  intent_id uuid not null references sales.payment_intent (id),
  order_id uuid not null,
  wish uuid not null,
  kind text not null check (kind in ('Authorise', 'Capture', 'Void', 'Refund')),
  state text not null check (state in ('Asked', 'Confirmed', 'Refused', 'Unknown')),
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  why text,
  at timestamptz not null,
  operation uuid not null
);
create index payment_step_order on sales.payment_step (order_id, at);
create index payment_step_intent on sales.payment_step (intent_id);
create unique index payment_step_asked on sales.payment_step (wish) where state = 'Asked';
create unique index payment_step_answered on sales.payment_step (wish) where state in ('Confirmed', 'Refused');
create index payment_step_silent on sales.payment_step (company_id, at) where state = 'Unknown';
create trigger payment_step_append_only before update or delete or truncate on sales.payment_step for each statement execute function kernel.refuse_change();

-- Every event that a gateway sent, once, and what was done with it.
create table sales.payment_event (
  company_id uuid not null,
  gateway text collate "C" not null,
  event_id text collate "C" not null,
  kind text not null,
  intent_id uuid,
  -- Digest of the words that came, so that other words under the same key are seen.
  digest text not null,
  sent_at timestamptz not null,
  received_at timestamptz not null,
  outcome text not null check (outcome in ('Booked', 'Known', 'Kept')),
  why text,
  -- What it said of the intent, without anything personal.
  said jsonb,
  operation uuid not null,
  primary key (company_id, gateway, event_id)
);
create index payment_event_list on sales.payment_event (company_id, received_at, event_id);
create trigger payment_event_append_only before update or delete or truncate on sales.payment_event for each statement execute function kernel.refuse_change();

-- The intent that moved the money, where one did.
alter table sales.payment add column intent_id uuid references sales.payment_intent (id);
create index payment_intent_facts on sales.payment (intent_id) where intent_id is not null;
