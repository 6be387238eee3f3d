using Keel.Ui;

namespace Keel.Warehouse;

/// Shipments by their number.
internal sealed class FindShipments(KeelDb db, TimeProvider clock) : IFinder
{
    public sealed record Row(Guid Id, string Number, string CustomerName, string OrderNumber, ShipmentStatus Status);

    private Later<List<Row>>? rows;

    public string Title => "Shipments";
    public string Permission => WarehousePermissions.Read;

    public void Ask(Finding text) => rows = db.Ask<Row>(
        $"""
        (select id, number, customer_name, order_number, status from warehouse.shipment where company_id = {db.Company} and number >= {text.Code} and number < {text.CodeEnd} order by number desc limit {Finding.Most})
        union (select id, number, customer_name, order_number, status from warehouse.shipment where company_id = {db.Company} and number = any({text.NumbersOf("SH", clock.GetUtcNow())}))
        """);

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. rows!.Value.Select(s =>
        new PaletteFound.Hit("truck", s.Number, $"/shipments/{s.Id}") { Note = $"{s.CustomerName}, {s.OrderNumber}", State = Shown.Of(s.Status) })];
}
