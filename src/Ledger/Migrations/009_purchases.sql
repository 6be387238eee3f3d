-- Where goods of a company that states its inventory at the end of a period stand until then.
insert into ledger.account (company_id, code, name, kind, normal, clearing, control)
select c.id, 'purchases', 'Purchases of goods', 'Expense', 'Debit', false, 'None' from kernel.company c on conflict do nothing;
