-- Accounts that follow what was shipped and is not delivered yet.
alter table ledger.account drop constraint account_control_check;
alter table ledger.account add constraint account_control_check check (control in ('None', 'OpenItems', 'CostPools', 'Deferrals'));
update ledger.account set control = 'Deferrals' where code = 'goods-in-transit';
insert into ledger.account (company_id, code, name, kind, normal, clearing, control)
select id, 'deferred-revenue', 'Revenue that waits for delivery', 'Liability', 'Credit', false, 'Deferrals' from kernel.company
on conflict do nothing;
