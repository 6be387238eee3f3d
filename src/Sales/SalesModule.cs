using Keel.Messages.Contract;
using Keel.Partners.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Sales;

/// Orders from capture to invoice. Asks Stock for goods; tells everyone what it sold.
public sealed class SalesModule : IModule
{
    private const string Open = "f.status=OnHold,Confirmed,Reserved,Backordered,Released,PartlyShipped";
    private const string InvoiceName = "series || case when number is null then ' for ' || coalesce(shipment_number, order_number) else '-' || lpad(number::text, 6, '0') end from sales.invoice";

    public void Describe(ModuleContents contents) => contents
        .Desk(s => new SalesDesk(s.GetRequiredService<KeelDb>(), s.GetRequiredService<Settings>(), s.GetRequiredService<StockDesk>()))
        .Desk<Capturing>()
        .Desk<Promising>()
        .Desk<Paying>()
        .Desk<Crediting>()
        .Case([Promising.Backordered, Promising.StockConflict, .. Holds.Kinds])
        .WaysOut(StockCases.Displaced, Promising.WaysOut)
        .Operation<PlaceOrder>()
        .Operation<CaptureOrders>()
        .Operation<ConfirmOrders>()
        .Operation<HoldOrders>()
        .Operation<ReserveOrders>()
        .Operation<CancelOrders>()
        .Operation<RecordPayments>()
        .Operation<CreditOrders>()
        .Operation<BackorderDisplaced>()
        .Operation<ReserveWaiting>()
        .Operation<NumberInvoices>()
        .View<OrderList>()
        .View<InvoiceList>()
        .Desk<OrderCard>().Desk<InvoiceCard>().Desk<OrderSheet>()
        .Page<OrdersPage>("Orders", "Orders", "/orders", SalesPermissions.Read)
        .Page<InvoicesPage>("Invoices", "Orders", "/invoices", SalesPermissions.Read)
        .Record("order", "/orders/", SalesPermissions.Read, "number from sales.orders")
        .Record("invoice", "/invoices/", SalesPermissions.Read, InvoiceName).Record("credit-note", "/invoices/", SalesPermissions.Read, InvoiceName)
        .Says("sales.place-order", "orders", "took the order in").Says("sales.capture-orders", "orders", "took the order in").Says("sales.confirm-orders", "check", "confirmed it")
        .Says("sales.hold-orders", "lock", "put it on hold").Says("sales.reserve-orders", "branch", "reserved goods").Says("sales.reserve-waiting", "branch", "reserved goods")
        .Says("sales.cancel-orders", "x", "cancelled it").Says("sales.record-payments", "money", "booked a payment").Says("sales.credit-orders", "returns", "credited it")
        .Says("sales.backorder-displaced", "alert", "put it back to waiting: promised goods were not there").Says("sales.number-invoices", "file", "numbered it")
        .Finds<FindOrders>().Finds<FindInvoices>()
        .Tile<OrderList>("Late orders", $"{Open}&f.ship-by.lt=today", "/orders", StateRole.Late, "Ship them, or tell the customers")
        .Tile<OrderList>("To ship today", $"{Open}&f.ship-by=today", "/orders", StateRole.Ready, "See what holds them")
        .Tile<OrderList>("Stopped orders", "f.status=OnHold", "/orders", StateRole.Held, "Settle their doubts")
        .Tile<OrderList>("Back-ordered", "f.status=Backordered", "/orders", StateRole.Waiting, "See what they wait for")
        .Tile<OrderList>("To release", "f.status=Reserved", "/orders", StateRole.Ready, "Give them to the floor", isStep: true)
        .Handles<FollowPromises>()
        .Handles<ForgetPerson>()
        .Desk<IErasureGuard>(s => s.GetRequiredService<ForgetPerson>())
        .Policy<CustomerMessages>()
        .Mails(OrderMails.Templates)
        .Desk<IFillTemplate>(s => ActivatorUtilities.CreateInstance<FillOrderMails>(s))
        .Handles<TellCustomers>().Handles<WriteToCustomer>()
        .Operation<TellDelays>()
        .Job<TellDelaysJob>(every: TimeSpan.FromMinutes(10))
        .Policy<Sourcing>()
        .Policy<ReservationTiming>()
        .Job<NumberInvoicesJob>(every: TimeSpan.FromSeconds(1))
        .Checks(SalesProof.All);
}

/// Permissions of orders, invoices and payments.
public static class SalesPermissions
{
    public const string Read = "sales.read";
    public const string Capture = "sales.orders.capture";
    public const string Confirm = "sales.orders.confirm";
    public const string Hold = "sales.orders.hold";
    public const string Reserve = "sales.orders.reserve";
    public const string Cancel = "sales.orders.cancel";
    public const string Payments = "sales.payments.record";
    public const string Invoice = "sales.invoices.number";
    public const string Credit = "sales.invoices.credit";
}
