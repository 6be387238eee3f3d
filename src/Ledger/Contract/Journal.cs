namespace Keel.Ledger.Contract;

/// The journal's desk: where facts become entries. Posting only inserts; all entries of an operation are written as one set at its commit.
public sealed class Journal(KeelDb db, Settings settings, CreditDesk credit)
{
    private const int MostLegs = 30_000;

    /// Posts an entry. A month that is locked sends it to the first open day, and the entry keeps the day that it was late for.
    public async Task<Id<Entry>> Post(EntryDraft draft, CancellationToken ct = default)
    {
        var chart = await Chart.Of(settings, ct);
        Check(draft, chart.Currency);

        var day = chart.FirstOpenDay(draft.Day);
        var entry = new Entry(
            db.NewId<Entry>(), db.Company, draft.Journal, day, draft.HappenedAt, db.Now, db.Work.Operation, draft.Document, draft.Part,
            draft.Reverses, day == draft.Day ? null : draft.Day, draft.Sentence, (short)draft.Legs.Count);
        db.Table<Entry>().Gather(entry);

        short number = 0;
        foreach (var leg in draft.Legs)
        {
            db.Table<Posting>().Gather(new Posting(
                entry.Id, ++number, db.Company, day, leg.Account, leg.Amount, leg.Amount.Currency, leg.CompanyAmount, leg.CompanyAmount.Currency,
                leg.Rate, leg.About.Channel, leg.About.Node, leg.About.Partner, leg.Sku, leg.About.OrderId));
        }

        foreach (var step in Steps(entry, draft, chart)) credit.Write(step);
        return entry.Id;
    }

    /// Takes an entry back by its mirror image on a day of its own.
    public async Task<Id<Entry>> Reverse(Entry entry, DateOnly day, string reason, CancellationToken ct = default)
    {
        var postings = await db.Table<Posting>().Where($"entry_id = {entry.Id} and company_id = {db.Company} order by leg", ct);
        var legs = postings.Select(p => new Leg(
            p.Account, -p.Amount, -p.CompanyAmount, p.Rate, new Dimensions(p.Channel, p.Node, p.Partner, p.OrderId), p.Sku));
        return await Post(new EntryDraft(entry.Journal, entry.Document, day, db.Now, reason, [.. legs]) { Reverses = entry.Id, Part = "reversal" }, ct);
    }

    private static void Check(EntryDraft draft, Currency currency)
    {
        if (draft.Legs.Count is < 2 or > MostLegs) throw new InvariantBroken($"An entry for {draft.Document} has {draft.Legs.Count} legs.");
        var total = draft.Legs.Aggregate(Money.Zero(currency), (sum, leg) => sum + leg.CompanyAmount);
        if (!total.IsZero) throw new InvariantBroken($"The entry for {draft.Document} does not balance: {total} is left.");
    }

    /// The steps of one entry on one item add up to one, so that an item's story has a line per entry.
    private static IEnumerable<OpenItemStep> Steps(Entry entry, EntryDraft draft, Chart chart)
    {
        List<OpenItemStep>? steps = null;
        foreach (var leg in draft.Legs)
        {
            if (chart.ControlOf(leg.Account) is not Control.OpenItems) continue;
            var item = leg.Item ?? throw new InvariantBroken($"A leg of {draft.Document} on {leg.Account} names no open item.");
            var debit = item.Kind is ItemStepKind.Opens == (item.Side is Side.Debit);
            if (debit ? leg.Amount.IsNegative : leg.Amount.Minor > 0) throw new InvariantBroken($"A leg of {draft.Document} on {leg.Account} goes the wrong way.");
            var step = new OpenItemStep(
                entry.CompanyId, leg.Account, item.Document, leg.Amount.Currency, entry.Id, item.Kind, item.Side, item.Partner, leg.About.OrderId,
                leg.About.Channel, entry.Day, item.DueDay, debit ? leg.Amount : -leg.Amount, debit ? leg.CompanyAmount : -leg.CompanyAmount,
                leg.CompanyAmount.Currency);
            steps ??= [];
            var same = steps.FindIndex(s => s.IsOf(step));
            if (same < 0) steps.Add(step);
            else steps[same] = steps[same].With(step);
        }

        return steps ?? (IEnumerable<OpenItemStep>)[];
    }
}
