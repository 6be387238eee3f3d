using System.Collections.Frozen;
using Keel.Messages.Contract;
using Keel.Partners.Contract;
using static Keel.Kernel.Words;

namespace Keel.Sales.Contract;

/// What a customer is asked by a link.
public enum CustomerAsk
{
    /// Whether a quote is accepted.
    Quote = 1,

    /// Where an order goes.
    Address = 2,
}

/// One line of what is offered or was ordered, in the customer's words; without a price where none is shown.
public sealed record CustomerLine(Quantity Quantity, string Name, UnitPrice? Price, Money? Amount);

/// What a customer sees who follows a link, in the customer's language. `Over` says why there is nothing to answer any more, `Done` what was answered already.
public sealed record CustomerPage(CustomerAsk Ask, string Company, string Number, string? Language, IReadOnlyList<CustomerLine> Lines)
{
    public Money? Net { get; init; }
    public Money? Tax { get; init; }
    public Money? Gross { get; init; }
    public DateOnly? ValidUntil { get; init; }
    public string? PurchaseOrder { get; init; }
    public string? Notes { get; init; }
    public PostalAddress? Address { get; init; }
    public string? Over { get; init; }
    public string? Done { get; init; }

    /// Whether there is something to answer.
    public bool IsOpen => Over is null && Done is null;
}

/// What a customer answers: yes or no to a quote, with an own number of it or with a reason; or an address.
public sealed record CustomerAnswer(bool Declines = false, string? PurchaseOrder = null, string? Reason = null, string? Note = null, PostalAddress? Address = null);

/// Where customers answer by themselves, by links that mails took to them. A link opens one question about one document, whoever has it; everything else stays closed.
public sealed class CustomerLinkDesk
{
    private readonly KeelDb db;
    private readonly Gate gate;
    private readonly Settings settings;
    private readonly PartnersDesk partners;
    private readonly LinkSeal seal;
    private readonly TimeProvider clock;

    internal CustomerLinkDesk(KeelDb db, Gate gate, Settings settings, PartnersDesk partners, LinkSeal seal, TimeProvider clock) =>
        (this.db, this.gate, this.settings, this.partners, this.seal, this.clock) = (db, gate, settings, partners, seal, clock);

    /// What the link is about, or nothing where it is none of ours, or too old.
    public async Task<CustomerPage?> Open(string token, CancellationToken ct = default) => Enter(token) is { } link ? await Page(link, ct) : null;

    /// The reasons for which a quote may be declined, by what is sent and what is shown.
    public static IReadOnlyList<(string Value, string Label)> Reasons => [.. Enum.GetValues<LostReason>().Where(r => r is not LostReason.NoAnswer).Select(r => (r.ToString(), r.Spoken))];

    /// Carries an answer out; what is wrong with it, or nothing where it was taken.
    public async Task<Error?> Answer(string token, CustomerAnswer answer, CancellationToken ct = default)
    {
        if (Enter(token) is not { } link || await Page(link, ct) is not { } page) return NoLink;
        if (!page.IsOpen) return NoLink;
        if (link.Ask is CustomerAsk.Quote)
        {
            Id<Quote> quote = new(link.Subject);
            if (!answer.Declines) return (await Run<AcceptQuote, AcceptQuote.Request, AcceptQuote.Answer>(new(quote, Text(answer.PurchaseOrder)), link, ct)).Error;
            if (!Enum.TryParse<LostReason>(answer.Reason, out var reason)) return NoReason;
            return (await Run<DeclineQuotes, DeclineQuotes.Request, IReadOnlyList<QuoteAnswer>>(new([quote], reason, Text(answer.Note)), link, ct)).Error;
        }

        if (answer.Address is not { } to) return NoAddress;
        if (AddressRules.Look(to).Wrong is { } wrong) return NoAddress.With(wrong);
        Id<Order> order = new(link.Subject);
        var changed = await Run<ChangeAddress, ChangeAddress.Request, Done>(new(order, to), link, ct);
        if (!changed.Ok) return changed.Error;
        // What waited for nothing but its address goes on; what is stopped for something else goes on waiting.
        return (await Run<SettleAddress, SettleAddress.Request, Done>(new(order), link, ct)).Error;
    }

    public static readonly Error NoLink = Error.NotFound("link.opens-nothing", "This link opens nothing any more. Answer the mail that it came with.");
    public static readonly Error NoReason = Error.Invalid("link.reason-missing", "Say why, please.");
    public static readonly Error NoAddress = Error.Invalid("link.address-wrong", "The address is not complete.");

    private CustomerLink? Enter(string token)
    {
        var now = clock.GetUtcNow();
        if (seal.Read(token) is not { } link || link.Until < now) return null;
        (db.Work.Company, db.Work.Now) = (link.Company, now);
        return link;
    }

