-- Goods that go from one site of the company to another: asked for, promised, on their way, there. What is on its way lies in TRANSIT, which no site counts.
create table stock.transfer (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  from_node text collate "C" not null,
  to_node text collate "C" not null,
  status text not null check (status in ('Requested', 'Approved', 'InTransit', 'Received', 'Cancelled')),
  reason text not null,
  wanted_by date,
  -- When it should arrive, told by whoever sent it.
  expected_on date,
  line_count integer not null check (line_count > 0),
  units bigint not null,
  requested_by uuid not null,
  requested_at timestamptz not null,
  approved_at timestamptz,
  shipped_at timestamptz,
  received_at timestamptz,
  cancelled_at timestamptz,
  version integer not null,
  operation uuid not null,
  unique (company_id, number),
  check (from_node <> to_node)
);
create index transfer_list on stock.transfer (company_id, requested_at, id);
-- What somebody still has to do something about.
create index transfer_open on stock.transfer (company_id, status, id) where status in ('Requested', 'Approved', 'InTransit');

create table stock.transfer_line (
  transfer_id uuid not null references stock.transfer (id),
  line integer not null,
  company_id uuid not null,
  sku text collate "C" not null,
  -- How many are to go; what is given up of them before they leave is taken off.
  quantity bigint not null check (quantity >= 0),
  shipped bigint not null,
  received bigint not null,
  -- What left and never arrived, by decision: lost, or back at the sender.
  missing bigint not null,
  primary key (transfer_id, line),
  constraint transfer_line_goes_on check (0 <= received and 0 <= missing and received + missing <= shipped and shipped <= quantity)
);
-- Says what of a SKU is on its way.
create index transfer_line_transit on stock.transfer_line (company_id, sku) where shipped > received + missing;
-- Serves what waits for goods that arrive.
create index transfer_line_waiting on stock.transfer_line (company_id, sku) where quantity > shipped;

create view stock.pub_transit as
  select l.company_id, l.sku, t.from_node, t.to_node, t.id as transfer_id, t.number, t.expected_on, l.shipped - l.received - l.missing as quantity
  from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id where l.shipped > l.received + l.missing;
