using Keel.Kernel.Views;
using Keel.Messages.Contract;
using Keel.Partners.Contract;

namespace Keel.Sales;

/// The mails that tell customers of their orders.
internal static class OrderMails
{
    private static readonly Placeholder[] All =
    [
        new("number", PlaceholderKind.Text, "The order's number, as the customer knows it", "W-20417", IsNeeded: true),
            new("customer", PlaceholderKind.Text, "The customer's name", "Elin Vester"),
        new("lines", PlaceholderKind.Text, "What was ordered, one line each", "2 × Bowl"),
        new("total", PlaceholderKind.Amount, "What the order costs, with tax", "24.20 EUR"),
        new("shipBy", PlaceholderKind.Day, "The day on which it is to leave", "12 March 2026"),
        new("amount", PlaceholderKind.Amount, "What is credited or paid back", "12.10 EUR"),
        new("detail", PlaceholderKind.Text, "The parcel's number, or the reason", "SH-2026-000007"),
        new("company", PlaceholderKind.Text, "Our name", "Harbour Home"),
    ];

    private static readonly Dictionary<Milestone, MailTemplate> ByMilestone = new()
    {
        [Milestone.Confirmed] = Make(Milestone.Confirmed, "Order confirmation", "The order is ours to fulfil.",
            ("Your order {{number}}", "thank you for your order {{number}}.\n\n{{lines}}\n\nTogether {{total}}. It leaves us by {{shipBy}}."),
            ("Ihre Bestellung {{number}}", "vielen Dank für Ihre Bestellung {{number}}.\n\n{{lines}}\n\nZusammen {{total}}. Sie verlässt uns bis zum {{shipBy}}.")),
        [Milestone.Shipped] = Make(Milestone.Shipped, "Shipped", "A parcel of the order has left.",
            ("Your order {{number}} is on its way", "a parcel of your order {{number}} has left us: {{detail}}."),
            ("Ihre Bestellung {{number}} ist unterwegs", "ein Paket Ihrer Bestellung {{number}} hat uns verlassen: {{detail}}.")),
        [Milestone.Delayed] = Make(Milestone.Delayed, "Delayed", "The promised day has passed and the order has not left whole.",
            ("Your order {{number}} takes longer", "we promised that your order {{number}} would leave us by {{shipBy}}. It has not, and we are sorry. It leaves as soon as everything is here; you may cancel it until then."),
            ("Ihre Bestellung {{number}} dauert länger", "wir hatten zugesagt, dass Ihre Bestellung {{number}} uns bis zum {{shipBy}} verlässt. Das ist nicht gelungen; das tut uns leid. Sie geht ab, sobald alles da ist, und kann bis dahin storniert werden.")),
        [Milestone.Cancelled] = Make(Milestone.Cancelled, "Cancelled", "The order was called off before its goods left.",
            ("Your order {{number}} is cancelled", "your order {{number}} is cancelled: {{detail}}. What you paid is paid back."),
            ("Ihre Bestellung {{number}} ist storniert", "Ihre Bestellung {{number}} ist storniert: {{detail}}. Was Sie bezahlt haben, wird erstattet.")),
        [Milestone.Returned] = Make(Milestone.Returned, "Return received", "Goods of the order came back to us.",
            ("Your return for {{number}} has arrived", "what you sent back of your order {{number}} has arrived. You hear from us about the credit."),
            ("Ihre Rücksendung zu {{number}} ist da", "Ihre Rücksendung zur Bestellung {{number}} ist bei uns angekommen. Über die Gutschrift hören Sie von uns.")),
        [Milestone.Credited] = Make(Milestone.Credited, "Credited", "A credit note was written.",
            ("A credit for your order {{number}}", "we have credited {{amount}} for your order {{number}}."),
            ("Eine Gutschrift zu Ihrer Bestellung {{number}}", "wir haben Ihnen {{amount}} zu Ihrer Bestellung {{number}} gutgeschrieben.")),
        [Milestone.Refunded] = Make(Milestone.Refunded, "Refunded", "Money went back to the customer.",
            ("Money for your order {{number}}", "we have paid {{amount}} back to you for your order {{number}}. It takes a bank a few days."),
            ("Erstattung zu Ihrer Bestellung {{number}}", "wir haben Ihnen {{amount}} zu Ihrer Bestellung {{number}} erstattet. Die Bank braucht dafür einige Tage.")),
    };

