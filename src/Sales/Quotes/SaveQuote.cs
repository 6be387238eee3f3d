using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Writes a quote, or changes one: a draft is changed as it stands, what was sent gets a further version. Lines without a price have that of the customer's lists; a price below it is a
/// concession, and waits for a yes where a policy wants one.
[Operation("sales.save-quote", SalesPermissions.Quote, Said = "wrote {number|a quote}", Icon = "file")]
internal sealed class SaveQuote(KeelDb db, Quoting quoting, PartnersDesk partners, Policies policies, Settings settings) : IOperation<SaveQuote.Request, SaveQuote.Answer>, IAssess<SaveQuote.Request, SaveQuote.Answer>
{
    public sealed record Request(
        ChannelCode Channel, [Required, MaxLength(30)] string Customer, [Required, MinLength(1), MaxLength(500)] IReadOnlyList<Item> Lines, Id<Quote>? Quote = null, DateOnly? ValidUntil = null, DateOnly? DeliverOn = null,
        DeliveryTerm? DeliveryTerm = null, [MaxLength(60)] string? PurchaseOrder = null, [MaxLength(2000)] string? Notes = null);

    public sealed record Item(Sku Sku, [Positive] Quantity Quantity, UnitPrice? Price = null);

    public sealed record Answer(Id<Quote> Id, string Number, int Version, Money Net, Money Gross);

    public static readonly Error NoCustomer = Error.Invalid("quote.customer-unknown", "There is no customer with this number. Create the customer first.");
    public static readonly Error NoQuote = Error.NotFound("quote.unknown", "There is no such quote.");
    public static readonly Error Over = new("quote.over", "It is decided already: copy it into a new quote.");
    public static readonly Error Past = Error.Invalid("quote.valid-in-the-past", "A quote is good for a day to come. Name a later day.");
    public static readonly Error ForMarketplace = Error.Invalid("quote.marketplace", "Marketplaces agree on prices themselves: choose a channel of yours.");

