using Keel.Stock.Contract;

namespace Keel.Stock;

/// Goods on the move: what and how many, and the dimensions that tell them apart.
internal readonly record struct Goods(Sku Sku, Quantity Quantity, string Lot = "", string Package = "", string Owner = PositionKey.Own)
{
    public GoodsCondition Condition { get; init; }

    /// The last day on which they are sold, where they come from outside; goods of the house know it.
    public DateOnly? SellUntil { get; init; }
}

/// Why goods move: the document, the reason, and when it took effect.
internal sealed record Paper(DocumentRef Document, string Reason, DateTimeOffset HappenedAt, DateOnly Day)
{
    /// Who sent the goods or gets them, and the order that they belong to, where they come from outside or leave.
    public Guid? Partner { get; init; }
    public DocumentRef? Order { get; init; }

    /// Where it happens, where neither end of a move says so.
    public NodeCode? Node { get; init; }

    /// The transfer that has the goods on their way.
    public string? Transfer { get; init; }

    /// Since when the goods are in the house, where that is longer than this paper.
    public DateTimeOffset? ArrivedAt { get; init; }
}
