namespace Keel.Simulators;

/// An invoice of the file that becomes an order: its lines in the order in which they stand there.
internal sealed record PlannedOrder(string Number, DateTimeOffset At, string Customer, string Country, IReadOnlyList<RetailRow> Lines);

/// A cancelled line, or a part of one, that is credited on a line of an earlier order.
internal sealed record PlannedCredit(RetailRow Row, string Order, int Line, int Quantity);

/// Money of a line that is neither sold nor credited on an order: it goes to an account by hand.
internal sealed record PlannedEntry(RetailRow Row, string Account, string Rule);

/// Goods that came or went without a sale.
internal sealed record PlannedChange(RetailRow Row, string Reason, int Change);

/// What one day of the file brings.
internal sealed class PlannedDay(DateOnly day)
{
    public DateOnly Day => day;
    public string Name => $"{day:yyyy-MM-dd}";
    public List<PlannedOrder> Orders { get; } = [];
    public List<PlannedCredit> Credits { get; } = [];
    public List<PlannedEntry> Entries { get; } = [];
    public List<PlannedChange> Changes { get; } = [];
    public DateTimeOffset Last { get; set; }
    public int Lines { get; set; }
}

/// What the whole file brings, decided from the file alone: so a run that goes on decides as the first one did.
internal sealed class RetailPlan
{
    private readonly Profile profile;
    private readonly Dictionary<(string Customer, string Code, decimal Price), List<Sold>> sold = [];
    private readonly SortedDictionary<DateOnly, PlannedDay> days = [];

    public RetailPlan(IReadOnlyList<RetailRow> rows, Profile profile)
    {
        this.profile = profile;
        foreach (var invoice in rows.Where(r => r.Wrong is null).GroupBy(r => r.Invoice).OrderBy(g => g.First().Row)) Plan([.. invoice]);
        foreach (var row in rows.Where(r => r.Wrong is not null)) Refused[row.Row] = row.Wrong!;
        foreach (var day in days.Values) day.Lines = day.Orders.Sum(o => o.Lines.Count) + day.Credits.Count + day.Entries.Count + day.Changes.Count;
        Observe(rows);
    }

    public IReadOnlyCollection<PlannedDay> Days => days.Values;

    /// Rows that bring nothing, with the reason.
    public Dictionary<int, string> Refused { get; } = [];

    /// How many lines each stated rule took, and what they are worth.
    public SortedDictionary<string, (long Lines, decimal Money)> Rules { get; } = new(StringComparer.Ordinal);

