using System.ComponentModel.DataAnnotations;

namespace Keel.Ledger;

/// Posts an entry by hand, with a reason. Accounts that follow documents or the stock book cannot be used.
[Operation("ledger.post-manual-entry", LedgerPermissions.PostManually, Said = "posted an entry by hand", Icon = "books")]
internal sealed class PostManualEntry(KeelDb db, Settings settings, Journal journal, DocumentNumbers numbers)
    : IOperation<PostManualEntry.Request, PostManualEntry.Posted>, IAssess<PostManualEntry.Request, PostManualEntry.Posted>
{
    public sealed record Request(
        [Required] DateOnly Day, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason,
        [MinLength(2, ErrorMessage = "has two lines at least."), MaxLength(500)] IReadOnlyList<Line> Lines);

    /// A debit or a credit on an account, in company currency.
    public sealed record Line(
        AccountCode Account, [Positive] Money? Debit = null, [Positive] Money? Credit = null, ChannelCode? Channel = null, NodeCode? Node = null, Sku? Sku = null);

    public sealed record Posted(Id<Entry> Entry, string Number);

    public static readonly Error OneSide = Error.Invalid("entry.one-side", "A line has either a debit or a credit.");
    public static readonly Error Unbalanced = new("entry.unbalanced", "Debits and credits differ.");
    public static readonly Error Foreign = Error.Invalid("entry.foreign-currency", "An entry by hand is in the company's currency.");
    public static readonly Error NoAccount = Error.NotFound("entry.account-unknown", "An account is not in the chart. Add it first.");
    public static readonly Error Controlled = new("entry.account-controlled", "The account follows documents or the stock book. Correct it by its document.");
    public static readonly Error PeriodLocked = new("entry.period-locked", "The month is locked. Choose a day in an open month.");

    public async Task<Result<Posted>> Run(Request request, CancellationToken ct)
    {
        var chart = await Chart.Of(settings, ct);
        if (Wrong(request, chart) is { } wrong) return wrong;

        var document = new DocumentRef("journal-entry", db.NewId<Entry>().Value, await numbers.Take(db.Company, "JE", request.Day.Year, ct));
        var legs = request.Lines.Select(l => new Leg(
            l.Account, AmountOf(l), AmountOf(l), 1, new Dimensions(l.Channel, l.Node), l.Sku));
        var entry = await journal.Post(new EntryDraft(Journals.Manual, document, request.Day, db.Now, request.Reason, [.. legs]), ct);
        db.Work.Concerns(document.Number);
        foreach (var line in request.Lines.Where(l => l.Debit is not null)) db.Work.IsWorth(line.Debit!.Value);
        return new Posted(entry, document.Number);
    }

    public Task<Effect> Assess(Request request, Posted answer, CancellationToken ct)
    {
        var debits = request.Lines.Where(l => l.Debit is not null).Select(l => l.Debit!.Value).ToArray();
        var amount = debits.Aggregate(Money.Zero(debits[0].Currency), (sum, d) => sum + d);
        var sites = request.Lines.Where(l => l.Node is not null).Select(l => l.Node!.Value).Distinct().ToArray();
        return Task.FromResult(new Effect(amount, [], $"Post {amount} by hand on {request.Day:yyyy-MM-dd}: {request.Reason}") { Nodes = sites });
    }

    private static Error? Wrong(Request request, Chart chart)
    {
        if (request.Lines.Any(l => l.Debit is null == l.Credit is null)) return OneSide;
        if (request.Lines.Any(l => AmountOf(l).Currency != chart.Currency)) return Foreign;
        if (request.Lines.FirstOrDefault(l => !chart.Knows(l.Account)) is { } unknown) return NoAccount.With($"The account {unknown.Account} is not in the chart. Add it first.");
        if (request.Lines.FirstOrDefault(l => chart.ControlOf(l.Account) is not Control.None) is { } controlled)
        {
            return Controlled.With($"The account {controlled.Account} follows documents or the stock book. Correct it by its document.");
        }

        if (chart.IsLocked(request.Day)) return PeriodLocked;
        var left = request.Lines.Aggregate(Money.Zero(chart.Currency), (sum, l) => sum + AmountOf(l));
        return left.IsZero ? null : Unbalanced.With($"Debits and credits differ by {left}.");
    }

    private static Money AmountOf(Line line) => line.Debit ?? -line.Credit!.Value;
}
