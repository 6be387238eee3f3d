using Keel.Ledger.Contract;

namespace Keel.Accounting;

/// Turns slips into entries by the company's posting rules. It never refuses: what no rule explains goes to suspense, with a case.
internal sealed class Bookkeeper(KeelDb db, Settings settings, Journal journal, CaseDesk cases)
{
    private Work? held;

    internal static readonly AccountCode Suspense = "suspense";
    public static readonly CaseKind NoRule = new("posting-rule-missing", "finance", TimeSpan.FromDays(1), Severity.Normal)
    {
        Next = "Set a rule, then post suspense on",
        Supervisor = "administrator",
        Resolutions = ["rule-set", "posted-by-hand", "not-needed"],
        Ways = [CaseWay.Go("Set a posting rule", "/posting-rules/set", AccountingPermissions.Rules), CaseWay.Go("Look at suspense", "/clearing", AccountingPermissions.Read)],
    };

    public static readonly CaseKind NoRate = new("exchange-rate-missing", "finance", TimeSpan.FromDays(1), Severity.High)
    {
        Next = "Note the rate, then correct the entry",
        Supervisor = "administrator",
        Resolutions = ["rate-noted", "corrected-by-hand", "not-needed"],
        Ways = [CaseWay.Go("Note the rate", "/exchange-rates/set", AccountingPermissions.Rates)],
    };

    /// Posts a slip, and answers its legs, in the order of the slip's lines; one without amounts posts nothing.
    public async Task<IReadOnlyList<Leg>> Post(Slip slip, CancellationToken ct)
    {
        if (slip.Lines.Count == 0) return [];
        var chart = await Chart.Of(settings, ct);
        var rules = await RuleBook.Of(settings, ct);
        var rates = new Dictionary<Currency, decimal> { [chart.Currency] = 1 };
        foreach (var line in slip.Lines)
        {
            if (line.Rate is null && !rates.ContainsKey(line.Amount.Currency)) rates[line.Amount.Currency] = await RateFor(slip, line.Amount.Currency, ct);
        }

        var legs = new List<Leg>(slip.Lines.Count + 1);
        foreach (var line in slip.Lines)
        {
            var rate = line.Rate ?? rates[line.Amount.Currency];
            var company = line.CompanyAmount ?? (line.Amount.Currency == chart.Currency ? line.Amount : RateTable.Convert(line.Amount, rate, chart.Currency));
            legs.Add(new Leg(AccountOf(line, slip, chart, rules), line.Amount, company, rate, slip.About, line.Sku, line.Item));
        }

        if (slip.Lines.Any(l => l.Amount.Currency != chart.Currency)) Balance(legs, slip, chart, rules, legs[0].Rate);
        if (legs.Count < 2) return [];
        if (slip.Journal is Journals.Stock)
        {
            if (held != db.Work) db.QueueQuery<int>($"select 1 from accounting.hold_method({db.Company}, {rules.IsPeriodic})", _ => { });
            held = db.Work;
            // Goods that left or became others were bought once: purchases do not change by it.
            if (rules.IsPeriodic && legs.TrueForAll(l => l.Account == RuleBook.Purchases)) return [];
        }

        await journal.Post(new EntryDraft(slip.Journal, slip.Document, slip.Day, slip.HappenedAt, slip.Sentence, legs) { Part = slip.Part }, ct);
        return legs;
    }

    /// The account of a role: what has no rule, or a rule that does not fit, goes to suspense.
    private AccountCode AccountOf(SlipLine line, Slip slip, Chart chart, RuleBook rules)
    {
        var account = rules.AccountFor(line.Role, slip.About.Channel, null, slip.Day);
        if (account is { } known && chart.Knows(known) && (line.Item is null) == (chart.ControlOf(known) is not Control.OpenItems)) return known;
        var why = account is null ? "No posting rule says" : $"The account {account} does not fit";
        cases.Open(NoRule, slip.Document, $"{why} where {line.Role} of {slip.Document} goes: {line.Amount} stand in suspense. Set a rule, then post them on.");
        return Suspense;
    }

    /// Amounts that were converted one by one may miss by a few cents; amounts that leave the book at an older rate, by more. The first
    /// is spread over the largest leg, the second is an exchange difference.
    private void Balance(List<Leg> legs, Slip slip, Chart chart, RuleBook rules, decimal rate)
    {
        var left = legs.Aggregate(Money.Zero(chart.Currency), (sum, leg) => sum + leg.CompanyAmount);
        if (left.IsZero) return;
        var converted = Enumerable.Range(0, legs.Count).Where(i => slip.Lines[i].CompanyAmount is null && legs[i].Item is null).ToArray();
        if (slip.Lines.All(l => l.CompanyAmount is null) && converted.Length > 0)
        {
            var largest = converted.MaxBy(i => Math.Abs(legs[i].CompanyAmount.Minor));
            legs[largest] = legs[largest] with { CompanyAmount = legs[largest].CompanyAmount - left };
            return;
        }

        var difference = new SlipLine(Roles.ExchangeDifference, Money.Zero(slip.Lines[0].Amount.Currency), null, null);
        legs.Add(new Leg(AccountOf(difference, slip, chart, rules), difference.Amount, -left, rate, slip.About));
    }

    private async Task<decimal> RateFor(Slip slip, Currency currency, CancellationToken ct)
    {
        var rates = await RateTable.Of(settings, ct);
        if (rates.RateOf(currency, slip.Day) is { } rate) return rate;
        cases.Open(NoRate, slip.Document, $"No rate is known for {currency} on {slip.Day:yyyy-MM-dd}: {slip.Document} was posted at 1. Note the rate, then correct it.");
        return 1;
    }
}
