using System.ComponentModel.DataAnnotations;
using Keel.Ledger;
using Keel.Ledger.Contract;

namespace Keel.Accounting;

/// Pays what a clearing account holds for documents, such as the freight that was landed: in the currency in which it is owed, at the rate of the day. What that
/// comes to beyond the rate at which it stands is an exchange difference; stock is not touched.
[Operation("accounting.settle-clearing", LedgerPermissions.PostManually, Said = "paid what a clearing account held", Icon = "money")]
internal sealed class SettleClearing(KeelDb db, Settings settings, Journal journal) : IOperation<SettleClearing.Request, SettleClearing.Settled>, IAssess<SettleClearing.Request, SettleClearing.Settled>
{
    /// Each document is settled as a whole. `Rate` is what one unit of the currency is worth in company currency; left out, it is the rate that is noted for the day.
    public sealed record Request(
        AccountCode Account, [Required, MinLength(1), MaxLength(100), Display(Name = "Documents")] IReadOnlyList<string> Documents, [property: Display(Name = "Paid from")] AccountCode From,
        [Range(typeof(decimal), "0.0000000001", "1000000000"), Display(Name = "Exchange rate")] decimal? Rate = null, DateOnly? Day = null, [MaxLength(60), Display(Name = "Bill")] string? Reference = null);

    /// What was paid, in its currency and in the company's.
    public sealed record Settled(int Documents, Money Paid, Money CompanyPaid, Money Exchange);

    public static readonly Error NotClearing = Error.Invalid("clearing.not-settled-so", "This is no clearing account that is settled by hand. Choose one of the list.");
    public static readonly Error NotMoney = Error.Invalid("clearing.paid-from", "Nothing is paid from this account. Name a bank account, or cash.");
    public static readonly Error Nothing = Error.NotFound("clearing.nothing-open", "The account holds nothing for this document. Load the list again.");
    public static readonly Error Mixed = Error.Invalid("clearing.currencies", "These documents are owed in several currencies. Pay those of one currency at a time.");
    public static readonly Error NoRate = Error.Invalid("clearing.no-rate", "No rate is known for this currency on this day. Say the rate of the payment, or note the rate of the day.");

    private sealed record Open(DocumentRef Document, Money Amount, Currency Currency, Money CompanyAmount, Currency CompanyAmountCurrency);

    public async Task<Result<Settled>> Run(Request request, CancellationToken ct)
    {
        var chart = await Chart.Of(settings, ct);
        var day = request.Day ?? (await Network.Of(settings, ct)).Day(db.Now);
        if (!chart.Knows(request.From) || chart.ControlOf(request.From) is not Control.None || request.From == request.Account) return NotMoney;
        string[] numbers = [.. request.Documents.Select(d => d.Trim()).Distinct()];
        var clears = await db.First<string>($"select account from ledger.pub_account_balance where company_id = {db.Company} and account = {request.Account} and clearing and control = 'None'", ct);
        if (clears is null) return NotClearing;
        // Whoever settles a document of the account waits for whoever settles one already, and then finds nothing open.
        await db.Query<string>($"select pg_advisory_xact_lock(hashtextextended({"settle-clearing/" + request.Account}, 0))::text", ct);
        var open = await db.Query<Open>(
            $"""
            select p.document_kind, p.document_id, p.document_number, sum(p.amount)::bigint as amount, p.currency, sum(p.company_amount)::bigint as company_amount, p.company_amount_currency
            from ledger.pub_document_balance b join ledger.pub_posting p on p.company_id = b.company_id and p.account = b.account and p.document_id = b.document_id
            where b.company_id = {db.Company} and b.account = {request.Account} and b.document_number = any({numbers})
            group by p.document_kind, p.document_id, p.document_number, p.currency, p.company_amount_currency having sum(p.amount) <> 0 or sum(p.company_amount) <> 0 order by p.document_number
            """, ct);
        if (numbers.FirstOrDefault(n => open.TrueForAll(o => o.Document.Number != n)) is { } gone) return Nothing.With($"{request.Account} holds nothing for {gone}. Load the list again.");
        if (open.Select(o => o.Currency).Distinct().ToArray() is not [var currency]) return Mixed;
        if (await RateOf(currency, request.Rate, chart.Currency, day, ct) is not { } rate) return NoRate.With($"No rate is known for {currency} on {day:yyyy-MM-dd}. Say the rate of the payment, or note the rate of the day.");
        var exchange = (await RuleBook.Of(settings, ct)).AccountFor(Roles.ExchangeDifference, null, null, day) ?? Bookkeeper.Suspense;
        foreach (var one in open) await journal.Post(Entry(request, one, day, rate, exchange), ct);

        db.Work.Concerns(request.Account.Text);
        var paid = open.Aggregate(Money.Zero(currency), (sum, o) => sum - o.Amount);
        var company = open.Aggregate(Money.Zero(chart.Currency), (sum, o) => sum - Worth(o, rate));
        var stood = open.Aggregate(Money.Zero(chart.Currency), (sum, o) => sum - o.CompanyAmount);
        db.Work.IsWorth(company);
        return new Settled(open.Count, paid, company, company - stood);
    }

    public Task<Effect> Assess(Request request, Settled answer, CancellationToken ct) => Task.FromResult(new Effect(answer.CompanyPaid, [], $"Pays {answer.Paid} of {string.Join(", ", request.Documents)} from {request.From}."));

    private EntryDraft Entry(Request request, Open open, DateOnly day, decimal rate, AccountCode exchange)
    {
        db.Work.Concerns(open.Document.Number);
        var (none, paid) = (Dimensions.None, Worth(open, rate));
        Leg[] legs = [new(request.Account, -open.Amount, -open.CompanyAmount, rate, none), new(request.From, open.Amount, paid, rate, none)];
        var left = open.CompanyAmount - paid;
        if (!left.IsZero) legs = [.. legs, new Leg(exchange, Money.Zero(open.Currency), left, rate, none)];
        var sentence = request.Reference is { Length: > 0 } bill ? $"Paid for {open.Document} with {bill}" : $"Paid for {open.Document}";
        return new EntryDraft(Journals.Money, open.Document, day, db.Now, sentence, legs) { Part = "settled" };
    }

    private static Money Worth(Open open, decimal rate) => open.Currency == open.CompanyAmountCurrency ? open.Amount : RateTable.Convert(open.Amount, rate, open.CompanyAmountCurrency);

    private async Task<decimal?> RateOf(Currency currency, decimal? said, Currency company, DateOnly day, CancellationToken ct) =>
        currency == company ? 1 : said ?? (await RateTable.Of(settings, ct)).RateOf(currency, day);
}
