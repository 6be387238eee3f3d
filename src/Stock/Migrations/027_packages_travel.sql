-- Packages that go on a transfer whole. A package on its way stands in TRANSIT, at the site that it goes to.
create table stock.transfer_package (
  transfer_id uuid not null references stock.transfer (id),
  company_id uuid not null,
  package text collate "C" not null,
  -- The step in which it left: what that moved in it is what lies in it.
  operation uuid not null,
  state text not null check (state in ('OnItsWay', 'Arrived', 'Back', 'Lost')),
  sent_at timestamptz not null,
  ended_at timestamptz,
  primary key (transfer_id, package, operation),
  foreign key (company_id, package) references stock.package (company_id, code),
  check ((state = 'OnItsWay') = (ended_at is null))
);
-- A package is on its way once.
create unique index transfer_package_on_its_way on stock.transfer_package (company_id, package) where state = 'OnItsWay';

alter table stock.package_step drop constraint package_step_kind_check;
alter table stock.package_step add constraint package_step_kind_check check (kind in ('Made', 'Moved', 'PutInto', 'TakenOut', 'Closed', 'Opened', 'Ended', 'SentOff', 'Arrived', 'CameBack', 'Lost'));

-- What lies in packages that are on their way.
create view stock.package_load as
  select w.company_id, w.transfer_id, w.package, m.line, m.sku, m.lot, m.owner, m.condition, sum(m.quantity)::bigint as quantity
  from stock.transfer_package w join stock.move m on m.company_id = w.company_id and m.package = w.package and m.package <> '' and m.document_id = w.transfer_id and m.operation = w.operation and m.to_location = 'TRANSIT'
  where w.state = 'OnItsWay' group by 1, 2, 3, 4, 5, 6, 7, 8;
