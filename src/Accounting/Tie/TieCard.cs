using Keel.Ledger.Contract;
using Keel.Stock.Contract;

namespace Keel.Accounting;

/// Inventory in the two books, side by side. Today's figures are balances that are kept; those of a day before it are checkpoints and rolled-up days, and what
/// the two books do not count on the same day is listed.
internal sealed class TieCard(KeelDb db, StockDesk stock, Settings settings)
{
    private const int Most = 200;

    public sealed record AccountRow(AccountCode Account, string Name, Money Balance, Currency Currency);

    public sealed record CategoryRow(string? Category, long Products, Money Value, Currency Currency);

    /// An entry that one of the books counts by the day and the other does not yet; `IsLate` where the ledger counts it later.
    public sealed record LateRow(Guid Entry, string DocumentNumber, string Sentence, DateOnly Day, DateTimeOffset HappenedAt, bool IsLate, Money Amount, Currency Currency);

    public sealed record HeldRow(Guid DocumentId, string DocumentKind, string DocumentNumber, DateOnly Since, Money Sum, Currency Currency);

    private sealed record Sum(Money Value, Currency Currency);

    private sealed record Others(long Products, Quantity Units);

    public WorthOfDay Book { get; private set; } = null!;
    public IReadOnlyList<AccountRow> Accounts { get; private set; } = [];
    public IReadOnlyList<CategoryRow> Categories { get; private set; } = [];
    public IReadOnlyList<LateRow> Late { get; private set; } = [];

    /// What facts about goods left in suspense.
    public IReadOnlyList<HeldRow> Suspended { get; private set; } = [];

    /// Goods that were shipped and wait for their delivery: what is kept of them, and what their account says. Of today only.
    public (Money Kept, AccountRow Account)? Shipped { get; private set; }

    /// Until when inventory was stated last, where it is stated by period: since then the two books differ by what has moved.
    public DateOnly? Stated { get; private set; }

    /// Goods of others that lie here: they stand in no account.
    public (long Products, Quantity Units) OfOthers { get; private set; }

    public Money Ledger => Accounts.Aggregate(Money.Zero(Book.OnHand.Currency), (sum, a) => sum + a.Balance);
    public Money Difference => Ledger - Book.Whole;
    public Money Explained => Late.Aggregate(Money.Zero(Book.OnHand.Currency), (sum, l) => l.IsLate ? sum - l.Amount : sum + l.Amount);

    public async Task Load(DateOnly? day, bool knownThen, CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        if ((await RuleBook.Of(settings, ct)).IsPeriodic) Stated = await db.First<DateOnly>($"select through from accounting.inventory_method where company_id = {db.Company}", ct);
        if (day is { } said && said < network.Day(db.Now)) await LoadDay(said, knownThen, ct);
        else await LoadNow(network.Company.Currency, ct);
    }

    private async Task LoadNow(Currency currency, CancellationToken ct)
    {
        var accounts = AskAccounts(new SqlText($"select account, balance from ledger.pub_account_balance where company_id = {db.Company}"));
        var categories = db.Ask<CategoryRow>(
            $"""
            select g.category, count(*) as products, sum(p.value)::bigint as value, p.currency from stock.pub_cost_pool p left join catalog.pub_product_category g on g.sku = p.sku
            where p.company_id = {db.Company} and p.quantity > 0 group by g.category, p.currency order by g.category nulls last
            """);
        var transit = db.Ask<Sum>(
            $"""
            select coalesce(sum(round(coalesce(x.value, p.value)::numeric * t.quantity / coalesce(x.quantity, p.quantity))), 0)::bigint as value, {currency.Code} as currency
            from stock.pub_transit t join stock.pub_cost_pool p on p.company_id = t.company_id and p.sku = t.sku and p.quantity > 0
            left join stock.pub_site_pool x on x.company_id = t.company_id and x.sku = t.sku and x.transfer = t.number where t.company_id = {db.Company}
            """);
        var kept = db.Ask<Sum>($"select coalesce(sum(company_amount - taken_company_amount), 0)::bigint as value, {currency.Code} as currency from accounting.deferral where company_id = {db.Company} and part = 'Cost' and recognised_day is null");
        var shipped = db.Ask<AccountRow>($"select a.account, a.name, a.balance, c.currency from ledger.pub_account_balance a join kernel.company c on c.id = a.company_id where a.company_id = {db.Company} and a.account = 'goods-in-transit'");
        var others = db.Ask<Others>($"select count(distinct sku) as products, coalesce(sum(on_hand), 0)::bigint as units from stock.pub_position where company_id = {db.Company} and owner <> 'own' and on_hand > 0");
        var suspended = db.Ask<HeldRow>(
            $"""
            select d.document_id, d.document_kind, d.document_number, d.since, d.sum, c.currency from ledger.pub_document_balance d join kernel.company c on c.id = d.company_id
            where d.company_id = {db.Company} and d.account = 'suspense' and exists (select from ledger.pub_entry e where e.document_id = d.document_id and e.journal = {Journals.Stock}) order by d.since limit {Most}
            """);
        await db.Flush(ct);
        (Accounts, Categories, Suspended) = (accounts.Value, categories.Value, suspended.Value);
        var none = Money.Zero(currency);
        var whole = categories.Value.Aggregate(none, (sum, c) => sum + c.Value);
        Book = new WorthOfDay(db.Now, whole - transit.Value[0].Value, none, transit.Value[0].Value);
        if (shipped.Value is [var account]) Shipped = (kept.Value[0].Value, account);
        OfOthers = (others.Value[0].Products, others.Value[0].Units);
    }

