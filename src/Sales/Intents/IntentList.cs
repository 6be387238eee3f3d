using Keel.Kernel.Views;

namespace Keel.Sales;

/// What customers want to pay through gateways, the newest first, and how far it came.
[View("sales.payment-intents", SalesPermissions.Read, Sort = "-created-at")]
internal sealed class IntentList(KeelDb db) : IView<IntentList.Row>
{
    public sealed record Row
    {
        public required Id<PaymentIntent> Id { get; init; }
        [Search, Title("Order")] public required string OrderNumber { get; init; }
        public required Id<Order> OrderId { get; init; }
        [Title("Channel code")] public required ChannelCode Channel { get; init; }
        public required string Gateway { get; init; }
        public required string Method { get; init; }
        [Title("State")] public required IntentStatus Status { get; init; }
        public required Money Amount { get; init; }
        [Title("Can be captured")] public required Money Capturable { get; init; }
        [Title("Charged")] public required Money Captured { get; init; }
        public required Money Refunded { get; init; }
        public required Currency Currency { get; init; }
        [Title("Asked at")] public required DateTimeOffset CreatedAt { get; init; }
        [Title("Ends")] public DateTimeOffset? ExpiresAt { get; init; }
        [Search, Title("Gateway's number")] public string? Reference { get; init; }
        public string? Problem { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select i.id, o.number as order_number, i.order_id, o.channel, i.gateway, i.method, i.status, i.amount, i.capturable, i.captured, i.refunded, i.currency, i.created_at, i.expires_at, i.reference, i.problem
        from sales.payment_intent i join sales.orders o on o.id = i.order_id where i.company_id = {db.Company}
        """;
}
