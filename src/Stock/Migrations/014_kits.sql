-- Which lines of a document are parts of one kit, and how much of each is in one: such lines are promised in whole kits or not at all.
create table stock.kit_share (
  document_id uuid not null,
  line integer not null,
  company_id uuid not null,
  kit_line integer not null,
  each bigint not null check (each > 0),
  primary key (document_id, line)
);

-- Goods become others: kits are assembled and taken apart, goods are regraded and repacked; what is no good is scrapped.
alter table stock.document drop constraint document_kind_check;
alter table stock.document add constraint document_kind_check check (kind in ('Receipt', 'Adjustment', 'Return', 'Transfer', 'Revaluation', 'LandedCost', 'Assembly', 'Conversion'));
