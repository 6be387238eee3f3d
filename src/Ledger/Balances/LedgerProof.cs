namespace Keel.Ledger;

/// What must be true of the money book. `$1` is the transaction from which on a check looks: '0' is everything. Checks that have to read
/// every posting look at nothing unless they may look at everything.
internal static class LedgerProof
{
    public static void AddTo(ModuleContents contents) => contents
        .Check("ledger.entries-balance", "Every entry balances and has all its legs",
            "select count(*) from ledger.entry where xact >= $1::text::xid8",
            """
            select e.document_number || ' (' || e.id || ')', e.legs || ' legs that add up to 0',
              count(p.entry_id) || ' legs that add up to ' || coalesce(sum(p.company_amount), 0)
            from ledger.entry e left join ledger.posting p on p.entry_id = e.id and p.company_id = e.company_id and p.day = e.day
            where e.xact >= $1::text::xid8 group by e.id
            having count(p.entry_id) <> e.legs or coalesce(sum(p.company_amount), 0) <> 0
            """)
        .Check("ledger.postings-have-entries", "No posting stands without its entry",
            "select count(*) from ledger.posting where $1::text = '0'",
            """
            select p.entry_id || ' leg ' || p.leg, 'an entry', 'none'
            from ledger.posting p left join ledger.entry e on e.id = p.entry_id where e.id is null and $1::text = '0'
            """)
        .Check("ledger.accounts-known", "Postings stand on accounts of the chart, in the company's currency",
            "select count(*) from ledger.posting",
            """
            select p.account, 'an account in ' || coalesce(c.currency, '?'),
              case when a.code is null then 'not in the chart' else 'postings in ' || p.company_amount_currency end
            from (
              select distinct p.company_id, p.account, p.company_amount_currency
              from ledger.entry e join ledger.posting p on p.entry_id = e.id where e.xact >= $1::text::xid8
            ) p
            left join ledger.account a on a.company_id = p.company_id and a.code = p.account
            left join kernel.company c on c.id = p.company_id
            where a.code is null or c.currency is distinct from p.company_amount_currency
            """)
        .Check("ledger.months-locked", "Nothing was posted into a month after it had been locked",
            "select count(*) from ledger.period where state = 'Locked'",
            """
            select e.document_number, 'not after ' || to_char(p.changed_at, 'YYYY-MM-DD HH24:MI'), to_char(e.recorded_at, 'YYYY-MM-DD HH24:MI')
            from ledger.period p join ledger.entry e on e.company_id = p.company_id and e.day >= p.month and e.day < p.month + interval '1 month'
            where p.state = 'Locked' and e.recorded_at > p.changed_at
            """)
        .Check("ledger.items-are-their-steps", "Every open item is the sum of its story",
            "select count(*) from ledger.open_item",
            """
            select i.document_number || ' on ' || i.account,
              i.amount || ', open ' || i.open_amount || ', in the book ' || i.company_open_amount,
              coalesce(s.opened, 0) || ', open ' || coalesce(s.left_over, 0) || ', in the book ' || coalesce(s.company_left, 0)
            from ledger.open_item i full join (
              select company_id, account, document_id, currency, sum(amount) filter (where kind = 'Opens') as opened,
                sum(case kind when 'Opens' then amount else -amount end) as left_over,
                sum(case kind when 'Opens' then company_amount else -company_amount end) as company_left
              from ledger.item_step group by 1, 2, 3, 4
            ) s using (company_id, account, document_id, currency)
            where i.amount is distinct from s.opened or i.open_amount is distinct from s.left_over or i.company_open_amount is distinct from s.company_left
            """)
        .Check("ledger.items-carry-their-accounts", "Receivables, payables and deposits are the sum of their open items",
            "select count(*) from ledger.account where control = 'OpenItems'",
            """
            select a.account, coalesce(i.open, 0)::text, a.balance::text
            from ledger.pub_account_balance a left join (
              select company_id, account, sum(case side when 'Debit' then company_open_amount else -company_open_amount end) as open
              from ledger.open_item group by 1, 2
            ) i on i.company_id = a.company_id and i.account = a.account
            where a.control = 'OpenItems' and a.balance <> coalesce(i.open, 0)
            """)
        .Check("ledger.day-balances", "Rolled-up days are the sum of their postings",
            "select count(*) from ledger.day_balance where $1::text = '0'",
            """
            select coalesce(d.account, t.account) || ' on ' || coalesce(d.day, t.day),
              coalesce(t.debit, 0) || ' / ' || coalesce(t.credit, 0), coalesce(d.debit, 0) || ' / ' || coalesce(d.credit, 0)
            from ledger.day_balance d full join (
              select p.company_id, p.account, p.day, sum(greatest(p.company_amount, 0)) as debit, sum(greatest(-p.company_amount, 0)) as credit
              from ledger.entry e join ledger.posting p on p.entry_id = e.id
              where e.xact < (select through from ledger.roll_up) and $1::text = '0' group by 1, 2, 3
            ) t on t.company_id = d.company_id and t.account = d.account and t.day = d.day
            where $1::text = '0' and (d.debit is distinct from t.debit or d.credit is distinct from t.credit)
            """)
        .Check("ledger.document-balances", "What documents leave on clearing accounts is the sum of their postings",
            "select count(*) from ledger.document_balance where $1::text = '0'",
            """
            select coalesce(d.document_number, t.document_number) || ' on ' || coalesce(d.account, t.account), coalesce(t.sum, 0)::text, coalesce(d.sum, 0)::text
            from ledger.document_balance d full join (
              select p.company_id, p.account, coalesce(p.order_id, e.document_id) as document_id, min(e.document_number) as document_number, sum(p.company_amount) as sum
              from ledger.entry e join ledger.posting p on p.entry_id = e.id
              join ledger.account a on a.company_id = p.company_id and a.code = p.account and a.clearing and a.control <> 'OpenItems'
              where e.xact < (select through from ledger.roll_up) and $1::text = '0' group by 1, 2, 3
            ) t on t.company_id = d.company_id and t.account = d.account and t.document_id = d.document_id
            where $1::text = '0' and coalesce(d.sum, 0) <> coalesce(t.sum, 0)
            """);
}
