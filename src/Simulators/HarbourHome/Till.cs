using Keel.Sales;
using Keel.Sales.Contract;

namespace Keel.Simulators;

/// Money around the orders: captured when goods leave, paid by shops after weeks, paid out by marketplaces, given back to customers.
internal sealed class Till(Clerk clerk, HarbourScale scale)
{
    private static readonly Actor Finance = Staff.Of("Fiona Byrne");

    public async Task Settle(DateOnly day, DateTimeOffset at, CancellationToken ct)
    {
        await Book(await Authorised(ct), at, ct);
        await Book(await Refunds(ct), at, ct);
        await Book(await Wholesale(day, ct), at, ct);
        if (day.DayOfWeek is DayOfWeek.Tuesday) await Book(await PayOuts(day, ct), at, ct);
    }

    /// What the bank had promised is captured for orders that left.
    private async Task<IEnumerable<RecordPayments.Fact>> Authorised(CancellationToken ct) => (await clerk.Asks<Due>(
        $"""
        select o.id as order_id, o.number, o.gross as amount, o.currency, p.method from sales.orders o join sales.payment p on p.order_id = o.id and p.kind = 'Authorised'
        where o.company_id = {clerk.Company} and o.status = 'Shipped' and o.paid = 0 and o.invoiced = o.gross
        """, ct)).Select(d => new RecordPayments.Fact(d.OrderId, PaymentKind.Captured, d.Method, d.Amount, "CAP-" + d.Number));

    /// Customers get back what they paid for what was credited or called off.
    private async Task<IEnumerable<RecordPayments.Fact>> Refunds(CancellationToken ct) => (await clerk.Asks<Due>(
        $"""
        select o.id as order_id, o.number || '-' || o.version as number, o.paid - o.invoiced as amount, o.currency, p.method
        from sales.orders o join sales.payment p on p.order_id = o.id and p.kind = 'Captured'
        where o.company_id = {clerk.Company} and o.channel = 'webshop' and o.paid > o.invoiced and o.status in ('Shipped', 'Cancelled')
        """, ct)).Select(d => new RecordPayments.Fact(d.OrderId, PaymentKind.Refunded, d.Method, d.Amount, "REF-" + d.Number));

    /// Shops pay their invoices after two to five weeks; one in twenty-five forgets.
    private async Task<IEnumerable<RecordPayments.Fact>> Wholesale(DateOnly day, CancellationToken ct) => (await clerk.Asks<Due>(
        $"""
        select i.order_id, i.order_number as number, sum(i.gross)::bigint as amount, i.currency, 'bank-transfer' as method, max(i.day) as day
        from sales.invoice i join sales.orders o on o.id = i.order_id
        where i.company_id = {clerk.Company} and i.channel = 'b2b' and not i.is_credit and o.status = 'Shipped' and o.paid = 0 and i.day <= {day.AddDays(-13)}
        group by i.order_id, i.order_number, i.currency
        """, ct))
        .Where(d => scale.Chance("forgets", d.Number).Next(25) > 0 && d.Day!.Value.AddDays(13 + scale.Chance("pays", d.Number).Next(22)) <= day)
        .Select(d => new RecordPayments.Fact(d.OrderId, PaymentKind.Captured, d.Method, d.Amount, "BANK-" + d.Number));

    /// Marketplaces pay out once a week what left at least seven days ago, less the tax that they owe themselves and what was credited.
    private async Task<IEnumerable<RecordPayments.Fact>> PayOuts(DateOnly day, CancellationToken ct) => (await clerk.Asks<Due>(
        $"""
        select i.order_id, i.order_number as number, i.currency, 'payout' as method,
          sum((case when i.is_credit then -1 else 1 end) * (case when i.channel = 'mercato' then i.net else i.gross end))::bigint as amount
        from sales.invoice i join sales.orders o on o.id = i.order_id
        where i.company_id = {clerk.Company} and i.channel in ('mercato', 'bazaar') and o.status = 'Shipped' and o.paid = 0 and o.shipped_at < {clerk.Clock.GetUtcNow()} and i.day <= {day.AddDays(-7)}
        group by i.order_id, i.order_number, i.currency
        """, ct)).Select(d => new RecordPayments.Fact(d.OrderId, PaymentKind.Captured, d.Method, d.Amount, $"PAYOUT-{day:yyMMdd}-{d.Number}"));

    private async Task Book(IEnumerable<RecordPayments.Fact> facts, DateTimeOffset at, CancellationToken ct)
    {
        foreach (var some in facts.Where(f => f.Amount.Minor > 0).Chunk(200))
        {
            await clerk.Does<RecordPayments, RecordPayments.Request, IReadOnlyList<RecordPayments.Answer>>(
                new(some), clerk.At(at) with { Actor = Finance, Door = Door.Page }, ct);
        }
    }

    private sealed record Due(Id<Order> OrderId, string Number, Money Amount, Currency Currency, string Method, DateOnly? Day);
}
