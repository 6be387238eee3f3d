-- What goods are worth: by which method their cost is found, the layers of those methods that keep them, and changes of value without goods.
create table stock.costing_rule (
  company_id uuid not null,
  -- Empty for everything that has no rule of its own.
  category text not null,
  method text not null check (method in ('Average', 'Fifo', 'Standard', 'Lot')),
  changed_at timestamptz not null,
  changed_by text not null,
  version integer not null,
  primary key (company_id, category)
);

alter table stock.cost_pool
  add column method text not null default 'Average' check (method in ('Average', 'Fifo', 'Standard', 'Lot')),
  -- What one unit costs by the standard, in the smallest unit of the currency.
  add column standard numeric(20, 6) check (standard >= 0),
  -- How much less than their cost the goods stand in the books.
  add column written_down bigint not null default 0,
  add constraint cost_pool_empty_is_not_written_down check (written_down >= 0 and (quantity > 0 or written_down = 0));
alter table stock.cost_pool alter column method drop default, alter column written_down drop default;

create table stock.cost_layer (
  id uuid primary key,
  company_id uuid not null,
  sku text collate "C" not null,
  lot text collate "C" not null,
  document_kind text not null,
  document_id uuid not null,
  document_number text not null,
  line integer not null,
  received bigint not null check (received > 0),
  open bigint not null check (open between 0 and received),
  value bigint not null,
  currency char(3) not null,
  happened_at timestamptz not null,
  operation uuid not null,
  -- Nothing is left of it. A column of its own, so that taking from a layer changes no index.
  spent boolean not null,
  constraint cost_layer_spent_is_empty check (spent = (open = 0)),
  constraint cost_layer_empty_is_worth_nothing check (value >= 0 and (open > 0 or value = 0))
) with (fillfactor = 60);
create index cost_layer_open on stock.cost_layer (company_id, sku, happened_at, id) where not spent;
create index cost_layer_document on stock.cost_layer (document_id);

-- Which layers goods that left were taken from, and at what cost.
create table stock.layer_take (
  move_id uuid not null,
  layer_id uuid not null,
  company_id uuid not null,
  quantity bigint not null check (quantity > 0),
  value bigint not null,
  currency char(3) not null,
  primary key (move_id, layer_id)
);
create index layer_take_layer on stock.layer_take (layer_id);
create trigger layer_take_append_only before update or delete on stock.layer_take for each statement execute function kernel.refuse_change();

-- A change of value moves nothing: it comes from COST and goes to VALUE.
alter table stock.move drop constraint move_quantity_check;
alter table stock.move add constraint move_quantity_check check (quantity > 0 or (quantity = 0 and value is not null and to_location = 'VALUE'));
alter table stock.document drop constraint document_kind_check;
alter table stock.document add constraint document_kind_check check (kind in ('Receipt', 'Adjustment', 'Return', 'Transfer', 'Revaluation', 'LandedCost'));

-- Freight, duty and the like that are spread over what was received.
create table stock.landed_cost (
  id uuid primary key references stock.document (id),
  company_id uuid not null,
  number text collate "C" not null,
  status text not null check (status in ('Estimated', 'Landed', 'Cleared', 'Undone')),
  total bigint not null,
  to_stock bigint not null,
  to_sold bigint not null,
  currency char(3) not null,
  note text,
  -- The paper that took the place of an estimate, or took this one back.
  ended_by uuid,
  happened_at timestamptz not null,
  operation uuid not null,
  check (total = to_stock + to_sold)
);
create index landed_cost_open on stock.landed_cost (company_id, id) where status = 'Estimated';

create table stock.landed_charge (
  landed_cost_id uuid not null references stock.landed_cost (id),
  company_id uuid not null,
  line integer not null,
  kind text not null check (kind in ('Freight', 'Duty', 'Insurance', 'Handling', 'Other')),
  split text not null check (split in ('Value', 'Quantity', 'Weight', 'Volume', 'Equally')),
  amount bigint not null,
  currency char(3) not null,
  partner uuid,
  reference text,
  primary key (landed_cost_id, line)
);

-- What each line of a receipt bears of a charge: what is still there bears it in stock, what is sold in the cost of sales.
create table stock.landed_share (
  landed_cost_id uuid not null,
  company_id uuid not null,
  charge integer not null,
  receipt_id uuid not null,
  receipt_number text not null,
  receipt_line integer not null,
  sku text collate "C" not null,
  quantity bigint not null,
  left_there bigint not null,
  to_stock bigint not null,
  to_sold bigint not null,
  currency char(3) not null,
  primary key (landed_cost_id, charge, receipt_id, receipt_line),
  foreign key (landed_cost_id, charge) references stock.landed_charge (landed_cost_id, line)
);
create index landed_share_receipt on stock.landed_share (receipt_id);
create trigger landed_charge_append_only before update or delete on stock.landed_charge for each statement execute function kernel.refuse_change();
create trigger landed_share_append_only before update or delete on stock.landed_share for each statement execute function kernel.refuse_change();

-- By how much bills differed from receipts, so that a second bill is held against the first.
create table stock.cost_correction (
  document_id uuid not null references stock.document (id),
  receipt_id uuid not null,
  receipt_line integer not null,
  company_id uuid not null,
  sku text collate "C" not null,
  value bigint not null,
  currency char(3) not null,
  primary key (document_id, receipt_id, receipt_line)
);
create index cost_correction_receipt on stock.cost_correction (receipt_id);
create trigger cost_correction_append_only before update or delete on stock.cost_correction for each statement execute function kernel.refuse_change();

-- What was told later than it happened: what was not known at an instant is found among these.
create index move_late on stock.move (company_id, recorded_at) where recorded_at > happened_at;
