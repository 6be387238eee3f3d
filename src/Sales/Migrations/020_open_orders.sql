-- Open orders by the day they are promised for, whatever their state: lists of one state and of several are read in this order and stop at the first page.
drop index sales.orders_open;
create index orders_open on sales.orders (company_id, ship_by, id, status)
  where status in ('OnHold', 'Confirmed', 'Reserved', 'Backordered', 'Released', 'PartlyShipped');
