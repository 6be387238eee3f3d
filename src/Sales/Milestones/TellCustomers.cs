using Keel.Messages.Contract;
using Keel.Partners.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// A customer is to be told something about an order; the mail is written after the commit. `Once` is what happened: a shipment, a credit note.
internal sealed record CustomerToTell(Id<Order> Order, Milestone What, Guid Once, Money? Amount = null, string? Detail = null) : IDelivered
{
    public string Subject => "order " + Order;
}

/// Hears what happens to orders and, where the channel's policy says so, has the customer told.
internal sealed class TellCustomers(KeelDb db, Policies policies)
    : IHandle<OrdersConfirmed>, IHandle<OrderCancelled>, IHandle<GoodsIssued>, IHandle<GoodsReturned>, IHandle<InvoiceIssued>, IHandle<PaymentRecorded>
{
    /// What is captured from the past is no news to anybody.
    private static readonly TimeSpan News = TimeSpan.FromDays(3);

    public async Task Handle(OrdersConfirmed happened, CancellationToken ct)
    {
        var policy = (await policies.Of<CustomerMessages>(ct)).Choice;
        foreach (var order in happened.Orders.Where(o => policy.Wants(o.Channel, Milestone.Confirmed) && db.Now - o.PlacedAt < News))
            db.Raise(new CustomerToTell(new Id<Order>(order.Order.Id), Milestone.Confirmed, order.Order.Id));
    }

    public Task Handle(OrderCancelled happened, CancellationToken ct) =>
        Tell(happened.Channel, new CustomerToTell(new Id<Order>(happened.Order.Id), Milestone.Cancelled, happened.Order.Id, null, happened.Reason), ct);

    public Task Handle(GoodsIssued happened, CancellationToken ct) => happened is { Order: { } order, Channel: { } channel, Document.Kind: "shipment" }
        ? Tell(channel, new CustomerToTell(new Id<Order>(order.Id), Milestone.Shipped, happened.Document.Id, null, happened.Document.Number), ct)
            : Task.CompletedTask;

    public Task Handle(GoodsReturned happened, CancellationToken ct) => happened is { Order: { } order, Channel: { } channel }
        ? Tell(channel, new CustomerToTell(new Id<Order>(order.Id), Milestone.Returned, happened.Document.Id), ct) : Task.CompletedTask;

    public Task Handle(InvoiceIssued happened, CancellationToken ct) => happened.IsCredit
        ? Tell(happened.Channel, new CustomerToTell(new Id<Order>(happened.Order.Id), Milestone.Credited, happened.Document.Id, happened.Gross), ct)
            : Task.CompletedTask;

    public Task Handle(PaymentRecorded happened, CancellationToken ct) => happened.Kind is PaymentKind.Refunded
        ? Tell(happened.Channel, new CustomerToTell(new Id<Order>(happened.Order.Id), Milestone.Refunded, happened.Payment, happened.Amount), ct)
            : Task.CompletedTask;

    private async Task Tell(ChannelCode channel, CustomerToTell tell, CancellationToken ct)
    {
        if ((await policies.Of<CustomerMessages>(ct)).Choice.Wants(channel, tell.What)) db.Raise(tell);
    }
}

/// Writes the mail, in the customer's language, to where the customer can be reached; who left no address is not written to.
internal sealed class WriteToCustomer(KeelDb db, PartnersDesk partners, MailDesk mails) : IDeliver<CustomerToTell>
{
    public async Task Deliver(CustomerToTell happened, CancellationToken ct)
    {
        if (await db.Orders.Find($"company_id = {db.Company} and id = {happened.Order}", ct) is not { } order) return;
        if (await partners.MailOf(new Id<Partner>(order.CustomerId), ct) is not { Address: { Length: > 0 } address } customer) return;
        var language = MailTemplate.LanguageOf(customer.Language, order.ShipTo?.Country ?? customer.Country);
        var values = await OrderMails.Values(db, order, customer.Name, happened.Amount, happened.Detail, ct);
        await mails.Write(OrderMails.Of(happened.What), new MailTo(address, customer.Name, MailToKind.Customer, order.CustomerId, language), values,
            order.Ref, $"{happened.What} {happened.Once:N}", ct);
    }
}
