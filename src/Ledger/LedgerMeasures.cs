namespace Keel.Ledger;

/// The figures of the books that are watched. All of them are sums of postings or of open items, so that they tie with the books.
internal static class LedgerMeasures
{
    private const string NotDue = "not due";
    private const string Days30 = "1 to 30 days late";
    private const string Days60 = "31 to 60 days late";
    private const string Older = "over 60 days late";
    private const string Credited = "credit notes, taken off";

    public static readonly Measure[] All =
    [
        new Measure("revenue", "Revenue", "Postings of the day on income accounts, credit less debit, in the company's currency: without tax, less discounts and returns.", MeasureUnit.Money, "/postings")
        {
            Needs = LedgerPermissions.Read, Slices = "channel", IsOfDay = true, Day = "day", SettlesInDays = TakenAgain, Better = Better.More, Team = "finance", Next = "See today's postings", Question = "f.kind=Income",
            Sql = """
                select d.day::date as day, case when grouping(p.channel) = 1 then '' else coalesce(p.channel, '-') end as slice, coalesce(-sum(p.amount), 0) as value
                from generate_series($3::date, $4::date, interval '1 day') d (day)
                left join (
                  select p.day, p.channel, p.company_amount as amount from ledger.posting p join ledger.account a on a.company_id = p.company_id and a.code = p.account
                  where p.company_id = $1 and a.kind = 'Income' and p.day between $3 and $4) p on p.day = d.day::date
                group by grouping sets ((d.day), (d.day, p.channel)) having grouping(p.channel) = 1 or count(p.amount) > 0
                """,
        },
        Balance("stock-value", "Stock value", "What the books hold the goods on the shelves at, at the end of the day: the account Inventory.", "a.code = 'inventory'", "f.account=inventory") with { Team = "buyer", Next = "See the account" },
        Balance("deposits", "Deposits of customers", "What customers paid and has not been delivered and invoiced, at the end of the day.", "a.code = 'customer-deposits'", "f.account=customer-deposits", sign: "-")
            with { Team = "finance", Next = "See the account" },
        Balance("suspense", "To be explained", "What stands on suspense accounts at the end of the day, debit less credit.", "a.code = 'suspense'", "f.account=suspense")
            with { Better = Better.Less, Target = 0, Team = "finance", Next = "Explain it" },
        new Measure("receivables", "Owed to us", "What customers and marketplaces owe us less the credit notes that we owe them, at this moment, in the company's currency: the balance of the accounts of receivables.",
            MeasureUnit.Money, "/open-items")
        {
            Needs = LedgerPermissions.Read, Slices = "age", SliceOrder = [NotDue, Days30, Days60, Older, Credited], Team = "finance", Next = "See what is open", Question = "f.is-receivable=true", Sql = Owed($"""
                case when i.side = 'Credit' then '{Credited}' when i.due_day >= $4 then '{NotDue}' when i.due_day >= $4 - 30 then '{Days30}' when i.due_day >= $4 - 60 then '{Days60}' else '{Older}' end
                """, "true"),
        },
        new Measure("receivables-overdue", "Overdue, owed to us", "What is open on invoices that customers and marketplaces should have paid by now, by their terms, at this moment, in the company's currency. Credit notes are not taken off.", MeasureUnit.Money, "/open-items")
        {
            Needs = LedgerPermissions.Read, Better = Better.Less, Target = 0, IsPast = true, Team = "finance", Next = "Remind them", Question = "f.is-overdue=true", Sql = Owed("null::text", "i.side = 'Debit' and i.due_day < $4"),
        },
        Measure.Rows<LateFacts>("late-facts", "Facts that came too late", "Facts of the last 30 days that belong into a locked month and were posted on the first open day.", "/late-facts", "f.day.ge=today-29")
            with { Better = Better.Less, Team = "finance", Next = "See them" },
    ];

    /// Postings may come late for any open day that a board shows, so all those days are taken again.
    private const int TakenAgain = 35;

    private static string Owed(string slice, string which) =>
        $"""
        select case when grouping(i.slice) = 1 then '' else i.slice end as slice, coalesce(sum(i.open), 0) as value
        from (
          select {slice} as slice, case i.side when 'Debit' then i.company_open_amount else -i.company_open_amount end as open
          from ledger.open_item i join ledger.account a on a.company_id = i.company_id and a.code = i.account and a.kind = 'Asset'
          where i.company_id = $1 and i.open_amount > 0 and {which}) i
        group by grouping sets ((), (i.slice)) having grouping(i.slice) = 1 or i.slice is not null
        """;

    private static Measure Balance(string name, string title, string means, string which, string question, string sign = "") => new(name, title, means, MeasureUnit.Money, "/trial-balance")
    {
        Needs = LedgerPermissions.Read, IsOfDay = true, IsBalance = true, SettlesInDays = TakenAgain, Question = question,
        Sql = $"""
            with days as (
              select t.day, sum(t.debit - t.credit) as amount from ledger.pub_day_total t join ledger.account a on a.company_id = t.company_id and a.code = t.account
              where t.company_id = $1 and {which} and t.day <= $4 group by t.day)
            select d.day::date as day, '' as slice, {sign}coalesce((select sum(s.amount) from days s where s.day <= d.day::date), 0) as value
            from generate_series($3::date, $4::date, interval '1 day') d (day)
            """,
    };
}
