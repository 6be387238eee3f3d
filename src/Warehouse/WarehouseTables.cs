namespace Keel.Warehouse;

/// Warehouse's tables. Whoever changes a shipment holds its order's lock first.
internal static class WarehouseTables
{
    extension(KeelDb db)
    {
        public Table<Shipment> Shipments => db.Table<Shipment>();
        public Table<ShipmentLine> ShipmentLines => db.Table<ShipmentLine>();

        public Later<List<Shipment>> AskShipments(IEnumerable<Id<Shipment>> ids) => db.Ask<Shipment>(
            $"{ShipmentColumns} where company_id = {db.Company} and id = any({ids.Select(i => i.Value)}) order by id");

        public Later<List<ShipmentLine>> AskShipmentLines(IEnumerable<Id<Shipment>> ids) => db.Ask<ShipmentLine>(
            $"select shipment_id, line, company_id, order_line, sku, location, quantity from warehouse.shipment_line where company_id = {db.Company} and shipment_id = any({ids.Select(i => i.Value)}) order by shipment_id, line");
    }

    internal static readonly SqlText.Verbatim ShipmentColumns = new($"select {RowMap<Shipment>.Instance.Names} from warehouse.shipment");
}
