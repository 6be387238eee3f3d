using Keel.Sales.Contract;

namespace Keel.Sales;

/// When what is authorised is captured.
public enum CaptureWhen
{
    /// As soon as it is authorised.
    AtOrder,

    /// With each shipment, what that shipment is invoiced for.
    AtShipment,

    ByHand,
}

/// When authorised money is taken. As delivered, with the shipment: what has not left is not paid for. Where only what is paid leaves, an order that is
/// paid through gateways stays until its money is promised, or taken where it is taken with the order.
public sealed record PaymentCapture(CaptureWhen When, bool OnlyPaidLeaves = false) : IPolicy<PaymentCapture>
{
    public static string Kind => "payment-capture";
    public static PaymentCapture AsDelivered => new(CaptureWhen.AtShipment);
    public static string Says => "When money that gateways have authorised is captured: as soon as the order has it, with each shipment, or only by hand. And whether goods stay until their payment is confirmed.";
    /// Whether goods of the order stay until its payment is confirmed.
    internal bool Keeps(OrderIntents of) => OnlyPaidLeaves && of.Intents.Count > 0 && (When is CaptureWhen.AtOrder ? of.Order.Paid : of.Covered) < of.Order.Gross;

    public static IReadOnlyList<string> UsedBy => ["sales.authorise-payments", "sales.capture-payments", "warehouse.ship", "warehouse.ship-orders"];
}

/// Captures what a shipment is invoiced for, and lets go what a cancelled order had promised. Who has no gateway is asked nothing.
internal sealed class FollowOrders(IntentDesk desk, Settings settings, Policies policies) : IHandle<InvoiceIssued>, IHandle<OrderCancelled>
{
    public async Task Handle(InvoiceIssued happened, CancellationToken ct)
    {
        if (happened.IsCredit) return;
        var gateways = await PaymentGateways.Of(settings, ct);
        if (!gateways.Any || (await policies.Of<PaymentCapture>(ct)).Choice.When is CaptureWhen.ByHand) return;
        var of = (await desk.Behind([happened.Order.Id], ct))[new Id<Order>(happened.Order.Id)];
        if (of.Intents.Count > 0) desk.CaptureOwed(of, gateways);
    }

    /// A cancellation before the invoice voids: there is nothing to credit. What left already keeps what pays for it.
    public async Task Handle(OrderCancelled happened, CancellationToken ct)
    {
        if (!(await PaymentGateways.Of(settings, ct)).Any) return;
        var of = (await desk.Behind([happened.Order.Id], ct))[new Id<Order>(happened.Order.Id)];
        if (of.Owed.Minor > 0) return;
        foreach (var intent in of.Intents.Where(i => i.CanEnd && !of.IsAsked(i))) desk.End(intent);
    }
}
