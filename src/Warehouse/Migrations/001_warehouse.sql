-- What leaves one node for one order: from release to scan-out. Its order's row is the lock of its shipments.
create table warehouse.shipment (
  id uuid primary key,
  company_id uuid not null,
  number text collate "C" not null,
  order_id uuid not null,
  order_number text not null,
  node text collate "C" not null,
  channel text collate "C" not null,
  customer_id uuid not null,
  customer_name text not null,
  ship_to jsonb,
  status text not null check (status in ('Released', 'Picked', 'Packed', 'Shipped', 'Cancelled')),
  ship_by date not null,
  line_count integer not null,
  units bigint not null,
  carrier text,
  tracking text,
  parcels integer not null check (parcels >= 0),
  released_at timestamptz not null,
  picked_at timestamptz,
  packed_at timestamptz,
  shipped_at timestamptz,
  cancelled_at timestamptz,
  day date,
  version integer not null,
  operation uuid not null,
  unique (company_id, number),
  check ((status = 'Shipped') = (shipped_at is not null))
) with (fillfactor = 85);
create index shipment_order on warehouse.shipment (order_id);
-- Serves the board: what is on the floor, the earliest promise first.
create index shipment_board on warehouse.shipment (company_id, ship_by, id) where status in ('Released', 'Picked', 'Packed');
create index shipment_list on warehouse.shipment (company_id, id);

create table warehouse.shipment_line (
  shipment_id uuid not null references warehouse.shipment (id),
  line integer not null,
  company_id uuid not null,
  order_line integer not null,
  sku text collate "C" not null,
  -- The bin to pick from; empty where it was not set aside beforehand.
  location text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  primary key (shipment_id, line)
);

create view warehouse.pub_shipment as select id, company_id, number, order_id, order_number, node, channel, status, units, shipped_at, day from warehouse.shipment;
