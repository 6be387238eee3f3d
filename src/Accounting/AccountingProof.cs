namespace Keel.Accounting;

/// What must be true between the money book and the stock book.
internal static class AccountingProof
{
    public static void AddTo(ModuleContents contents) => contents
        .Check("accounting.inventory-is-cost-pools", "Inventory in the money book is the value of the cost pools in the stock book",
            "select count(*) from stock.pub_cost_pool",
            """
            select c.code, coalesce(s.value, 0)::text, coalesce(b.balance, 0)::text
            from kernel.company c
            left join (select company_id, sum(value) as value from stock.pub_cost_pool group by company_id) s on s.company_id = c.id
            left join (select company_id, sum(balance) as balance from ledger.pub_account_balance where control = 'CostPools' group by company_id) b
              on b.company_id = c.id
            where coalesce(s.value, 0) <> coalesce(b.balance, 0)
            """)
        .Check("accounting.rules-known", "Posting rules name accounts of the chart",
            "select count(*) from accounting.posting_rule",
            """
            select r.role || ' version ' || r.version, 'an account of the chart', r.account
            from accounting.posting_rule r left join ledger.pub_account_balance a on a.company_id = r.company_id and a.account = r.account
            where a.account is null
            """);
}
