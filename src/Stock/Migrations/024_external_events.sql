-- What those who run a site under their own authority told us happened to goods there, one by one. What our book could not follow of it is `quantity - booked`.
create table stock.external_event (
  id uuid primary key,
  company_id uuid not null references kernel.company (id),
  number text collate "C" not null,
  node text collate "C" not null,
  -- Their own key: the same event told twice is one.
  reference text collate "C" not null,
  kind text not null check (kind in ('Lost', 'Found', 'Damaged', 'GoodAgain')),
  sku text collate "C" not null,
  lot text collate "C" not null,
  quantity bigint not null check (quantity > 0),
  booked bigint not null check (booked between 0 and quantity),
  note text,
  happened_at timestamptz not null,
  told_at timestamptz not null,
  told_by text not null,
  document_id uuid,
  document_number text,
  operation uuid not null,
  unique (company_id, number),
  unique (company_id, node, reference),
  check ((document_id is null) = (booked = 0))
);
create index external_event_list on stock.external_event (company_id, told_at desc, id);
create trigger external_event_append_only before update or delete on stock.external_event for each statement execute function kernel.refuse_change();
