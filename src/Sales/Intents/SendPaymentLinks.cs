using System.ComponentModel.DataAnnotations;
using Keel.Messages.Contract;
using Keel.Partners.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Has gateways make links by which customers pay what their orders lack, and mails them. Nothing is known of the means of payment before.
[Operation("sales.send-payment-links", SalesPermissions.Payments, Said = "sent a payment link for {orders|it}", Icon = "mail")]
internal sealed class SendPaymentLinks(KeelDb db, IntentDesk desk, Settings settings, PartnersDesk partners) : IOperation<SendPaymentLinks.Request, IReadOnlyList<RetryPayments.Answer>>
{
    /// Without a gateway, the one that was asked last, or the only one.
    public sealed record Request([Required, MinLength(1), MaxLength(100)] IReadOnlyList<Id<Order>> Orders, [MaxLength(30)] string? Gateway = null);

    /// The way out of a case about an order that is not paid.
    public static CaseWay WayOut => CaseWay.On<SendPaymentLinks>("Send a payment link", "orders") with { SubjectKind = "order" };

    public async Task<Result<IReadOnlyList<RetryPayments.Answer>>> Run(Request request, CancellationToken ct)
    {
        var gateways = await PaymentGateways.Of(settings, ct);
        var known = await desk.Lock(request.Orders, ct);
        var answers = new List<RetryPayments.Answer>();
        foreach (var id in request.Orders.Distinct())
        {
            if (!known.TryGetValue(id, out var of)) { answers.Add(new(id, null, default(Id<PaymentIntent>?), "There is no such order.")); continue; }
            var order = of.Order;
            var gateway = Choose(request.Gateway, of, gateways);
            var hasMail = await partners.MailOf(new Id<Partner>(order.CustomerId), ct) is { Address.Length: > 0 };
            var why = order.Status is OrderStatus.Cancelled ? $"It is {order.Status.Spoken}: nothing more is authorised for it."
                : of.Lacking.Minor <= 0 ? "It is paid, promised or asked for in full already."
                : of.Intents.Any(i => i is { Token: null, Status: IntentStatus.Created }) ? "A link was sent already. Void it before another is made."
                : gateway is null ? "There is no such gateway. Set it up first."
                : !hasMail ? "The customer has no mail address. Enter one first." : null;
            if (why is null)
            {
                db.Work.Concerns(order.Number);
                db.Work.IsWorth(of.Lacking);
            }

            answers.Add(new(id, order.Number, why is null ? AuthorisePayments.Begin(db, desk, order, gateway!.Code, "link", null, of.Lacking).Id : default(Id<PaymentIntent>?), why));
        }

        return answers;
    }

    private static PaymentGateway? Choose(string? named, OrderIntents of, PaymentGateways gateways)
    {
        var active = gateways.ByCode.Values.Where(g => g.IsActive).ToArray();
        if (named is not null) return active.FirstOrDefault(g => g.Code == named);
        return of.Intents.Count > 0 && active.FirstOrDefault(g => g.Code == of.Intents[^1].Gateway) is { } last ? last : active is [var only] ? only : null;
    }
}

/// A gateway made a link by which a customer pays.
internal sealed record PaymentLinkMade(Id<PaymentIntent> Intent) : IDelivered
{
    public string Subject => "payment " + Intent;
}

/// Mails the link to the customer, once, while it can still be paid by.
internal sealed class WritePaymentLink(KeelDb db, PartnersDesk partners, MailDesk mails) : IDeliver<PaymentLinkMade>
{
    public async Task Deliver(PaymentLinkMade happened, CancellationToken ct)
    {
        if (await db.Table<PaymentIntent>().Find($"company_id = {db.Company} and id = {happened.Intent}", ct) is not { Link: { } link, Status: IntentStatus.Created } intent) return;
        if (await db.Orders.Find($"company_id = {db.Company} and id = {intent.OrderId}", ct) is not { } order || order.Status is OrderStatus.Cancelled) return;
        if (await partners.MailOf(new Id<Partner>(order.CustomerId), ct) is not { Address: { Length: > 0 } address } customer) return;
        var language = MailTemplate.LanguageOf(customer.Language, order.ShipTo?.Country ?? customer.Country);
        var values = await OrderMails.Values(db, order, customer.Name, intent.Amount, link, ct);
        await mails.Write(OrderMails.PaymentLink, new MailTo(address, customer.Name, MailToKind.Customer, order.CustomerId, language), values, order.Ref, $"payment link {intent.Id}", ct);
    }
}
