namespace Keel.Accounting;

/// What must be true between the money book and the stock book.
internal static class AccountingProof
{
    public static void AddTo(ModuleContents contents) => contents
        .Check("accounting.inventory-is-cost-pools", "Inventory in the money book is the value of the cost pools in the stock book, or what was last stated where it is stated by period",
            "select count(*) from stock.pub_cost_pool",
            """
            select c.code, coalesce(case when m.is_periodic then m.value else s.value end, 0)::text, coalesce(b.balance, 0)::text
            from kernel.company c
            left join accounting.inventory_method m on m.company_id = c.id
            left join (select company_id, sum(value) as value from stock.pub_cost_pool group by company_id) s on s.company_id = c.id
            left join (select company_id, sum(balance) as balance from ledger.pub_account_balance where control = 'CostPools' group by company_id) b
              on b.company_id = c.id
            where coalesce(case when m.is_periodic then m.value else s.value end, 0) <> coalesce(b.balance, 0)
            """)
        .Check("accounting.inventory-by-product", "Inventory in the money book is the value of the cost pools, product by product",
            "select count(*) from stock.pub_cost_pool where $1::text = '0'",
            """
            select coalesce(s.sku, b.sku, 'no product'), coalesce(s.value, 0)::text, coalesce(b.balance, 0)::text
            from (select company_id, sku, sum(value) as value from stock.pub_cost_pool where $1::text = '0' group by 1, 2) s
            full join (
              select p.company_id, coalesce(p.sku, '') as sku, sum(p.company_amount) as balance
              from ledger.pub_posting p join ledger.pub_account_balance a on a.company_id = p.company_id and a.account = p.account and a.control = 'CostPools'
              where $1::text = '0' group by 1, 2
            ) b on b.company_id = s.company_id and b.sku = s.sku
            where coalesce(s.value, 0) <> coalesce(b.balance, 0)
              and not exists (select from accounting.inventory_method m where m.company_id = coalesce(s.company_id, b.company_id) and m.is_periodic)
            """)
        .Check("accounting.invoices-posted", "Every invoice and credit note stands in the money book",
            "select count(*) from sales.pub_invoice where $1::text = '0'",
            """
            select coalesce(i.series || '-' || i.number, i.order_number), 'an entry', 'none'
            from sales.pub_invoice i left join ledger.pub_entry e on e.document_id = i.id and e.journal = 'sales'
            where e.id is null and i.gross <> 0 and $1::text = '0'
            """)
        .Checks([ProofChecks.WithoutGaps("accounting.invoice-numbers", "Invoices and credit notes are numbered without gaps",
            "select company_id::text || ' ' || series, number from sales.pub_invoice where number is not null and $1::text = '0'")])
        .Check("accounting.deferrals-are-balances", "What waits for delivery is what stands on its two accounts",
            "select count(*) from accounting.deferral",
            """
            select c.code || ' ' || k.account, coalesce(d.waiting, 0)::text, coalesce(b.balance, 0)::text
            from kernel.company c
            cross join (values ('Revenue', 'deferred-revenue', -1), ('Cost', 'goods-in-transit', 1)) k(part, account, sign)
            left join (
              select company_id, part, sum(company_amount - taken_company_amount) as waiting from accounting.deferral where recognised_day is null group by 1, 2
            ) d on d.company_id = c.id and d.part = k.part
            left join ledger.pub_account_balance b on b.company_id = c.id and b.account = k.account
            where coalesce(d.waiting, 0) * k.sign <> coalesce(b.balance, 0)
            """)
        .Check("accounting.delivered-counts", "What is delivered counts, and what is on its way does not",
            "select count(*) from accounting.deferral where $1::text = '0'",
            """
            select d.shipment_number, s.status, case when d.recognised_day is null then 'waits' else 'counts' end
            from accounting.deferral d join warehouse.pub_shipment s on s.id = d.shipment_id
            where $1::text = '0' and (s.status = 'Delivered') <> (d.recognised_day is not null)
            """)
        .Check("accounting.vouchers-posted", "What was sold, given, taken and expired of gift cards and store credit stands in the money book",
            "select count(*) from sales.pub_voucher where $1::text = '0'",
            """
            select v.number, coalesce(e.amount, 0)::text, coalesce(p.amount, 0)::text
            from sales.pub_voucher v
            left join (select voucher_id, sum(amount) as amount from sales.pub_voucher_entry where kind in ('Issued', 'Given', 'Corrected', 'Expired') group by 1) e on e.voucher_id = v.id
            left join (
              select p.company_id, p.document_id, r.role, -sum(p.amount) as amount
              from ledger.pub_posting p
              join (select distinct company_id, role, account from accounting.posting_rule where role in ('payment.received.gift-card', 'payment.received.store-credit')) r on r.company_id = p.company_id and r.account = p.account
              where p.document_kind = 'voucher' group by 1, 2, 3
            ) p on p.document_id = v.id and p.role = case v.kind when 'GiftCard' then 'payment.received.gift-card' else 'payment.received.store-credit' end
            where $1::text = '0' and coalesce(e.amount, 0) <> coalesce(p.amount, 0)
            """)
        .Check("accounting.rules-known", "Posting rules name accounts of the chart",
            "select count(*) from accounting.posting_rule",
            """
            select r.role || ' version ' || r.version, 'an account of the chart', r.account
            from accounting.posting_rule r left join ledger.pub_account_balance a on a.company_id = r.company_id and a.account = r.account
            where a.account is null
            """);
}
