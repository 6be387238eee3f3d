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

/// When authorised money is taken. As delivered, with the shipment: what has not left is not paid for.
public sealed record PaymentCapture(CaptureWhen When) : IPolicy<PaymentCapture>
{
    public static string Kind => "payment-capture";
    public static PaymentCapture AsDelivered => new(CaptureWhen.AtShipment);
    public static string Says => "When money that gateways have authorised is captured: as soon as the order has it, with each shipment, or only by hand.";
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
        foreach (var intent in of.Intents.Where(i => i.Capturable.Minor > 0 && !of.IsAsked(i))) desk.Wish(intent, WishKind.Void, intent.Capturable);
    }
}
