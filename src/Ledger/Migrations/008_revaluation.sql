-- Accounts for changes of value without goods.
insert into ledger.account (company_id, code, name, kind, normal, clearing, control)
select c.id, a.code, a.name, 'Expense', 'Debit', false, 'None' from kernel.company c
cross join (values ('inventory-revaluation', 'Inventory revaluation'), ('inventory-write-down', 'Inventory written down')) a (code, name)
on conflict do nothing;
