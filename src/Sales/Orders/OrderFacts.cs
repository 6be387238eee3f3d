using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Sales;

/// What a case about an order shows of it: who ordered, through which channel, for how much, promised when, and where it stands.
internal sealed class OrderFacts(KeelDb db, Viewer viewer) : IRecordFacts
{
    private sealed record Row(string Number, string? Customer, string Channel, OrderStatus Status, DateOnly ShipBy, Quantity Units, Money Gross, Money Paid, Currency Currency);

    public string Kind => "order";
    public string Permission => SalesPermissions.Read;

    public async Task<IReadOnlyList<RecordFact>> Of(DocumentRef document, CancellationToken ct = default)
    {
        var found = await db.Query<Row>(
            $"""
            select o.number, o.customer_name as customer, coalesce((select c.name from kernel.channel c where c.company_id = o.company_id and c.code = o.channel), o.channel) as channel,
              o.status, o.ship_by, o.units, o.gross, o.paid, o.currency
            from sales.orders o where o.company_id = {db.Company} and o.id = {document.Id}
            """, ct);
        if (found is not [var order]) return [];
        var isOpen = order.Status is not (OrderStatus.Shipped or OrderStatus.Cancelled);
        return
        [
            new("State", "") { State = Shown.Of(order.Status) },
            .. viewer.May(Viewer.SeePersonal) && order.Customer is { } customer ? new[] { new RecordFact("Customer", customer) } : [],
            new("Channel", order.Channel),
            new("Promised ship", "") { Day = order.ShipBy, IsDeadline = isOpen },
            new("Units", Figures.Of(order.Units)),
            new("Total", Figures.Of(order.Gross)),
            new("Paid", Figures.Of(order.Paid)),
        ];
    }
}
