-- What documents leave on the clearing accounts without open items, kept beside the day balances and by the same job: who looks at a clearing
-- account adds up what is open and the tail, not every posting since the beginning. Postings of one order belong together, else those of one
-- document. A row that comes to zero goes.
create table ledger.document_balance (
  company_id uuid not null,
  account text collate "C" not null,
  document_id uuid not null,
  document_number text not null,
  document_kind text not null,
  since date not null,
  sum bigint not null,
  primary key (company_id, account, document_id)
);
create index document_balance_settled on ledger.document_balance (company_id) where sum = 0;

insert into ledger.document_balance (company_id, account, document_id, document_number, document_kind, since, sum)
select p.company_id, p.account, coalesce(p.order_id, e.document_id), min(e.document_number), min(e.document_kind), min(p.day), sum(p.company_amount)::bigint
from ledger.posting p join ledger.entry e on e.id = p.entry_id
join ledger.account a on a.company_id = p.company_id and a.code = p.account and a.clearing and a.control <> 'OpenItems'
where e.xact < (select through from ledger.roll_up)
group by 1, 2, 3 having sum(p.company_amount) <> 0;

create or replace view ledger.pub_document_balance as
  select i.company_id, i.account, i.document_id, i.document_number, i.document_kind, i.day as since,
    case i.side when 'Debit' then i.company_open_amount else -i.company_open_amount end as sum
  from ledger.open_item i join ledger.account a on a.company_id = i.company_id and a.code = i.account and a.clearing
  where i.open_amount > 0
  union all
  select company_id, account, document_id, min(document_number), min(document_kind), min(since), sum(sum)::bigint
  from (
    select company_id, account, document_id, document_number, document_kind, since, sum from ledger.document_balance where sum <> 0
    union all
    select p.company_id, p.account, coalesce(p.order_id, e.document_id), e.document_number, e.document_kind, p.day, p.company_amount
    from ledger.entry e join ledger.posting p on p.entry_id = e.id
    join ledger.account a on a.company_id = p.company_id and a.code = p.account and a.clearing and a.control <> 'OpenItems'
    where e.xact >= (select through from ledger.roll_up)
  ) t
  group by company_id, account, document_id
  having sum(sum) <> 0;
