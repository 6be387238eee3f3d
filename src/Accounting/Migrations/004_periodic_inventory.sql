-- Each time inventory in the money book was brought to the book of goods, and how goods are accounted for from then on. Without a row, as they move.
create table accounting.inventory_close (
  company_id uuid not null,
  number integer not null check (number > 0),
  is_periodic boolean not null,
  through date not null,
  currency char(3) not null,
  value bigint not null,
  purchases bigint not null,
  cost bigint not null,
  document_id uuid not null,
  document_number text not null,
  is_posted boolean not null,
  done_by text not null,
  done_at timestamptz not null,
  primary key (company_id, number)
);

-- How goods are accounted for now, and what inventory of a periodic company was when it was last brought to the book of goods.
create view accounting.inventory_method as
  select distinct on (company_id) company_id, is_periodic, through, value, currency from accounting.inventory_close order by company_id, number desc;

-- Whoever posts goods holds the method until the commit, and whoever changes it takes it alone. A method that changed meanwhile makes the operation run again.
create function accounting.hold_method(company uuid, periodic boolean) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('accounting.inventory ' || company::text, 0));
  if coalesce((select m.is_periodic from accounting.inventory_method m where m.company_id = company), false) <> periodic then
    raise exception 'Goods are accounted for in another way by now' using errcode = '40001';
  end if;
end $$;
