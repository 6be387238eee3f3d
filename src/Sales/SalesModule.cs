using Keel.Partners.Contract;
using Keel.Printing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Sales;

/// Orders from capture to invoice. Asks Stock for goods; tells everyone what it sold.
public sealed class SalesModule : IModule
{
    private const string Open = "f.status=OnHold,Confirmed,Reserved,Backordered,Released,PartlyShipped";

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
        .Record("order", "/orders/").Record("invoice", "/invoices/").Record("credit-note", "/invoices/")
        .Begins("New order", "/orders/new")
        .Finds<FindOrders>().Finds<FindInvoices>()
        .Tile<OrderList>("Late orders", $"{Open}&f.ship-by.lt=today", "/orders", StateRole.Late, "Ship them, or tell the customers")
        .Tile<OrderList>("To ship today", $"{Open}&f.ship-by=today", "/orders", StateRole.Ready, "See what holds them")
        .Tile<OrderList>("Stopped orders", "f.status=OnHold", "/orders", StateRole.Held, "Settle their doubts")
        .Tile<OrderList>("Back-ordered", "f.status=Backordered", "/orders", StateRole.Waiting, "See what they wait for")
        .Tile<OrderList>("To release", "f.status=Reserved", "/orders", StateRole.Ready, "Give them to the floor", isStep: true)
        .Desk<InvoiceSheets>().Paper<InvoicePaper>().Paper<CreditNotePaper>()
        .Handles<PrintIssued>()
        .Handles<FollowPromises>()
        .Handles<ForgetPerson>()
        .Desk<IErasureGuard>(s => s.GetRequiredService<ForgetPerson>())
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
