namespace Keel.Warehouse;

/// Everything that a shipment's page shows, asked in one round trip.
internal sealed class ShipmentCard(KeelDb db)
{
    public sealed record LineRow(int Line, int OrderLine, Sku Sku, string Name, string Location, string Place, Quantity Quantity, string Lot, string? Kit);

    public sealed record InvoiceRow(Guid Id, string Name, Money Gross, Currency Currency);

    public sealed record MateRow(Id<Shipment> Id, string Number, Guid OrderId, string OrderNumber, ShipmentStatus Status, Quantity Units);

    public Shipment Shipment { get; private set; } = null!;

    /// In the order in which somebody walks past the bins.
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    public IReadOnlyList<InvoiceRow> Invoices { get; private set; } = [];

    /// What goes in one parcel with it.
    public IReadOnlyList<MateRow> Mates { get; private set; } = [];

    /// What could: of the same customer to the same address, still to be packed.
    public IReadOnlyList<MateRow> Candidates { get; private set; } = [];
    public int Entries { get; private set; }
    public int Moves { get; private set; }

    public async Task<bool> Load(Id<Shipment> id, CancellationToken ct = default)
    {
        var shipments = db.AskShipments([id]);
        var lines = db.Ask<LineRow>(
            $"""
            select l.line, l.order_line, l.sku, coalesce(p.name, l.sku) as name, l.location, coalesce(nullif(c.name, ''), l.location) as place, l.quantity, l.lot, coalesce(kp.name, k.kit) as kit
            from warehouse.shipment_line l join warehouse.shipment s on s.id = l.shipment_id
            left join catalog.pub_product p on p.sku = l.sku
            left join sales.pub_kit_part k on k.order_id = s.order_id and k.line = l.order_line
            left join catalog.pub_product kp on kp.sku = k.kit
            left join stock.pub_location c on c.company_id = l.company_id and c.code = l.location
            where l.company_id = {db.Company} and l.shipment_id = {id} order by l.location = '', c.pick_order, l.location, l.line
            """);
        var invoices = db.Ask<InvoiceRow>(
            $"""
            select i.id, i.name, i.gross, i.currency from sales.pub_invoice i
            where i.company_id = {db.Company} and i.shipment_id = {id} and i.order_id = (select order_id from warehouse.shipment where id = {id})
            """);
        var entries = db.Ask<long, long>($"select count(*) from ledger.pub_entry where company_id = {db.Company} and document_id = {id}", rows => rows[0]);
        var moves = db.Ask<long, long>($"select count(*) from stock.pub_move where company_id = {db.Company} and document_id = {id}", rows => rows[0]);
        var mates = db.Ask<MateRow>($"select m.id, m.number, m.order_id, m.order_number, m.status, m.units from warehouse.shipment s join warehouse.shipment m on m.together = s.together and m.id <> s.id and m.status <> 'Cancelled' where s.company_id = {db.Company} and s.id = {id} order by m.id");
        var candidates = db.Ask<MateRow>(
            $"""
            select m.id, m.number, m.order_id, m.order_number, m.status, m.units from warehouse.shipment s join warehouse.shipment m on m.company_id = s.company_id and m.node = s.node and m.customer_id = s.customer_id and m.ship_to = s.ship_to and m.id <> s.id
            where s.company_id = {db.Company} and s.id = {id} and s.status in ('Released', 'Picked') and m.status in ('Released', 'Picked') and (m.together is null or m.together is distinct from s.together) order by m.id limit 20
            """);
        await db.Flush(ct);

        if (shipments.Value is not [var shipment]) return false;
        (Shipment, Lines, Invoices, Mates, Candidates) = (shipment, lines.Value, invoices.Value, mates.Value, candidates.Value);
        (Entries, Moves) = ((int)entries.Value, (int)moves.Value);
        return true;
    }
}
