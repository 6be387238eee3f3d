using System.Collections.Frozen;

namespace Keel.Ledger.Contract;

/// The five kinds of account.
public enum AccountKind
{
    Asset,
    Liability,
    Equity,
    Income,
    Expense,
}

/// The side of an account on which it usually stands, or of an item that is open.
public enum Side
{
    Debit,
    Credit,
}

/// What else keeps the sum of an account; nobody posts there by hand.
public enum Control
{
    None,

    /// The open items of partners: receivables, payables, deposits.
    OpenItems,

    /// The cost pools of the stock book.
    CostPools,

    /// What was shipped and is not delivered yet: revenue and cost that wait for it.
    Deferrals,
}

/// A company's accounts and locked months, as one operation sees them.
public sealed class Chart
{
    private readonly FrozenDictionary<AccountCode, Account> accounts;
    private readonly FrozenSet<DateOnly> locked;

    internal Chart(Company company, IReadOnlyList<Account> accounts, IReadOnlyList<DateOnly> locked)
    {
        Currency = company.Currency;
        this.accounts = accounts.ToFrozenDictionary(a => a.Code);
        this.locked = locked.ToFrozenSet();
    }

    /// The currency in which every entry balances.
    public Currency Currency { get; }

    public static Task<Chart> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    /// The accounts that somebody may post to by hand, by their codes.
    internal IEnumerable<Account> ByHand => accounts.Values.Where(a => a.Control is Control.None).OrderBy(a => a.Code.Text, StringComparer.Ordinal);

    public bool Knows(AccountCode account) => accounts.ContainsKey(account);

    public Control ControlOf(AccountCode account) => accounts.TryGetValue(account, out var known) ? known.Control : Control.None;

    public bool IsLocked(DateOnly day) => locked.Contains(MonthOf(day));

    /// The day itself where its month is open, else the first day of the next month that is.
    public DateOnly FirstOpenDay(DateOnly day)
    {
        while (locked.Contains(MonthOf(day))) day = MonthOf(day).AddMonths(1);
        return day;
    }

    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    private static async Task<Chart> Load(KeelDb db, CancellationToken ct)
    {
        var lines = db.Ask<Account>($"select * from ledger.account where company_id = {db.Company}");
        var months = db.Ask<DateOnly>($"select month from ledger.period where company_id = {db.Company} and state = 'Locked'");
        var company = await db.Table<Company>().Find($"id = {db.Company}", ct) ?? throw new InvariantBroken($"There is no company {db.Company}.");
        return new Chart(company, lines.Value, months.Value);
    }
}
