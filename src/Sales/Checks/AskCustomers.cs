using System.ComponentModel.DataAnnotations;
using Keel.Messages.Contract;
using Keel.Partners.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Writes to the customers of orders that wait, and asks them what must be known before the orders go on. They go on waiting.
[Operation("sales.ask-customers", SalesPermissions.Confirm, Said = "asked the customer about {orders|it}", Icon = "mail")]
internal sealed class AskCustomers(KeelDb db, PartnersDesk partners) : IOperation<AskCustomers.Request, IReadOnlyList<AskCustomers.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(100)] IReadOnlyList<Id<Order>> Orders, [Required, MinLength(3), MaxLength(1000)] string Question);

    public sealed record Answer(Id<Order> Order, string? Number, bool Asked, string? Why);

    public static CaseWay WayOut => CaseWay.Asking<AskCustomers>("Ask the customer", "orders", "question", "The customer gets a mail, and the order waits. What do you want to know?") with { SubjectKind = "order" };

    public static CaseWay Verify => CaseWay.Asking<AskCustomers>("Verify with the customer", "orders", "question", "The customer gets a mail, and the order waits. What are they to confirm?") with { SubjectKind = "order" };

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var (rows, _) = db.LockOrders(request.Orders);
        await db.Flush(ct);
        var known = rows.Value.ToDictionary(o => o.Id);
        var answers = new List<Answer>();
        foreach (var id in request.Orders.Distinct())
        {
            if (!known.TryGetValue(id, out var order)) { answers.Add(new(id, null, false, "There is no such order.")); continue; }
            var why = order.Status is not OrderStatus.OnHold ? $"It is {order.Status.Spoken}, not on hold."
                : await partners.MailOf(new Id<Partner>(order.CustomerId), ct) is not { Address.Length: > 0 } ? "The customer has no mail address. Enter one first." : null;
            answers.Add(new(id, order.Number, why is null, why));
            if (why is not null) continue;
            db.Work.Concerns(order.Number);
            db.Raise(new CustomerToAsk(id, db.Work.Operation, request.Question));
        }

        return answers;
    }
}

/// A customer is to be asked something about an order; the mail is written after the commit.
internal sealed record CustomerToAsk(Id<Order> Order, Guid Once, string Question) : IDelivered
{
    public string Subject => "order " + Order;
}

/// Writes the question, in the customer's language, while the order waits for it.
internal sealed class WriteQuestion(KeelDb db, PartnersDesk partners, MailDesk mails, LinkSeal seal) : IDeliver<CustomerToAsk>
{
    public async Task Deliver(CustomerToAsk happened, CancellationToken ct)
    {
        if (await db.Orders.Find($"company_id = {db.Company} and id = {happened.Order}", ct) is not { Status: OrderStatus.OnHold } order) return;
        if (await partners.MailOf(new Id<Partner>(order.CustomerId), ct) is not { Address: { Length: > 0 } address } customer) return;
        var language = MailTemplate.LanguageOf(customer.Language, order.ShipTo?.Country ?? customer.Country);
        // Where the address is in doubt, the customer puts it right without anybody here.
        var link = order.Hold is Holds.Address ? await seal.Make(new CustomerLink(CustomerAsk.Address, db.Company, order.Id.Value, 0, db.Now.AddDays(30)), ct) : null;
        var question = link is null ? happened.Question : $"{happened.Question}\n\n{(language == "de" ? "Hier berichtigen Sie die Anschrift:" : "Correct the address here:")}\n{link}";
        var values = await OrderMails.Values(db, order, customer.Name, null, question, ct);
        await mails.Write(OrderMails.Question, new MailTo(address, customer.Name, MailToKind.Customer, order.CustomerId, language), values, order.Ref, $"question {happened.Once:N}", ct);
    }
}
