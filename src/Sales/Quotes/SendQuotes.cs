using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Messages.Contract;
using Keel.Partners.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Sends quotes to their customers: from then on their versions stay as they are. Who has no mail address is given the paper.
[Operation("sales.send-quotes", SalesPermissions.Quote, Said = "sent {quotes|it}", Icon = "mail")]
internal sealed class SendQuotes(KeelDb db, Settings settings) : IOperation<SendQuotes.Request, IReadOnlyList<QuoteAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<Quote>> Quotes);

    public async Task<Result<IReadOnlyList<QuoteAnswer>>> Run(Request request, CancellationToken ct)
    {
        var (quotes, versions, _) = db.LockQuotes(request.Quotes);
        await db.Flush(ct);
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var known = quotes.Value.ToDictionary(q => q.Id);
        var sending = quotes.Value.Where(q => Why(q, today) is null).Select(q => q with { Status = QuoteStatus.Sent, SentAt = db.Now }).ToDictionary(q => q.Id);
        foreach (var quote in sending.Values)
        {
            db.Work.Concerns(quote.Number);
            db.Raise(new QuoteSent(quote.Id, quote.Version));
        }

        Quoting.Follow(db, [.. sending.Values]);
        db.Table<QuoteVersion>().Update([.. versions.Value.Where(v => sending.ContainsKey(v.QuoteId)).Select(v => v with { SentAt = db.Now })], nameof(QuoteVersion.SentAt));
        return request.Quotes.Distinct().Select(id =>
            sending.TryGetValue(id, out var sent) ? new QuoteAnswer(id, sent.Number, sent.Status, null)
            : known.TryGetValue(id, out var other) ? new QuoteAnswer(id, other.Number, other.Status, Why(other, today))
            : new QuoteAnswer(id, null, null, "There is no such quote.")).ToArray();
    }

    private static string? Why(Quote quote, DateOnly today) =>
        quote.Status is not QuoteStatus.Draft ? $"It is {quote.Status.Spoken}: only a draft is sent." : quote.ValidUntil < today ? "Its day has passed: change the day first." : null;
}

/// A version of a quote went out.
internal sealed record QuoteSent(Id<Quote> Quote, int Version) : IDelivered
{
    public string Subject => "quote " + Quote;
}

/// The mail that takes a quote to its customer.
internal static class QuoteMails
{
    public static readonly MailTemplate Quote = new("quote", "Quote", "A quote was sent.",
        [
            new("number", PlaceholderKind.Text, "The quote's number", "QU-2026-000007", IsNeeded: true), new("customer", PlaceholderKind.Text, "The customer's name", "Hotel Zee BV"),
            new("lines", PlaceholderKind.Text, "What is offered, one line each", "20 × Bowl at 18.00"), new("total", PlaceholderKind.Amount, "What it costs, with tax", "435.60 EUR"),
            new("validUntil", PlaceholderKind.Day, "The day until which it is good", "9 April 2026"),
            new("answer", PlaceholderKind.Text, "How it is accepted: by a link, where customers reach this house, or by answering", "Accept it here: https://orders.example/c/…"), new("company", PlaceholderKind.Text, "Our name", "Harbour Home"),
        ],
        new("Our quote {{number}}", "Dear {{customer}},\n\nwe offer you:\n\n{{lines}}\n\nTogether {{total}}, good until {{validUntil}}.\n\n{{answer}}\n\nKind regards\n{{company}}"),
        new("Unser Angebot {{number}}", "Guten Tag {{customer}},\n\nwir bieten Ihnen an:\n\n{{lines}}\n\nZusammen {{total}}, gültig bis {{validUntil}}.\n\n{{answer}}\n\nMit freundlichen Grüßen\n{{company}}"));

    public static async Task<IReadOnlyDictionary<string, object?>> Values(KeelDb db, Quote quote, int version, string customer, string? link, string language, CancellationToken ct)
    {
        var company = db.Ask<string>($"select name from kernel.company where id = {db.Company}");
        var head = db.Ask<QuoteVersion>($"{QuoteTables.VersionColumns} where company_id = {db.Company} and quote_id = {quote.Id} and version = {version}");
        var lines = await db.Query<LineRow>(
            $"""
            select l.quantity, coalesce(p.name, l.sku) as name, l.unit_price, l.currency from sales.quote_line l left join catalog.pub_product p on p.sku = l.sku
            where l.company_id = {db.Company} and l.quote_id = {quote.Id} and l.version = {version} order by l.line limit 100
            """, ct);
        return new Dictionary<string, object?>
        {
            ["number"] = quote.Number, ["customer"] = customer, ["lines"] = string.Join('\n', lines.Select(l => $"{l.Quantity} × {l.Name}, {l.UnitPrice}")), ["total"] = head.Value[0].Gross, ["validUntil"] = head.Value[0].ValidUntil,
            ["answer"] = Answer(link, language == "de"), ["company"] = company.Value[0],
        };
    }

    /// A mail is written in its customer's language, whoever's work it is.
    private static string Answer(string? link, bool isGerman) => link is null
        ? isGerman ? "Bitte antworten Sie auf diese Mail, um es anzunehmen." : "Please answer this mail to accept it."
        : isGerman ? $"Hier nehmen Sie es an, oder sagen uns, was nicht passt:\n{link}" : $"Accept it here, or tell us what does not fit:\n{link}";

    private sealed record LineRow(Quantity Quantity, string Name, UnitPrice UnitPrice, Currency Currency);
}

/// Mails a quote to its customer, once per version.
internal sealed class WriteQuote(KeelDb db, PartnersDesk partners, MailDesk mails, LinkSeal seal) : IDeliver<QuoteSent>
{
    public async Task Deliver(QuoteSent happened, CancellationToken ct)
    {
        if (await db.Table<Quote>().Find($"company_id = {db.Company} and id = {happened.Quote}", ct) is not { } quote) return;
        if (await partners.MailOf(new Id<Partner>(quote.CustomerId), ct) is not { Address: { Length: > 0 } address } customer) return;
        var language = MailTemplate.LanguageOf(customer.Language, customer.Country);
        var link = await seal.Make(new CustomerLink(CustomerAsk.Quote, db.Company, quote.Id.Value, happened.Version, new DateTimeOffset(quote.ValidUntil.AddDays(30), default, TimeSpan.Zero)), ct);
        var values = await QuoteMails.Values(db, quote, happened.Version, customer.Name, link, language, ct);
        await mails.Write(QuoteMails.Quote, new MailTo(address, customer.Name, MailToKind.Customer, quote.CustomerId, language), values, quote.Ref, $"quote {quote.Id} {happened.Version}", ct);
    }
}

/// Fills the mail of quotes with a real one, to look at it.
internal sealed class FillQuoteMail(KeelDb db, PartnersDesk partners, Viewer viewer) : IFillTemplate
{
    public string Asks => "A quote's number, QU-…";

    public bool Fills(string template) => template == QuoteMails.Quote.Name;

    public async Task<IReadOnlyDictionary<string, object?>?> Of(string template, string number, CancellationToken ct)
    {
        if (!viewer.May(SalesPermissions.Read) || !viewer.May(Viewer.SeePersonal) || await db.Table<Quote>().Find($"company_id = {db.Company} and number = {number}", ct) is not { } quote) return null;
        var customer = await partners.MailOf(new Id<Partner>(quote.CustomerId), ct);
        return await QuoteMails.Values(db, quote, quote.Version, customer?.Name ?? "", "https://orders.example/c/…", customer is null ? "en" : MailTemplate.LanguageOf(customer.Language, customer.Country), ct);
    }
}
