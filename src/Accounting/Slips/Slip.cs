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

    private void Add(SlipLine line)
    {
        if (line.Amount.IsZero && line.CompanyAmount is null or { IsZero: true }) return;
        var same = line.Item is null ? lines.FindIndex(l => l.Item is null && l.Sku == line.Sku && l.Role == line.Role) : -1;
        if (same < 0) lines.Add(line);
        else if ((lines[same].Amount + line.Amount) is { IsZero: false } sum) lines[same] = lines[same] with { Amount = sum };
        else lines.RemoveAt(same);
    }
}

/// One line of a slip. Debits are positive, credits negative.
internal sealed record SlipLine(string Role, Money Amount, Sku? Sku, ItemStep? Item)
{
    /// Given where the line takes something out of the book at the amount at which it stands there.
    public Money? CompanyAmount { get; init; }
}
