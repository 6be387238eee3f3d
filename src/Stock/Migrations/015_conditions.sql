-- What units are fit for where they lie, whatever the place is for. What is not good is on hand and valued, and neither promised nor picked.
create table stock.condition_kind (
  condition text collate "C" primary key,
  promisable boolean not null,
  pickable boolean not null
);
insert into stock.condition_kind (condition, promisable, pickable) values ('Good', true, true), ('Quality', false, false), ('Damaged', false, false), ('Hold', false, false);

-- The condition stands in the key of a level, and of no reservation or allocation: what is promised or set aside is good. An update of a level writes to no
-- index, as before: no index speaks of its quantity.
alter table stock.level add column condition text collate "C" not null default 'Good' references stock.condition_kind (condition);
alter table stock.level drop constraint level_pkey, add primary key (company_id, node, sku, location, lot, package, owner, condition);
alter table stock.level add constraint level_sets_aside_what_is_good check (allocated = 0 or condition = 'Good');
alter table stock.move add column condition text collate "C" not null default 'Good';

-- Goods that stay where they are and become of another condition or package go through CHANGE in one step: what comes out is what went in. Goods that become
-- somebody else's go through OWNER, which nobody values.
insert into stock.place_kind (kind, counted, promisable, pickable, valued) values ('Change', false, false, false, true), ('Owner', false, false, false, false);
insert into stock.location (company_id, code, node, parent, kind, name, pick_order, tier, barcode)
select l.company_id, upper(k.kind), '', null, k.kind, k.kind, 0, 'Zone', upper(k.kind)
from stock.location l cross join (values ('Change'), ('Owner')) k (kind) where l.code = 'SUPPLIER' and not exists (select from stock.location o where o.company_id = l.company_id and o.code = upper(k.kind));

-- The one table: what goods count as by the place in which they lie, their condition, and whether they are the company's own.
create view stock.counts_as as
select k.kind, c.condition, o.own, k.counted, k.promisable and c.promisable as promisable, k.pickable and c.pickable as pickable, k.valued and o.own as valued
from stock.place_kind k cross join stock.condition_kind c cross join (values (true), (false)) o (own);

-- Papers about goods that change where they lie, and about goods that change their owner.
alter table stock.document drop constraint document_kind_check;
alter table stock.document add constraint document_kind_check check (kind in ('Receipt', 'Adjustment', 'Return', 'Transfer', 'Revaluation', 'LandedCost', 'Assembly', 'Conversion', 'Change', 'Ownership', 'Issue'));