    private async Task LoadDay(DateOnly day, bool knownThen, CancellationToken ct)
    {
        Book = await stock.WorthAt(day, knownThen, ct);
        var known = knownThen ? Book.At : DateTimeOffset.MaxValue;
        var later = knownThen
            ? new SqlText($"union all select account, -company_amount from ledger.pub_posting where company_id = {db.Company} and day <= {day} and recorded_at > {known}")
            : new SqlText();
        var accounts = AskAccounts(new SqlText(
            $"""
            select account, sum(amount)::bigint as balance from (
              select account, debit - credit as amount from ledger.pub_day_total where company_id = {db.Company} and day <= {day}
              {later}
            ) t group by account
            """));
        // What a locked month sent to a later day, and what happened around midnight where sites keep other clocks than the company.
        var late = db.Ask<LateRow>(
            $"""
            select e.id as entry, e.document_number, e.sentence, e.day, e.happened_at, e.day > {day} as is_late, sum(p.company_amount)::bigint as amount, p.company_amount_currency as currency
            from ledger.pub_entry e join ledger.pub_posting p on p.entry_id = e.id join ledger.pub_account_balance a on a.company_id = p.company_id and a.account = p.account and a.control = 'CostPools'
            where e.company_id = {db.Company} and e.recorded_at <= {known} and (
              (e.day > {day} and e.happened_at <= {Book.At} and (e.day <= {day.AddDays(1)} or e.late_for is not null)) or (e.day <= {day} and e.day > {day.AddDays(-2)} and e.happened_at > {Book.At}))
            group by e.id, e.document_number, e.sentence, e.day, e.happened_at, p.company_amount_currency having sum(p.company_amount) <> 0 order by e.day, e.id limit {Most}
            """);
        await db.Flush(ct);
        (Accounts, Late) = (accounts.Value, late.Value);
    }

    /// The accounts that the book of goods stands for, with these balances.
    private Later<List<AccountRow>> AskAccounts(SqlText balances) => db.Ask<AccountRow>(
        $"""
        select a.account, a.name, coalesce(b.balance, 0)::bigint as balance, c.currency from ledger.pub_account_balance a join kernel.company c on c.id = a.company_id
        left join ({balances}) b on b.account = a.account where a.company_id = {db.Company} and a.control = 'CostPools' order by a.account
        """);
}

/// What a product is worth in both books, document by document: the latest changes of its value and the entries that they made.
internal sealed class ProductTieCard(KeelDb db)
{
    private const int Moves = 300;

    public sealed record PoolRow(Sku Sku, string Name, string Method, Quantity Quantity, Money Value, Currency Currency);

    public sealed record LayerRow(DocumentRef Document, string Lot, DateTimeOffset HappenedAt, Quantity Received, Quantity Open, Money Value, Currency Currency);

    public sealed record StepRow(DocumentRef Document, DateTimeOffset HappenedAt, Money Book, Money Ledger, Guid? Entry, string? Sentence, Currency Currency);

    public PoolRow? Pool { get; private set; }
    public IReadOnlyList<LayerRow> Layers { get; private set; } = [];
    public IReadOnlyList<StepRow> Steps { get; private set; } = [];

    public async Task<bool> Load(Sku sku, CancellationToken ct = default)
    {
        var pools = db.Ask<PoolRow>($"select w.sku, coalesce(p.name, w.sku) as name, w.method, w.quantity, w.value, w.currency from stock.pub_worth w left join catalog.pub_product p on p.sku = w.sku where w.company_id = {db.Company} and w.sku = {sku}");
        var layers = db.Ask<LayerRow>($"select document_kind, document_id, document_number, lot, happened_at, received, open, value, currency from stock.pub_cost_layer where company_id = {db.Company} and sku = {sku} order by happened_at, document_number, line limit 200");
        var steps = db.Ask<StepRow>(
            $"""
            with latest as materialized (
              select m.document_kind, m.document_id, m.document_number, m.happened_at, m.value, m.currency
              from stock.pub_move m where m.company_id = {db.Company} and m.sku = {sku} and m.value is not null order by m.happened_at desc, m.id desc limit {Moves}),
            told as (select document_kind, document_id, document_number, max(happened_at) as happened_at, sum(value)::bigint as book, currency from latest group by document_kind, document_id, document_number, currency)
            select t.document_kind, t.document_id, t.document_number, t.happened_at, t.book, coalesce(l.amount, 0)::bigint as ledger, l.entry, l.sentence, t.currency
            from told t left join lateral (
              select sum(p.company_amount) as amount, min(e.id::text)::uuid as entry, min(e.sentence) as sentence from ledger.pub_entry e join ledger.pub_posting p on p.entry_id = e.id and p.sku = {sku}
              join ledger.pub_account_balance a on a.company_id = p.company_id and a.account = p.account and a.control = 'CostPools' where e.document_id = t.document_id and e.company_id = {db.Company}
            ) l on true
            where (select count(*) from latest) < {Moves} or t.happened_at > (select min(happened_at) from latest)
            order by t.happened_at desc, t.document_number desc limit 100
            """);
        await db.Flush(ct);
        (Pool, Layers, Steps) = (pools.Value.FirstOrDefault(), layers.Value, steps.Value);
        return Pool is not null || Steps.Count > 0;
    }
}
