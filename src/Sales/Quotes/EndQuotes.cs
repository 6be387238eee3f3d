using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Sales;

/// Quotes came to nothing, and why.
[Operation("sales.decline-quotes", SalesPermissions.Quote, Said = "noted {quotes|it} as lost", Icon = "x")]
internal sealed class DeclineQuotes(KeelDb db) : IOperation<DeclineQuotes.Request, IReadOnlyList<QuoteAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<Quote>> Quotes, LostReason Reason, [MaxLength(500)] string? Note = null);

    public async Task<Result<IReadOnlyList<QuoteAnswer>>> Run(Request request, CancellationToken ct)
    {
        var (quotes, _, _) = db.LockQuotes(request.Quotes);
        await db.Flush(ct);
        var known = quotes.Value.ToDictionary(q => q.Id);
        var lost = quotes.Value.Where(q => !q.IsOver).Select(q => q with { Status = QuoteStatus.Lost, DecidedAt = db.Now, LostReason = request.Reason, LostNote = request.Note }).ToDictionary(q => q.Id);
        foreach (var quote in lost.Values) db.Work.Concerns(quote.Number);
        Quoting.Follow(db, [.. lost.Values]);
        return request.Quotes.Distinct().Select(id =>
            lost.TryGetValue(id, out var quote) ? new QuoteAnswer(id, quote.Number, quote.Status, null)
            : known.TryGetValue(id, out var other) ? new QuoteAnswer(id, other.Number, other.Status, $"It is {other.Status.Spoken} already.")
            : new QuoteAnswer(id, null, null, "There is no such quote.")).ToArray();
    }
}

