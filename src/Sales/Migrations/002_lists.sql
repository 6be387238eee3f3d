-- One index serves every ready-made view of what is still open, each state by itself: the earliest promise first.
create index orders_open on sales.orders (company_id, status, ship_by, id)
  where status in ('OnHold', 'Confirmed', 'Reserved', 'Backordered', 'Released', 'PartlyShipped');
drop index sales.orders_waiting;
drop index sales.orders_ready;
