using System.ComponentModel.DataAnnotations;
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

/// Offers once more what was offered before, at the same prices, for as long as new quotes are good: a further version, to be sent.
[Operation("sales.renew-quotes", SalesPermissions.Quote, Said = "renewed {quotes|it}", Icon = "returns")]
internal sealed class RenewQuotes(KeelDb db, Policies policies, Settings settings) : IOperation<RenewQuotes.Request, IReadOnlyList<QuoteAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<Quote>> Quotes);

    public async Task<Result<IReadOnlyList<QuoteAnswer>>> Run(Request request, CancellationToken ct)
    {
        var until = (await Network.Of(settings, ct)).Day(db.Now).AddDays((await policies.Of<QuoteRules>(ct)).Choice.ValidDays);
        var (quotes, versions, lines) = db.LockQuotes(request.Quotes);
        await db.Flush(ct);
        var known = quotes.Value.ToDictionary(q => q.Id);
        var renewed = quotes.Value.Where(q => q.Status is QuoteStatus.Sent or QuoteStatus.Expired).Select(q => q with { Status = QuoteStatus.Draft, Version = q.Version + 1, ValidUntil = until }).ToDictionary(q => q.Id);
        foreach (var quote in renewed.Values) db.Work.Concerns(quote.Number);
        Quoting.Follow(db, [.. renewed.Values]);
        db.Table<QuoteVersion>().Insert([.. versions.Value.Where(v => renewed.ContainsKey(v.QuoteId)).Select(v => v with
        {
            Version = v.Version + 1, ValidUntil = until, DeliverOn = v.DeliverOn < until ? null : v.DeliverOn, At = db.Now, By = db.Work.Actor.Name, SentAt = null, Operation = db.Work.Operation,
        })]);
        db.Table<QuoteLine>().Insert([.. lines.Value.Where(l => renewed.ContainsKey(l.QuoteId)).Select(l => l with { Version = l.Version + 1 })]);
        return request.Quotes.Distinct().Select(id =>
            renewed.TryGetValue(id, out var quote) ? new QuoteAnswer(id, quote.Number, quote.Status, null)
            : known.TryGetValue(id, out var other) ? new QuoteAnswer(id, other.Number, other.Status, other.Status is QuoteStatus.Draft ? "It is a draft: change its day." : $"It is {other.Status.Spoken} already: copy it into a new quote.")
            : new QuoteAnswer(id, null, null, "There is no such quote.")).ToArray();
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
