using Keel.Ledger.Contract;
using Keel.Stock.Contract;

namespace Keel.Accounting;

/// States inventory: brings its account to what goods are worth, product by product, empties purchases, and what is left of both was the cost of goods sold
/// (opening inventory + purchases - closing inventory, as any text on the periodic system has it).
internal sealed class StatingInventory(KeelDb db, Settings settings, Journal journal)
{
    private const int LegsOfEntry = 20_000;

    private sealed record Standing(Sku? Sku, Money Amount, Currency Currency);

    /// The last time that inventory was stated, or nothing.
    public Task<InventoryClose?> Last(CancellationToken ct) => db.Table<InventoryClose>().Find($"company_id = {db.Company} order by number desc limit 1", ct);

    /// Nobody posts goods, or changes how they are accounted for, before the commit.
    public async Task Alone(CancellationToken ct) => await db.Query<string>($"select pg_advisory_xact_lock(hashtextextended({"accounting.inventory " + db.Company.Value}, 0))::text", ct);

    /// Posts what inventory is to be worth on a day, and keeps it as the company's latest statement.
    public async Task<InventoryClose> State(DateOnly day, IReadOnlyList<ProductWorth> book, InventoryClose? last, bool isPeriodic, CancellationToken ct)
    {
        var (chart, rules) = (await Chart.Of(settings, ct), await RuleBook.Of(settings, ct));
        var inventory = rules.AccountOf(Roles.ReceivedInventory, null, null, day) ?? Bookkeeper.Suspense;
        var sold = rules.AccountOf(Roles.IssuedCost, null, null, day) ?? Bookkeeper.Suspense;
        var stands = db.Ask<Standing>(
            $"""
            select sku, sum(company_amount)::bigint as amount, company_amount_currency as currency from ledger.pub_posting
            where company_id = {db.Company} and account = {inventory} and day <= {day} group by sku, company_amount_currency having sum(company_amount) <> 0
            """);
        var bought = db.Ask<long>($"select coalesce(sum(debit - credit), 0)::bigint from ledger.pub_day_total where company_id = {db.Company} and account = {RuleBook.Purchases} and day <= {day}");
        await db.Flush(ct);

        var none = Money.Zero(chart.Currency);
        var steps = book.Select(b => (Sku: (Sku?)b.Sku, Amount: b.Value)).Concat(stands.Value.Select(s => (s.Sku, Amount: -s.Amount)))
            .GroupBy(s => s.Sku).Select(g => (Sku: g.Key, Amount: g.Aggregate(none, (sum, s) => sum + s.Amount))).Where(s => !s.Amount.IsZero).OrderBy(s => s.Sku?.Text, StringComparer.Ordinal);
        var purchases = new Money(bought.Value[0], chart.Currency);
        List<(AccountCode Account, Sku? Sku, Money Amount)> legs = [.. steps.Select(s => (inventory, s.Sku, s.Amount))];
        var cost = purchases - legs.Aggregate(none, (sum, l) => sum + l.Amount);
        if (!purchases.IsZero) legs.Add((RuleBook.Purchases, null, -purchases));

        var close = new InventoryClose(
            db.Company, (last?.Number ?? 0) + 1, isPeriodic, day, chart.Currency, book.Aggregate(none, (sum, b) => sum + b.Value), purchases, cost, Guid.CreateVersion7(db.Now), $"CLOSE-{day:yyyyMMdd}", legs.Count > 0, db.Work.Actor.Name, db.Now);
        var part = 0;
        foreach (var some in legs.Chunk(LegsOfEntry)) await Post(close, some, sold, ++part, ct);
        db.Table<InventoryClose>().Insert(close);
        return close;
    }

    private async Task Post(InventoryClose close, (AccountCode Account, Sku? Sku, Money Amount)[] some, AccountCode sold, int part, CancellationToken ct)
    {
        var left = some.Aggregate(Money.Zero(close.Currency), (sum, l) => sum + l.Amount);
        var legs = some.Select(l => new Leg(l.Account, l.Amount, l.Amount, 1, Dimensions.None, l.Sku)).ToList();
        if (!left.IsZero) legs.Add(new Leg(sold, -left, -left, 1, Dimensions.None));
        var document = new DocumentRef("inventory-close", close.DocumentId, close.DocumentNumber);
        if (legs.Count > 1) await journal.Post(new EntryDraft(Journals.Stock, document, close.Through, db.Now, $"Inventory stated through {close.Through:yyyy-MM-dd}", legs) { Part = $"{part}" }, ct);
    }
}