    /// Asks a customer to pay by themselves; the placeholder for details is where.
    public static readonly MailTemplate PaymentLink = new("payment-link", "Payment link", "The payment of the order failed, or nothing is known of how it is paid.",
        [.. All.Select(p => p.Name switch { "detail" => new Placeholder("detail", PlaceholderKind.Text, "Where the customer pays", "https://pay.example/pi_1", IsNeeded: true), "amount" => new Placeholder("amount", PlaceholderKind.Amount, "What is to be paid", "12.10 EUR"), _ => p })],
        new("Please pay for your order {{number}}", "Dear {{customer}},\n\nyour order {{number}} waits for {{amount}}. Please pay here:\n\n{{detail}}\n\nKind regards\n{{company}}"),
        new("Bitte bezahlen Sie Ihre Bestellung {{number}}", "Guten Tag {{customer}},\n\nIhre Bestellung {{number}} wartet auf {{amount}}. Bitte bezahlen Sie hier:\n\n{{detail}}\n\nMit freundlichen Grüßen\n{{company}}"));

    /// Asks a customer what must be known before the order goes on; the placeholder for details is the question.
    public static readonly MailTemplate Question = new("order-question", "Question about an order", "Somebody asks the customer before the order goes on.",
        [.. All.Select(p => p.Name == "detail" ? new Placeholder("detail", PlaceholderKind.Text, "What the customer is asked", "Is the house number 12 or 21?", IsNeeded: true) : p)],
        new("A question about your order {{number}}", "Dear {{customer}},\n\nbefore your order {{number}} goes on we need to know:\n\n{{detail}}\n\nPlease answer this mail; the order waits for you.\n\nKind regards\n{{company}}"),
        new("Eine Frage zu Ihrer Bestellung {{number}}", "Guten Tag {{customer}},\n\nbevor Ihre Bestellung {{number}} weitergeht, müssen wir wissen:\n\n{{detail}}\n\nBitte antworten Sie auf diese Mail; die Bestellung wartet auf Sie.\n\nMit freundlichen Grüßen\n{{company}}"));

    public static IReadOnlyList<MailTemplate> Templates => [.. ByMilestone.Values];

    public static MailTemplate Of(Milestone what) => ByMilestone[what];

    public static async Task<IReadOnlyDictionary<string,
        object?>> Values(KeelDb db, Order order, string customer, Money? amount, string? detail, CancellationToken ct)
    {
        var company = db.Ask<string>($"select name from kernel.company where id = {db.Company}");
        var lines = await db.Query<LineRow>(
            $"""
            select l.quantity, coalesce(p.name, l.description, l.sku, '') as name from sales.order_line l left join catalog.pub_product p on p.sku = l.sku
            where l.company_id = {db.Company} and l.order_id = {order.Id} and l.kind in ('Goods', 'Kit') and l.kit_line is null order by l.line limit 100
            """, ct);
        return new Dictionary<string, object?>
        {
            ["number"] = order.ChannelNumber, ["customer"] = customer, ["lines"] = string.Join('\n', lines.Select(l => $"{l.Quantity} × {l.Name}")),
                ["total"] = order.Gross, ["shipBy"] = order.ShipBy,
            ["amount"] = amount ?? order.Gross, ["detail"] = detail ?? "", ["company"] = company.Value[0],
        };
    }

    private static MailTemplate Make(Milestone what, string title, string says, (string Title, string Body) english, (string Title, string Body) german) =>
        new("order-" + ViewInfo.Kebab(what.ToString()), title, says, All,
            new(english.Title, $"Dear {{{{customer}}}},\n\n{english.Body}\n\nKind regards\n{{{{company}}}}"),
            new(german.Title, $"Guten Tag {{{{customer}}}},\n\n{german.Body}\n\nMit freundlichen Grüßen\n{{{{company}}}}"));

    private sealed record LineRow(Quantity Quantity, string Name);
}

/// Fills the mails of orders with a real order, to look at them.
internal sealed class FillOrderMails(KeelDb db, PartnersDesk partners, Viewer viewer) : IFillTemplate
{
    public string Asks => "An order's number, SO-…";

    public bool Fills(string template) => OrderMails.Templates.Append(OrderMails.PaymentLink).Append(OrderMails.Question).Any(t => t.Name == template);

    public async Task<IReadOnlyDictionary<string, object?>?> Of(string template, string number, CancellationToken ct)
    {
        if (!viewer.May(SalesPermissions.Read) || !viewer.May(Viewer.SeePersonal)
            || await db.Orders.Find($"company_id = {db.Company} and number = {number}", ct) is not { } order) return null;
        var customer = await partners.MailOf(new Id<Partner>(order.CustomerId), ct);
        return await OrderMails.Values(db, order, customer?.Name ?? order.CustomerName, null,
            template == OrderMails.PaymentLink.Name ? "https://pay.example/pi_1" : template == Of(Milestone.Cancelled) ? "it was called off" : "SH-…", ct);
    }

    private static string Of(Milestone what) => OrderMails.Of(what).Name;
}