    private Quoting.Priced? priced;

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Channels.TryGetValue(request.Channel, out var channel)) return Drafting.NoChannel.With($"There is no channel {request.Channel}. Create the channel first.");
        if (channel.IsMarketplace) return ForMarketplace;
        var today = network.Day(db.Now);
        if (request.ValidUntil < today) return Past;
        var rules = (await policies.Of<QuoteRules>(ct)).Choice;
        var asked = partners.AskCustomers([request.Customer]);
        var (quotes, versions, _) = db.LockQuotes(request.Quote is { } id ? [id] : []);
        await db.Flush(ct);
        if (!asked.Value.TryGetValue(request.Customer, out var customer)) return NoCustomer.With($"There is no customer {request.Customer}. Create the customer first.");
        var old = quotes.Value.FirstOrDefault();
        if (request.Quote is not null && old is null) return NoQuote;
        if (old is { IsOver: true }) return Over.With($"{old.Number} is {old.Status.Spoken} already: copy it into a new quote.");

        var found = await quoting.Price(request, customer, network, ct);
        if (!found.Ok) return found.Error!;
        priced = found.Value;
        var until = request.ValidUntil ?? today.AddDays(rules.ValidDays);
        var replaces = old is not null && versions.Value[0].SentAt is null;
        var quote = new Quote(
            old?.Id ?? db.NewId<Quote>(), db.Company, old?.Number ?? await db.Numbers.Take(db.Company, "QU", today.Year, ct), request.Channel, customer.Id.Value, QuoteStatus.Draft,
            old is null ? 1 : replaces ? old.Version : old.Version + 1, until, channel.Currency, priced.Draft.Taxed.Net, priced.Draft.Taxed.Gross, old?.OwnerId ?? db.Work.Actor.Id, old?.Owner ?? db.Work.Actor.Name,
            old?.CreatedAt ?? db.Now, old?.SentAt, null, null, null, null, null, db.Work.Operation);
        db.Work.Concerns(quote.Number);
        db.Work.IsWorth(quote.Gross);
        if (old is null) db.Table<Quote>().Insert([quote]);
        else Quoting.Follow(db, [quote]);
        if (replaces)
        {
            db.Queue($"delete from sales.quote_line where quote_id = {quote.Id} and version = {quote.Version}");
            db.Queue($"delete from sales.quote_version where quote_id = {quote.Id} and version = {quote.Version}");
        }

        db.Table<QuoteVersion>().Insert([new QuoteVersion(
            quote.Id, quote.Version, db.Company, until, request.DeliverOn, request.DeliveryTerm, Text(request.PurchaseOrder), Text(request.Notes), priced.Draft.PricesIncludeTax, channel.Currency,
            priced.Draft.Taxed.Net, priced.Draft.Taxed.Tax, priced.Draft.Taxed.Gross, db.Now, db.Work.Actor.Name, null, db.Work.Operation)]);
        db.Table<QuoteLine>().Insert([.. priced.Draft.Lines.Select((l, i) => new QuoteLine(
            quote.Id, quote.Version, i + 1, db.Company, l.Sku!.Value, l.Quantity, l.Price, priced.Lists[i], channel.Currency, priced.Draft.Taxed.Lines[i].Rate,
            priced.Draft.Taxed.Lines[i].Net, priced.Draft.Taxed.Lines[i].Tax, priced.Draft.Taxed.Lines[i].Gross))]);
        return new Answer(quote.Id, quote.Number, quote.Version, quote.Net, quote.Gross);
    }

    /// Out of the ordinary is `below-list`: what is left to the customer in all, as the prices are stated.
    public Task<Effect> Assess(Request request, Answer answer, CancellationToken ct)
    {
        var left = priced!.Left;
        return Task.FromResult(left.Minor <= 0 ? Effect.Nothing : new Effect(left, [], $"Offers {answer.Gross} on {answer.Number}, {left} less than the lists say.") { Channel = request.Channel, Exceptions = ["below-list"] });
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// Prices quotes as orders are priced and taxed, by the customer's lists, and without promotions: what is offered is agreed.
internal sealed class Quoting(KeelDb db, CatalogDesk catalog, PricingDesk pricing, PartnersDesk partners, Settings settings)
{
    /// A quote as an order would be; per line what the list says, and what is left to the customer in all.
    public sealed record Priced(Draft Draft, IReadOnlyList<UnitPrice?> Lists, Money Left);

    public async Task<Result<Priced>> Price(SaveQuote.Request asked, Customer customer, Network network, CancellationToken ct)
    {
        var skus = asked.Lines.Select(l => l.Sku).Distinct().ToArray();
        var products = catalog.Ask(skus);
        var prices = pricing.Ask([asked.Channel], skus, buyers: [customer.AsBuyer()]);
        var address = await partners.AddressOf(customer.Id, ct);
        var drafting = new Drafting(db, network, await pricing.Taxes(ct), products.Value, prices.Value, null, await KitBook.Of(settings, ct), new HashSet<NamedLot>(), await pricing.Promotions([], [], [], ct));
        var drafted = drafting.Draft(new NewOrder(asked.Channel, "quote", [.. asked.Lines.Select(l => new NewLine(l.Sku, l.Quantity, l.Price))], ShipTo: address) { Known = customer });
        if (!drafted.Ok) return drafted.Error!;
        var draft = drafted.Value;
        var lists = draft.Lines.Select((l, i) => prices.Value.Find(asked.Channel, l.Sku!.Value, l.Quantity, draft.Currency, customer.AsBuyer())?.As(draft.PricesIncludeTax, draft.Taxed.Lines[i].Rate)).ToArray();
        var left = draft.Lines.Select((l, i) => lists[i] is { } list && l.Price.Times(l.Quantity) is var offered && list.Times(l.Quantity) is var listed && offered < listed ? listed - offered : Money.Zero(draft.Currency));
        return new Priced(draft, lists, left.Aggregate(Money.Zero(draft.Currency), (sum, l) => sum + l));
    }

    /// Writes what may change of quotes.
    public static void Follow(KeelDb db, IReadOnlyList<Quote> quotes) => db.Table<Quote>().Update(
        quotes, nameof(Quote.Channel), nameof(Quote.CustomerId), nameof(Quote.Status), nameof(Quote.Version), nameof(Quote.ValidUntil), nameof(Quote.Currency), nameof(Quote.Net), nameof(Quote.Gross), nameof(Quote.SentAt),
        nameof(Quote.DecidedAt), nameof(Quote.OrderId), nameof(Quote.OrderNumber), nameof(Quote.LostReason), nameof(Quote.LostNote));
}
