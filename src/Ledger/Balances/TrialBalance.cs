using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Ledger;

/// Every account's debits, credits and balance at the end of a day: as it is known now, or as it was known at an instant.
/// Rolled-up days and the tail behind them give what is known now; what was recorded later than the instant is taken off.
[View("ledger.trial-balance", LedgerPermissions.Read, Sort = "place")]
internal sealed class TrialBalance(KeelDb db) : IView<TrialBalance.Row, TrialBalance.Args>
{
    public sealed record Args(DateOnly? AsOf = null, DateTimeOffset? KnownAt = null);

    public sealed record Row
    {
        [Key] public required AccountCode Account { get; init; }
        [Search] public required string Name { get; init; }
        public required AccountKind Kind { get; init; }
        public Money? Debit { get; init; }
        public Money? Credit { get; init; }
        public required Money Balance { get; init; }
        public required Currency Currency { get; init; }
        public required int Place { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select a.code as account, a.name, a.kind, c.currency, array_position(array['Asset', 'Liability', 'Equity', 'Income', 'Expense'], a.kind) as place,
          nullif(t.debit, 0)::bigint as debit, nullif(t.credit, 0)::bigint as credit, coalesce(t.debit - t.credit, 0)::bigint as balance
        from ledger.account a join kernel.company c on c.id = a.company_id
        left join (
          select b.account, sum(b.debit) as debit, sum(b.credit) as credit from (
            select d.account, d.day, d.debit, d.credit from ledger.day_balance d where d.company_id = {db.Company}
            union all
            select p.account, p.day, greatest(p.company_amount, 0), greatest(-p.company_amount, 0)
            from ledger.entry e join ledger.posting p on p.entry_id = e.id
            where e.xact >= (select through from ledger.roll_up) and e.company_id = {db.Company}
            {Later(args)}
          ) b where b.day <= {args.AsOf ?? DateOnly.MaxValue} group by b.account
        ) t on t.account = a.code
        where a.company_id = {db.Company}
        """;

    private SqlText Later(Args args)
    {
        var text = new SqlText();
        if (args.KnownAt is { } known)
        {
            text.Append(
                $"""
                union all
                select p.account, p.day, -greatest(p.company_amount, 0), -greatest(-p.company_amount, 0)
                from ledger.entry e join ledger.posting p on p.entry_id = e.id
                where e.recorded_at > {known} and e.company_id = {db.Company}
                """);
        }

        return text;
    }
}