    private async Task<Result<TAnswer>> Run<TOperation, TRequest, TAnswer>(TRequest request, CustomerLink link, CancellationToken ct)
        where TOperation : IOperation<TRequest, TAnswer> where TRequest : notnull => await gate.Run<TOperation, TRequest, TAnswer>(request, new Caller(Customer, Door.Page, link.Company) { At = clock.GetUtcNow() }, ct);

    private static string? Text(string? said) => NoteOrder.Text(said);

    private static readonly Actor Customer = new(ActorKind.System, new Guid("6b65656c-0000-7000-8000-000000000003"), "customer by link")
    {
        Permissions = FrozenSet.Create(StringComparer.Ordinal, SalesPermissions.Quote, SalesPermissions.Capture, SalesPermissions.Confirm),
    };

    private Task<CustomerPage?> Page(CustomerLink link, CancellationToken ct) => link.Ask is CustomerAsk.Quote ? QuotePage(link, ct) : AddressPage(link, ct);

    private async Task<CustomerPage?> QuotePage(CustomerLink link, CancellationToken ct)
    {
        if (await db.Table<Quote>().Find($"company_id = {link.Company} and id = {link.Subject}", ct) is not { } quote) return null;
        var versions = await db.Table<QuoteVersion>().Where($"company_id = {link.Company} and quote_id = {quote.Id} and version = {link.Version}", ct);
        if (versions is not [var version]) return null;
        var lines = await db.Query<LineRow>(
            $"""
            select l.quantity, coalesce(p.name, l.sku) as name, l.unit_price as price, case when {version.GrossPrices} then l.gross else l.net end as amount, l.currency from sales.quote_line l left join catalog.pub_product p on p.sku = l.sku
            where l.company_id = {link.Company} and l.quote_id = {quote.Id} and l.version = {link.Version} order by l.line
            """, ct);
        var (company, language) = await Named(quote.CustomerId, ct);
        if (language is not null) Words.Speak(language);
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        return new CustomerPage(CustomerAsk.Quote, company, quote.Number, language, [.. lines.Select(l => new CustomerLine(l.Quantity, l.Name, l.Price, l.Amount))])
        {
            Net = version.Net, Tax = version.Tax, Gross = version.Gross, ValidUntil = version.ValidUntil, PurchaseOrder = version.PurchaseOrder, Notes = version.Notes,
            Done = quote.Status is QuoteStatus.Accepted ? T($"You have accepted it: it is our order {quote.OrderNumber ?? ""}. Thank you.") : quote.Status is QuoteStatus.Lost ? T("It was declined. Ask us for another quote whenever you like.") : null,
            Over = quote.IsOver ? null : quote.Version != link.Version || quote.Status is QuoteStatus.Draft ? T("We are changing this quote: you get it once more by mail.")
                : quote.Status is QuoteStatus.Expired || quote.ValidUntil < today ? T("It is not good any more. Ask us to renew it.") : null,
        };
    }

    private async Task<CustomerPage?> AddressPage(CustomerLink link, CancellationToken ct)
    {
        if (await db.Orders.Find($"company_id = {link.Company} and id = {link.Subject}", ct) is not { } order) return null;
        var lines = await db.Query<LineRow>(
            $"""
            select l.quantity, coalesce(p.name, l.description, l.sku, '') as name, l.unit_price as price, l.gross as amount, l.currency from sales.order_line l left join catalog.pub_product p on p.sku = l.sku
            where l.company_id = {link.Company} and l.order_id = {order.Id} and l.kind in ('Goods', 'Kit') and l.kit_line is null order by l.line
            """, ct);
        var (company, language) = await Named(order.CustomerId, ct);
        if (language is not null) Words.Speak(language);
        return new CustomerPage(CustomerAsk.Address, company, order.ChannelNumber, language, [.. lines.Select(l => new CustomerLine(l.Quantity, l.Name, null, null))])
        {
            Address = order.ShipTo ?? new PostalAddress("", null, "", "", null, order.Country),
            Done = order.Status is OrderStatus.Shipped ? T("Your order has left already.") : null,
            Over = order.Status is OrderStatus.Cancelled ? T("This order is cancelled.") : order.Status is OrderStatus.Released or OrderStatus.PartlyShipped ? T("Your order is being packed already: its address stays. Answer the mail if it is wrong.") : null,
        };
    }

    /// The company's name, and the language of the customer.
    private async Task<(string Company, string? Language)> Named(Guid customer, CancellationToken ct)
    {
        var mail = await partners.MailOf(new Id<Partner>(customer), ct);
        return ((await Network.Of(settings, ct)).Company.Name, mail is null ? null : MailTemplate.LanguageOf(mail.Language, mail.Country));
    }

    private sealed record LineRow(Quantity Quantity, string Name, UnitPrice Price, Money Amount, Currency Currency);
}
