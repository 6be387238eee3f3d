using Keel.Messages.Contract;
using Keel.Printing.Contract;
using Keel.Sales.Contract;
using Keel.Ui;
using Keel.Warehouse.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Warehouse;

/// The floor: from release to the parcel in the carrier's hands.
public sealed class WarehouseModule : IModule
{
    public void Describe(ModuleContents contents) => contents
        .Numbered("shipment", "warehouse.shipment").Stands("shipment", "warehouse.shipment", site: "node", channel: "channel", number: "number")
        .Related("select id, number from warehouse.shipment where company_id = @company and order_id = any(@ids)")
        .Related("select order_id as id, order_number as number from warehouse.shipment where company_id = @company and id = any(@ids)")
        .Personal(new PersonalPart("shipments", "Shipments", "select number, order_number, status, customer_name, ship_to::text as ship_to, shipped_at from warehouse.shipment where company_id = @company and customer_id = @person order by number"))
        .Desk<Shipping>()
        .Desk<ShipmentSteps>()
        .Desk<ShipmentSheets>().Paper<PackingSlip>().Paper<PickList>().Paper<ShippingLabel>().Paper<ProductLabel>().Paper<BinLabel>().Paper<CountSheet>()
        .Operation<ReleaseOrders>()
        .Operation<PickShipments>()
        .Operation<PackShipments>()
        .Operation<ShipShipments>()
        .Operation<PackTogether>().Operation<PartShipments>().Policy<ParcelsTogether>()
        .Operation<DeliverShipments>()
        .Operation<ShipOrders>()
        .Operation<ScanOut>()
        .Operation<WatchFloor>().Case(WatchFloor.Backlog).Job<WatchFloorJob>(every: TimeSpan.FromMinutes(10))
        .Page<ScanOutPage>("Scan out", "Warehouse", "/scan/out", WarehousePermissions.Ship)
        .Page<ScanTestPage>("Scanner test", "Warehouse", "/scan/test", WarehousePermissions.Read)
        .View<ShipmentList>()
        .Desk<ShipmentCard>()
        .Desk<ShippingBoard>()
        .Page<ShippingBoardPage>("Shipping board", "Warehouse", "/warehouse", WarehousePermissions.Read)
        .Page<ShipmentsPage>("Shipments", "Warehouse", "/shipments", WarehousePermissions.Read)
        .Record("shipment", "/shipments/", WarehousePermissions.Read, "number from warehouse.shipment")
        .JoinsRecord<OrderShipments>()
        .JoinsList<ReleaseFromList>()
        .JoinsRecord<LabelProduct>().JoinsRecord<LabelPlace>().JoinsList<LabelProducts>().JoinsList<LabelPlaces>().JoinsRecord<PrintCount>().JoinsList<PrintCounts>()
        .Finds<FindShipments>()
        .Tile<ShipmentList>("Late on the floor", "f.status=Released,Picked,Packed&f.ship-by.lt=today", "/shipments", StateRole.Late, "Do these first", needs: WarehousePermissions.Pick)
        .Tile<ShipmentList>("To pick", "f.status=Released", "/shipments", StateRole.Ready, "Pick", isStep: true, WarehousePermissions.Pick)
        .Tile<ShipmentList>("To pack", "f.status=Picked", "/shipments", StateRole.Working, "Pack", isStep: true, WarehousePermissions.Pack)
        .Tile<ShipmentList>("To hand over", "f.status=Packed", "/shipments", StateRole.Working, "Ship", isStep: true, WarehousePermissions.Ship)
        .Tile<ShipmentList>("Left today", "f.status=Shipped,Delivered&f.shipped-at=today", "/shipments", StateRole.Done, "Gone", isStep: true)
        .Trigger<ShipmentLeft>("shipment-left", "A shipment left", s => s.Shipment, "{shipment.number} of {order.number} left {node}")
        .Trigger<ShipmentArrived>("shipment-arrived", "A shipment arrived", s => s.Shipment, "{shipment.number} of {order.number} arrived")
        .Numbered(SupplierOrder.RecordKind, "warehouse.supplier_order").Stands(SupplierOrder.RecordKind, "warehouse.supplier_order", site: "node", number: "number")
        .Related("select id, number from warehouse.supplier_order where company_id = @company and order_id = any(@ids)")
        .Personal(new PersonalPart("supplier-orders", "Supplier orders", "select number, order_number, supplier_name, status, customer_name, ship_to::text as ship_to, asked_at from warehouse.supplier_order where company_id = @company and customer_id = @person order by number"))
        .Operation<SetSupplierTerms>().Operation<TellSupplierStock>().Operation<OrderFromSuppliers>().Operation<ConfirmSupplierOrder>().Operation<DispatchSupplierOrder>().Operation<RefuseSupplierOrder>().Operation<AskSupplierToCancel>()
        .Operation<WatchSuppliers>().Case(WatchSuppliers.Silent).Case(DispatchSupplierOrder.SentAnyway).Job<WatchSuppliersJob>(every: TimeSpan.FromMinutes(10)).Job<OrderFromSuppliersJob>(every: TimeSpan.FromMinutes(1))
        .Desk<SupplierOrders>().Desk<SupplierOrderCard>().Desk<IFloor>(s => ActivatorUtilities.CreateInstance<SupplierWorks>(s)).Handles<WriteSupplier>().Mails(SupplierMails.Order).Mails(SupplierMails.Cancel).Paper<SupplierOrderPaper>()
        .View<SupplierOrderList>().View<SupplierTermsList>()
        .Page<SupplierOrdersPage>("Supplier orders", "Buying", "/supplier-orders", WarehousePermissions.Read).Page<SuppliersPage>("Direct suppliers", "Buying", "/supplier-orders/suppliers", WarehousePermissions.Read)
        .Record(SupplierOrder.RecordKind, "/supplier-orders/", WarehousePermissions.Read, "number from warehouse.supplier_order").JoinsRecord<OrderSuppliers>()
        .Handles<StopWork>().Case(StopWork.PutBack)
        .Desk<FloorWorks>().Desk<IFloor>(s => s.GetRequiredService<FloorWorks>())
        .Handles<ForgetPerson>()
        .Measure(WarehouseMeasures.All)
        .Checks(WarehouseProof.All);
}

/// Permissions of the floor.
public static class WarehousePermissions
{
    public const string Read = "warehouse.read";
    public const string Release = "warehouse.release";
    public const string Pick = "warehouse.pick";
    public const string Pack = "warehouse.pack";
    public const string Ship = "warehouse.ship";

    /// Suppliers that send to customers directly: what they have, and what they say to what they are asked.
    public const string Suppliers = "warehouse.suppliers";
}
