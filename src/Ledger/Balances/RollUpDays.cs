namespace Keel.Ledger;

/// Adds what was posted since the last time to the balances per account and day, and to those per document on clearing accounts. It takes
/// whole transactions that have ended, so what it has not seen is exactly the tail that readers add.
internal sealed class RollUpDays(KeelDb db) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        await db.Execute(
            $"""
            with mark as (select through from ledger.roll_up where one for update),
            next as (select pg_snapshot_xmin(pg_current_snapshot()) as through),
            sums as (
              select p.company_id, p.account, p.day, p.company_amount_currency as currency,
                sum(greatest(p.company_amount, 0)) as debit, sum(greatest(-p.company_amount, 0)) as credit, count(*) as postings
              from ledger.entry e join ledger.posting p on p.entry_id = e.id
              where e.xact >= (select through from mark) and e.xact < (select through from next)
              group by 1, 2, 3, 4
            ),
            documents as (
              insert into ledger.document_balance as d (company_id, account, document_id, document_number, document_kind, since, sum)
              select p.company_id, p.account, coalesce(p.order_id, e.document_id), min(e.document_number), min(e.document_kind), min(p.day), sum(p.company_amount)::bigint
              from ledger.entry e join ledger.posting p on p.entry_id = e.id
              join ledger.account a on a.company_id = p.company_id and a.code = p.account and a.clearing and a.control <> 'OpenItems'
              where e.xact >= (select through from mark) and e.xact < (select through from next)
              group by 1, 2, 3
              on conflict (company_id, account, document_id) do update set sum = d.sum + excluded.sum, since = least(d.since, excluded.since)
            ),
            added as (
              insert into ledger.day_balance as d (company_id, account, day, currency, debit, credit, postings)
              select company_id, account, day, currency, debit, credit, postings from sums
              on conflict (company_id, account, day) do update set
                debit = d.debit + excluded.debit, credit = d.credit + excluded.credit, postings = d.postings + excluded.postings
            )
            update ledger.roll_up set through = greatest(mark.through, next.through) from mark, next where one
            """, ct);
        await db.Execute($"delete from ledger.document_balance where sum = 0", ct);
    }
}
