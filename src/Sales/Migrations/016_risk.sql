-- Of a repeated order, the other one.
alter table sales.order_check add column other_order uuid;

-- What was learned from labelled payments or from our own orders, with what was measured on the part that was not learned from. Never changed: a new version follows.
create table sales.risk_model (
  company_id uuid not null,
  version integer not null check (version > 0),
  source text not null,
  intercept double precision not null,
  features jsonb not null,
  left_out jsonb not null,
  figures jsonb not null,
  -- Whether it knows enough to count: what hardly tells fraud from the rest is kept to be looked at only.
  is_used boolean not null,
  trained_by text not null,
  trained_at timestamptz not null,
  operation uuid not null,
  primary key (company_id, version)
);
create trigger risk_model_stays before update or delete or truncate on sales.risk_model for each statement execute function kernel.refuse_change();

-- How risky an order looked when it came in, why, and by which policy and model.
create table sales.order_risk (
  order_id uuid primary key references sales.orders (id),
  company_id uuid not null,
  score integer not null check (score between 0 and 100),
  effect text not null check (effect in ('Pass', 'Warn', 'Hold')),
  reasons jsonb not null,
  policy_version integer not null,
  model_version integer,
  at timestamptz not null,
  operation uuid not null
);
create index order_risk_list on sales.order_risk (company_id, at, order_id);
create trigger order_risk_stays before update or delete or truncate on sales.order_risk for each statement execute function kernel.refuse_change();

-- What became of it, as people said: the latest counts.
create table sales.risk_outcome (
  id uuid primary key,
  company_id uuid not null,
  order_id uuid not null references sales.orders (id),
  verdict text not null check (verdict in ('Fraud', 'Good')),
  said_by text not null,
  at timestamptz not null,
  operation uuid not null
);
create index risk_outcome_order on sales.risk_outcome (order_id, id);
create index risk_outcome_list on sales.risk_outcome (company_id, at);
create trigger risk_outcome_stays before update or delete or truncate on sales.risk_outcome for each statement execute function kernel.refuse_change();

-- Serves whoever asks what else goes to an address.
create index orders_ship_to on sales.orders (company_id, (ship_to ->> 'postalCode'), placed_at) where ship_to is not null;