/// Offers once more what was offered before, at the same prices, for as long as new quotes are good: a further version, to be sent. Lists may have risen meanwhile: what is left to the
/// customer against those of today is a concession, as if it was offered anew.
[Operation("sales.renew-quotes", SalesPermissions.Quote, Said = "renewed {quotes|it}", Icon = "returns")]
internal sealed class RenewQuotes(KeelDb db, PricingDesk pricing, PartnersDesk partners, Policies policies, Settings settings) : IOperation<RenewQuotes.Request, IReadOnlyList<QuoteAnswer>>, IAssess<RenewQuotes.Request, IReadOnlyList<QuoteAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<Quote>> Quotes);

    private readonly List<(Quote Quote, Money Left)> left = [];

    public async Task<Result<IReadOnlyList<QuoteAnswer>>> Run(Request request, CancellationToken ct)
    {
        var until = (await Network.Of(settings, ct)).Day(db.Now).AddDays((await policies.Of<QuoteRules>(ct)).Choice.ValidDays);
        var (quotes, versions, lines) = db.LockQuotes(request.Quotes);
        await db.Flush(ct);
        var known = quotes.Value.ToDictionary(q => q.Id);
        var renewed = quotes.Value.Where(q => q.Status is QuoteStatus.Sent or QuoteStatus.Expired).Select(q => q with { Status = QuoteStatus.Draft, Version = q.Version + 1, ValidUntil = until }).ToDictionary(q => q.Id);
        foreach (var quote in renewed.Values) db.Work.Concerns(quote.Number);
        var listed = await ListedNow([.. renewed.Values], versions.Value, lines.Value, ct);
        Quoting.Follow(db, [.. renewed.Values]);
        db.Table<QuoteVersion>().Insert([.. versions.Value.Where(v => renewed.ContainsKey(v.QuoteId)).Select(v => v with
        {
            Version = v.Version + 1, ValidUntil = until, DeliverOn = v.DeliverOn < until ? null : v.DeliverOn, At = db.Now, By = db.Work.Actor.Name, SentAt = null, Operation = db.Work.Operation,
        })]);
        db.Table<QuoteLine>().Insert([.. lines.Value.Where(l => renewed.ContainsKey(l.QuoteId)).Select(l => l with { Version = l.Version + 1, ListPrice = listed[l] })]);
        return request.Quotes.Distinct().Select(id =>
            renewed.TryGetValue(id, out var quote) ? new QuoteAnswer(id, quote.Number, quote.Status, null)
            : known.TryGetValue(id, out var other) ? new QuoteAnswer(id, other.Number, other.Status, other.Status is QuoteStatus.Draft ? "It is a draft: change its day." : $"It is {other.Status.Spoken} already: copy it into a new quote.")
            : new QuoteAnswer(id, null, null, "There is no such quote.")).ToArray();
    }

    /// Out of the ordinary is `below-list`: what is left to the customers in all, as the prices are stated.
    public Task<Effect> Assess(Request request, IReadOnlyList<QuoteAnswer> answer, CancellationToken ct)
    {
        if (left.Count == 0) return Task.FromResult(Effect.Nothing);
        Money[] sums = [.. left.GroupBy(l => l.Left.Currency).Select(g => g.Aggregate(Money.Zero(g.Key), (sum, l) => sum + l.Left))];
        var channels = left.Select(l => l.Quote.Channel).Distinct().ToArray();
        var sentence = $"Offers {string.Join(", ", left.Select(l => l.Quote.Number))} once more, {string.Join(", ", sums)} less than the lists say now.";
        return Task.FromResult(new Effect(sums is [var sum] ? sum : null, [], sentence) { Channel = channels is [var one] ? one : default(ChannelCode?), Exceptions = ["below-list"] });
    }

    /// What the customers' lists say today of each line that is offered again; what is left to them against that is kept for the assessment.
    private async Task<Dictionary<QuoteLine, UnitPrice?>> ListedNow(IReadOnlyList<Quote> quotes, IReadOnlyList<QuoteVersion> versions, IReadOnlyList<QuoteLine> lines, CancellationToken ct)
    {
        left.Clear();
        if (quotes.Count == 0) return [];
        var customers = partners.AskById([.. quotes.Select(q => new Id<Partner>(q.CustomerId)).Distinct()]);
        await db.Flush(ct);
        var buyers = customers.Value.ToDictionary(c => c.Key.Value, c => c.Value.AsBuyer());
        var prices = pricing.Ask([.. quotes.Select(q => q.Channel).Distinct()], [.. lines.Select(l => l.Sku).Distinct()], buyers: buyers.Values);
        await db.Flush(ct);
        var listed = new Dictionary<QuoteLine, UnitPrice?>();
        foreach (var quote in quotes)
        {
            var isGross = versions.First(v => v.QuoteId == quote.Id).GrossPrices;
            var given = Money.Zero(quote.Currency);
            foreach (var line in lines.Where(l => l.QuoteId == quote.Id))
            {
                var list = listed[line] = prices.Value.Find(quote.Channel, line.Sku, line.Quantity, quote.Currency, buyers.GetValueOrDefault(quote.CustomerId))?.As(isGross, line.TaxRate);
                if (list is { } now && now.Times(line.Quantity) - line.UnitPrice.Times(line.Quantity) is { Minor: > 0 } less) given += less;
            }

            if (given.Minor > 0) left.Add((quote, given));
        }

        return listed;
    }
}

/// Ends quotes whose day has passed.
[Operation("sales.expire-quotes", SalesPermissions.Quote, Said = "ended {quotes|quotes} whose day has passed", Icon = "clock")]
internal sealed class ExpireQuotes(KeelDb db) : IOperation<ExpireQuotes.Request, int>
{
    internal const int Most = 500;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var due = await db.Query<Id<Quote>>($"select id from sales.quote where company_id = {db.Company} and status = 'Sent' and valid_until < {db.Today} order by id limit {Most}", ct);
        var (quotes, _, _) = db.LockQuotes(due);
        await db.Flush(ct);
        var still = quotes.Value.Where(q => q.Status is QuoteStatus.Sent).Select(q => q with { Status = QuoteStatus.Expired }).ToArray();
        foreach (var quote in still) db.Work.Concerns(quote.Number);
        Quoting.Follow(db, still);
        return still.Length;
    }
}

/// Looks for quotes whose day has passed, in every company that has some; nothing is logged where there are none.
internal sealed class ExpireQuotesJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var companies = await db.Query<Id<Company>>($"select distinct q.company_id from sales.quote q join kernel.company c on c.id = q.company_id where q.status = 'Sent' and q.valid_until < ({db.Now}::timestamptz at time zone c.zone)::date", ct);
        foreach (var company in companies)
        {
            while ((await gate.Run<ExpireQuotes, ExpireQuotes.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct)).Value == ExpireQuotes.Most) { }
        }
    }
}