    /// What arrives before each month begins: as many as the month will want beyond what is left.
    public IEnumerable<(DateOnly Month, IReadOnlyList<(string Code, int Units)> Goods)> Receipts()
    {
        var left = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var month in days.Values.GroupBy(d => new DateOnly(d.Day.Year, d.Day.Month, 1)))
        {
            var demand = new Dictionary<string, int>(StringComparer.Ordinal);
            var back = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var line in month.SelectMany(d => d.Orders).SelectMany(o => o.Lines).Where(l => profile.IsGoods(l.Code))) Add(demand, line.Code, line.Quantity);
            foreach (var change in month.SelectMany(d => d.Changes)) Add(change.Change < 0 ? demand : back, change.Row.Code, Math.Abs(change.Change));
            foreach (var credit in month.SelectMany(d => d.Credits).Where(c => profile.IsGoods(c.Row.Code))) Add(back, credit.Row.Code, credit.Quantity);
            var goods = demand.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => (d.Key, Units: d.Value - left.GetValueOrDefault(d.Key))).Where(g => g.Units > 0).ToArray();
            foreach (var (code, units) in goods) Add(left, code, units);
            foreach (var (code, units) in demand) Add(left, code, -units);
            foreach (var (code, units) in back) Add(left, code, units);
            yield return (month.Key, goods);
        }
    }

    private static void Add(Dictionary<string, int> to, string code, int units) => to[code] = to.GetValueOrDefault(code) + units;

    private void Plan(RetailRow[] invoice)
    {
        var day = DayOf(invoice[0]);
        if (invoice[^1].At > day.Last) day.Last = invoice[^1].At;
        if (invoice[0].Invoice.StartsWith(profile.CancellationPrefix, StringComparison.Ordinal))
        {
            foreach (var row in invoice) Cancel(day, row);
            return;
        }

        var lines = new List<RetailRow>(invoice.Length);
        var standsAlone = invoice.Length == 1 && invoice[0].Customer.Length == 0 && invoice[0].Price == 0;
        foreach (var row in invoice)
        {
            if (!Place(day, row, standsAlone)) lines.Add(row);
        }

        if (lines.Count == 0) return;
        day.Orders.Add(new PlannedOrder(invoice[0].Invoice, lines[0].At, lines[0].Customer, lines[0].Country, lines));
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Customer.Length == 0) continue;
            var key = (lines[i].Customer, lines[i].Code, lines[i].Price);
            if (!sold.TryGetValue(key, out var before)) sold[key] = before = [];
            before.Add(new Sold(invoice[0].Invoice, i + 1, lines[i].Quantity));
        }
    }

    /// A line that is not to be sold finds its place elsewhere, or is refused; false for a line of an order.
    private bool Place(PlannedDay day, RetailRow row, bool standsAlone)
    {
        var goods = profile.IsGoods(row.Code);
        if (goods && (row.Quantity < 0 || standsAlone))
        {
            day.Changes.Add(new PlannedChange(row, row.Quantity < 0 ? profile.ReasonOf(row.Description) : profile.FoundReason, row.Quantity));
            Count(row.Quantity < 0 ? "negative lines that are no cancellation: written off" : "zero-price lines that stand alone: found", row);
            return true;
        }

        if (goods)
        {
            if (row.Price == 0) Count("zero-price lines in an order: goods given free", row);
            return false;
        }

        if (!profile.Codes.TryGetValue(row.Code, out var code)) return Refuse(row, "no product and no known code", $"The code {row.Code} is neither a product nor a known charge.");
        if (row.Price == 0 && standsAlone) return Refuse(row, "zero-price charges that stand alone: refused", "A charge without an amount brings neither goods nor money.");
        Count(code.Rule, row);
        if (code.Sold is not null && row.Quantity > 0 && row.Price >= 0 && !row.Invoice.StartsWith(profile.EntryPrefix, StringComparison.Ordinal)) return false;
        day.Entries.Add(new PlannedEntry(row, code.Account, code.Rule));
        return true;
    }

    /// The latest sale of the same product at the same price to the same customer that has enough left; else several such sales together.
    private void Cancel(PlannedDay day, RetailRow row)
    {
        var wanted = -row.Quantity;
        if (row.Customer.Length > 0 && sold.TryGetValue((row.Customer, row.Code, row.Price), out var before))
        {
            var one = before.FindLastIndex(s => s.Left >= wanted);
            if (one >= 0 || before.Sum(s => s.Left) >= wanted)
            {
                for (var i = one >= 0 ? one : before.Count - 1; wanted > 0; i--)
                {
                    var part = Math.Min(wanted, before[i].Left);
                    if (part == 0) continue;
                    before[i] = before[i] with { Left = before[i].Left - part };
                    day.Credits.Add(new PlannedCredit(row, before[i].Order, before[i].Line, part));
                    wanted -= part;
                }

                Count(one >= 0 ? "cancellations of an earlier sale: credited there" : "cancellations of several earlier sales: credited there", row);
                return;
            }
        }

        if (profile.IsGoods(row.Code))
        {
            Count("cancellations without a matching sale: goods found, money paid back", row);
            day.Changes.Add(new PlannedChange(row, profile.FoundReason, wanted));
            if (row.Price != 0) day.Entries.Add(new PlannedEntry(row, profile.UnmatchedReturns, "cancellation without a sale"));
            return;
        }

        if (!profile.Codes.TryGetValue(row.Code, out var code)) Refuse(row, "no product and no known code", $"The code {row.Code} is neither a product nor a known charge.");
        else
        {
            Count(code.Rule, row);
            day.Entries.Add(new PlannedEntry(row, code.Account, code.Rule));
        }
    }

    private bool Refuse(RetailRow row, string rule, string why)
    {
        Count(rule, row);
        Refused[row.Row] = why;
        return true;
    }

    private void Count(string rule, RetailRow row)
    {
        var (lines, money) = Rules.GetValueOrDefault(rule);
        Rules[rule] = (lines + 1, money + row.Amount);
    }

    /// What is worth saying of the file although it changes nothing.
    private void Observe(IReadOnlyList<RetailRow> rows)
    {
        var seen = new HashSet<(string, string, string, int, DateTimeOffset, decimal, string, string)>();
        foreach (var row in rows.Where(r => !seen.Add((r.Invoice, r.Code, r.Description, r.Quantity, r.At, r.Price, r.Customer, r.Country)))) Count("exact duplicates: each stays a line", row);
        foreach (var row in rows.Where(r => r.IsRecased)) Count("codes in another case: one product", row);
        foreach (var row in rows.Where(r => r.Customer.Length == 0)) Count("lines without a customer: the anonymous customer", row);
        foreach (var row in rows.Where(r => r.Price * 100 % 1 != 0)) Count("prices beyond the cent: rounded once per line", row);
        foreach (var twice in rows.GroupBy(r => r.Invoice).Where(g => g.DistinctBy(r => r.At).Count() > 1)) Count("invoices with two timestamps: the first counts", twice.First());
        foreach (var two in rows.Where(r => r.Customer.Length > 0).GroupBy(r => r.Customer).Where(g => g.DistinctBy(r => r.Country).Count() > 1)) Count("customers in two countries: each order keeps its own", two.First());
        foreach (var same in days.Values.SelectMany(d => d.Orders).SelectMany(o => o.Lines.GroupBy(l => l.Code).Where(g => g.Count() > 1)).SelectMany(g => g.Skip(1))) Count("a product again in one invoice: stays a line of its own", same);
    }

    private PlannedDay DayOf(RetailRow row) => days.TryGetValue(row.Day, out var day) ? day : days[row.Day] = new PlannedDay(row.Day);

    private sealed record Sold(string Order, int Line, int Left);
}
