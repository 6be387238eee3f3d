using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.AspNetCore.Components;

namespace Keel.Sales;

/// What a customer is to the house: orders of all channels, what they brought, what came back, what is open, and how the customer stands. Asked with the round trip of whoever shows it;
/// somebody limited to channels sees the orders of those.
internal sealed class CustomerBook(KeelDb db, CustomerCredit credit, Viewer viewer)
{
    /// More orders are not counted: nobody reads the number.
    public const int Most = 1000;

    /// Orders in one currency that were not cancelled.
    public sealed record Bought(Currency Currency, long Orders, Money Value, DateTimeOffset First, DateTimeOffset Latest);

    public sealed record Line(Id<Order> Id, string Number, string Channel, OrderStatus Status, DateTimeOffset PlacedAt, Money Gross, Currency Currency);

    public sealed record Rest(string Number, long OpenCases, Quantity Shipped, Quantity Returned, long Before);

    public sealed record Own(Id<Voucher> Id, string Number, Money Balance, Currency Currency);

    private Later<List<Own>>? own;
    private Later<List<Bought>>? bought;
    private Later<List<Line>>? latest;
    private Later<List<Rest>>? rest;
    private Later<List<CreditStanding>>? standing;

    public IReadOnlyList<Bought> Sums => bought?.Value ?? [];
    public IReadOnlyList<Line> Latest => latest?.Value ?? [];
    public Rest? Facts => rest?.Value is [var only] ? only : null;

    /// What the customer can spend on orders.
    public IReadOnlyList<Own> StoreCredit => own?.Value ?? [];
    public long Orders => Sums.Sum(b => b.Orders);

    /// How the customer stands, for those who may see it; nothing where the customer pays at once.
    public CreditStanding? Credit => standing?.Value is [{ PaysLater: true } only] ? only : null;

    /// What came back of what left, in per cent.
    public decimal? ReturnedPercent => Facts is { Shipped.IsPositive: true } facts ? Math.Round(facts.Returned.Thousandths * 100m / facts.Shipped.Thousandths, 1) : null;

    /// Of a partner's record.
    public void Ask(Guid customer)
    {
        Ask(new SqlText($"{customer}"), new SqlText($"null::timestamptz"));
        latest = db.Ask<Line>(
            $"""
            select o.id, o.number, coalesce((select c.name from kernel.channel c where c.company_id = o.company_id and c.code = o.channel), o.channel) as channel, o.status, o.placed_at, o.gross, o.currency
            from sales.orders o where o.company_id = {db.Company} and o.customer_id = {customer}{db.Work.Actor.Reach.And(channel: "o.channel")} order by o.id desc limit 6
            """);
    }

    /// Of the customer of an order.
    public void AskOfOrder(Guid order) => Ask(
        new SqlText($"(select x.customer_id from sales.orders x where x.company_id = {db.Company} and x.id = {order})"), new SqlText($"(select x.placed_at from sales.orders x where x.company_id = {db.Company} and x.id = {order})"));

    private void Ask(SqlText customer, SqlText until)
    {
        var all = new SqlText($"(select o.* from sales.orders o where o.company_id = {db.Company} and o.customer_id = {customer}{db.Work.Actor.Reach.And(channel: "o.channel")} order by o.id desc limit {Most})");
        bought = db.Ask<Bought>($"select currency, count(*) as orders, sum(gross)::bigint as value, min(placed_at) as first, max(placed_at) as latest from {all} o where status <> 'Cancelled' group by currency order by 2 desc, 1");
        rest = db.Ask<Rest>(
            $"""
            with own as materialized {all}
            select p.number, (select count(*) from kernel.work_case c where c.company_id = p.company_id and c.subject_id in (select id from own union all select p.id) and c.state <> 'Closed') as open_cases,
              coalesce(l.shipped, 0)::bigint as shipped, coalesce(l.returned, 0)::bigint as returned, (select count(*) from own where status <> 'Cancelled' and placed_at <= {until}) as before
            from partners.pub_partner p
            left join (select sum(l.shipped) as shipped, sum(l.returned) as returned from own o join sales.order_line l on l.order_id = o.id where l.kind in ('Goods', 'Kit') and l.kit_line is null) l on true
            where p.company_id = {db.Company} and p.id = {customer} and p.is_customer
            """);
        own = db.Ask<Own>($"select id, number, balance, currency from sales.voucher where company_id = {db.Company} and kind = 'StoreCredit' and customer_id = {customer} order by id");
        standing = viewer.May(Viewer.SeeCredit) ? credit.Ask(customer) : null;
    }
}

/// Shows on a partner's record what the customer is to the house.
internal sealed class CustomerOnRecord(CustomerBook book, Viewer viewer) : IJoinRecord
{
    public string Kind => "partner";

    public void Ask(DocumentRef document)
    {
        if (viewer.May(SalesPermissions.Read)) book.Ask(document.Id);
    }

    public RenderFragment? Panel => book.Facts is null ? null : b =>
    {
        b.OpenComponent<CustomerPanel>(0);
        b.CloseComponent();
    };
}
