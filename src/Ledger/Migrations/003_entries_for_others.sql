-- What other modules may read: which entries a document caused, and how much each of them moves.
create view ledger.pub_entry as
  select e.id, e.company_id, e.journal, e.day, e.happened_at, e.recorded_at, e.operation_id, e.document_kind, e.document_id, e.document_number,
    e.reverses, e.late_for, e.sentence, e.legs,
    (select coalesce(sum(p.company_amount), 0)::bigint from ledger.posting p where p.entry_id = e.id and p.company_amount > 0) as total,
    (select p.company_amount_currency from ledger.posting p where p.entry_id = e.id limit 1) as currency
  from ledger.entry e;
