using Keel.Sales;
using Keel.Ui;
using Microsoft.AspNetCore.Components;

namespace Keel.Warehouse;

/// What suppliers were asked to send of an order, on its record.
internal sealed class OrderSuppliers(KeelDb db) : IJoinRecord
{
    public sealed record Row(Guid Id, string Number, string SupplierName, SupplierOrderStatus Status, Quantity Units, DateOnly? ExpectedOn, DateTimeOffset AskedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? EndedAt);

    private sealed record Due(Guid Id);

    private Later<List<Row>>? rows;
    private Later<List<Due>>? due;
    private Guid order;

    public string Kind => "order";
    public IReadOnlyList<Row> Rows => rows!.Value;

    public void Ask(DocumentRef document)
    {
        order = document.Id;
        rows = db.Ask<Row>($"select id, number, supplier_name, status, units, expected_on, asked_at, confirmed_at, ended_at from warehouse.supplier_order where company_id = {db.Company} and order_id = {document.Id} order by id");
        due = db.Ask<Due>(
            $"""
            select o.id from sales.pub_order o where o.company_id = {db.Company} and o.id = {document.Id} and o.status in ('Reserved', 'Backordered', 'Released', 'PartlyShipped') and exists (
              select from stock.pub_reservation r join warehouse.supplier_terms t on t.company_id = r.company_id and t.node = r.node
              where r.document_id = o.id and r.open > 0 and not exists (select from warehouse.supplier_order s where s.order_id = o.id and s.node = t.node and s.status in ('Asked', 'Confirmed', 'CancelAsked')))
            """);
    }

    public IReadOnlyList<SmartLinks.SmartLink> Links => Rows.Count == 0 ? [] : [new("buying", Rows.Count, "supplier order", "supplier orders", Rows is [var only] ? $"/supplier-orders/{only.Id}" : "#supplier-orders")];

    public IReadOnlyList<Act> Acts => due!.Value.Count == 0 ? [] : [Act.On<OrderFromSuppliers>("Ask the supplier now", ("orders", order)) with { Icon = "truck" }];

    public IReadOnlyList<TimelineEntry> Timeline => [.. Rows.SelectMany(Story)];

    public RenderFragment? Panel => Rows.Count == 0 ? null : b =>
    {
        b.OpenComponent<OrderSuppliersPanel>(0);
        b.CloseComponent();
    };

    private static IEnumerable<TimelineEntry> Story(Row s)
    {
        TimelineEntry Entry(DateTimeOffset at, string icon, string sentence) => new(at, icon, sentence) { Link = (s.Number, $"/supplier-orders/{s.Id}"), Role = StateRole.Working };
        yield return Entry(s.AskedAt, "buying", Words.T($"{s.SupplierName} was asked to send {Figures.Units(s.Units)}"));
        if (s.ConfirmedAt is { } confirmed) yield return Entry(confirmed, "check", Words.T($"{s.SupplierName} confirmed"));
        if (s.EndedAt is { } ended && s.Status is not SupplierOrderStatus.Dispatched) yield return Entry(ended, "x", Words.T($"{s.SupplierName} does not send it")) with { Role = StateRole.Late };
    }
}
