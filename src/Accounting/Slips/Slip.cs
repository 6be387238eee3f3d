using Keel.Ledger.Contract;

namespace Keel.Accounting;

/// What a fact says to the books, in roles: how much goes to which side of what. Rules then name the accounts.
internal sealed class Slip(string journal, DocumentRef document, DateOnly day, DateTimeOffset happenedAt, string sentence, Dimensions about)
{
    private readonly List<SlipLine> lines = [];

    public string Journal => journal;
    public DocumentRef Document => document;
    public DateOnly Day => day;
    public DateTimeOffset HappenedAt => happenedAt;
    public string Sentence => sentence;
    public Dimensions About => about;
    public IReadOnlyList<SlipLine> Lines => lines;

    /// Tells several slips of one document apart.
    public string Part { get; init; } = "";

    public void Debit(string role, Money amount, Sku? sku = null, ItemStep? item = null) => Add(new SlipLine(role, amount, sku, item));

    public void Credit(string role, Money amount, Sku? sku = null, ItemStep? item = null) => Add(new SlipLine(role, -amount, sku, item));

    /// Settles so much of an item, at the amount at which it stands in the book.
    public void Settle(string role, Settling settling)
    {
        var leg = settling.Leg(about, 1);
        Add(new SlipLine(role, leg.Amount, null, leg.Item) { CompanyAmount = leg.CompanyAmount });
    }

    /// Puts an amount where it goes with what it is in the book already; debits are positive.
    public void Take(string role, Money amount, Money companyAmount, Sku? sku, decimal? rate = null) => Add(new SlipLine(role, amount, sku, null) { CompanyAmount = companyAmount, Rate = rate });

    private void Add(SlipLine line)
    {
        if (line.Amount.IsZero && line.CompanyAmount is null or { IsZero: true }) return;
        var same = line.Item is null ? lines.FindIndex(l => l.Item is null && l.Sku == line.Sku && l.Role == line.Role && l.Amount.Currency == line.Amount.Currency && l.CompanyAmount is null == line.CompanyAmount is null) : -1;
        if (same < 0)
        {
            lines.Add(line);
            return;
        }

        var sum = lines[same] with { Amount = lines[same].Amount + line.Amount, CompanyAmount = lines[same].CompanyAmount + line.CompanyAmount };
        if (sum is { Amount.IsZero: true, CompanyAmount: null or { IsZero: true } }) lines.RemoveAt(same);
        else lines[same] = sum;
    }
}

/// One line of a slip. Debits are positive, credits negative.
internal sealed record SlipLine(string Role, Money Amount, Sku? Sku, ItemStep? Item)
{
    /// Given where the line takes something out of the book at the amount at which it stands there.
    public Money? CompanyAmount { get; init; }

    /// The rate that the document says; else it is that of the day.
    public decimal? Rate { get; init; }
}
