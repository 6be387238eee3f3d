-- Companies that are there already get the rules that new ones begin with.
insert into accounting.posting_rule (company_id, role, channel, category, version, account, effective_from, changed_by, changed_at)
select r.company_id, n.role, null, null, 1, n.account, r.effective_from, r.changed_by, r.changed_at
from accounting.posting_rule r cross join (values ('voucher.expired', 'breakage'), ('voucher.given', 'discounts')) n (role, account)
where r.role = 'invoice.revenue' and r.channel is null and r.category is null and r.version = 1
on conflict do nothing;
