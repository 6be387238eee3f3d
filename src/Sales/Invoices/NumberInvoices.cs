namespace Keel.Sales;

/// Gives all waiting invoices and credit notes of each series their gap-free numbers, in posting order. It runs right after postings and
/// every second; nobody who issues ever waits for it.
[Operation("sales.number-invoices", SalesPermissions.Invoice, Said = "numbered {invoices|it}", Icon = "file")]
internal sealed class NumberInvoices(KeelDb db) : IOperation<NumberInvoices.Request, int>
{
    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var waiting = await db.Query<string>($"select distinct series from sales.invoice where company_id = {db.Company} and number is null order by series", ct);
        var count = 0;
        foreach (var series in waiting)
        {
            db.Queue($"insert into sales.invoice_series (company_id, series, next) values ({db.Company}, {series}, 1) on conflict do nothing");
            db.Queue($"select next from sales.invoice_series where company_id = {db.Company} and series = {series} for update");
            count += await db.Execute(
                $"""
                with numbered as (
                  select i.id, s.next + row_number() over (order by i.issued_at, i.id) - 1 as number
                  from sales.invoice i join sales.invoice_series s on s.company_id = i.company_id and s.series = i.series
                  where i.company_id = {db.Company} and i.series = {series} and i.number is null order by i.issued_at, i.id limit 5000),
                given as (update sales.invoice i set number = n.number from numbered n where i.id = n.id returning n.number)
                update sales.invoice_series s set next = (select max(number) from given) + 1
                where s.company_id = {db.Company} and s.series = {series} and exists (select 1 from given)
                """, ct);
        }

        return count;
    }
}

/// Runs the numberer for every company that has something waiting.
internal sealed class NumberInvoicesJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from sales.invoice where number is null", ct))
        {
            await gate.Run<NumberInvoices, NumberInvoices.Request, int>(new NumberInvoices.Request(), new Caller(Actor.Keel, Door.Job, company), ct);
        }
    }
}
