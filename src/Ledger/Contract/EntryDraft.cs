namespace Keel.Ledger.Contract;

/// The journals: each keeps the entries of one kind of work.
public static class Journals
{
    public const string Stock = "stock";
    public const string Sales = "sales";
    public const string Purchases = "purchases";
    public const string Money = "money";
    public const string Manual = "manual";
}

/// An entry as its poster wants it: the day of the fact, the document that caused it, and legs that add up to nothing in company currency.
public sealed record EntryDraft(string Journal, DocumentRef Document, DateOnly Day, DateTimeOffset HappenedAt, string Sentence, IReadOnlyList<Leg> Legs)
{
    /// Tells apart several entries of one document, journal and operation, such as two reasons of one count.
    public string Part { get; init; } = "";

    /// The entry that this one takes back.
    public Id<Entry>? Reverses { get; init; }
}

/// What a leg is about, for every figure that is asked by channel, node, partner, product or order.
public sealed record Dimensions(ChannelCode? Channel = null, NodeCode? Node = null, Guid? Partner = null, Guid? OrderId = null)
{
    public static readonly Dimensions None = new();
}

/// One leg: debits are positive, credits negative. A leg on an account of open items names the item that it opens or settles.
public readonly record struct Leg(AccountCode Account, Money Amount, Money CompanyAmount, decimal Rate, Dimensions About, Sku? Sku = null, ItemStep? Item = null);

/// What a leg does to an open item. An item is known by its account, its document and its currency.
public sealed record ItemStep(ItemStepKind Kind, Side Side, DocumentRef Document, Guid Partner, DateOnly DueDay);

/// What a leg does to an item: it begins it, or takes from what is open.
public enum ItemStepKind
{
    Opens,
    Settles,
}
