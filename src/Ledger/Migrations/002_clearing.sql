-- What documents leave on the clearing accounts. Accounts of open items have it listed; on the others, postings of one order belong
-- together, else those of one document.
create view ledger.pub_document_balance as
  select i.company_id, i.account, i.document_id, i.document_number, i.document_kind, i.day as since,
    case i.side when 'Debit' then i.company_open_amount else -i.company_open_amount end as sum
  from ledger.open_item i join ledger.account a on a.company_id = i.company_id and a.code = i.account and a.clearing
  where i.open_amount > 0
  union all
  select p.company_id, p.account, coalesce(p.order_id, e.document_id), min(e.document_number), min(e.document_kind), min(p.day), sum(p.company_amount)::bigint
  from ledger.posting p join ledger.entry e on e.id = p.entry_id
  join ledger.account a on a.company_id = p.company_id and a.code = p.account and a.clearing and a.control <> 'OpenItems'
  group by p.company_id, p.account, coalesce(p.order_id, e.document_id)
  having sum(p.company_amount) <> 0;
