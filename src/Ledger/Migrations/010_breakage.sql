-- Gift cards that nobody spent are income.
insert into ledger.account (company_id, code, name, kind, normal, clearing, control)
select c.id, 'breakage', 'Income from gift cards not spent', 'Income', 'Credit', false, 'None' from kernel.company c on conflict do nothing;
