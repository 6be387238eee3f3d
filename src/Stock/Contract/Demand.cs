namespace Keel.Stock.Contract;

/// The kinds of demand that reserve: one mechanism for all.
public enum DemandKind
{
    Order,
    Cart,
    Transfer,
    Production,
    Sample,
    Store,
    Safety,
}

/// One line that wants goods; a line that is part of a kit is promised with the others of the kit, in whole kits or not at all.
public readonly record struct DemandLine(int Line, Sku Sku, Quantity Quantity, KitShare? Kit = null)
{
    /// The lot or serial number that it must be; without it any.
    public LotCode? Lot { get; init; }

    /// The nodes that cannot send it.
    public IReadOnlyList<NodeCode>? Without { get; init; }

    /// Whose goods it must be, where they are somebody else's; without it those that the kind of demand may have.
    public string? Owner { get; init; }
}

/// Which kit a line is part of, by its SKU and the line that it stands on, and how much of it is in one kit.
public readonly record struct KitShare(int Line, Sku Kit, Quantity Each);

/// A kit of which some are missing: which components kept the others from being promised.
public readonly record struct KitLack(int Line, Sku Kit, Quantity Missing, IReadOnlyList<Sku> Lacks);

/// What one document wants: its lines, the nodes that may serve it (the preferred one first), and how strong its claim is.
/// Served whole from one node where one can; else, where splitting is allowed, each line from the nodes in their order.
public sealed record Demand(DemandKind Kind, DocumentRef Document, IReadOnlyList<DemandLine> Lines, IReadOnlyList<NodeCode> Nodes, int Rank, DateOnly? PromisedBy)
{
    public bool MaySplit { get; init; } = true;

    /// The nodes that are asked now, in their order, where somebody routed it: the others are not locked. Who comes out short waits for all of `Nodes`.
    public IReadOnlyList<NodeCode>? From { get; init; }

    /// So many of each product stay at every node, whoever else might take them.
    public Quantity KeepsBack { get; init; }

    internal IReadOnlyList<NodeCode> Asked => From ?? Nodes;

    /// The document reserved before: its new promises stand beside the old ones.
    public bool Again { get; init; }

    /// When an unpaid hold gives its goods back.
    public DateTimeOffset? ExpiresAt { get; init; }

    /// The channel that it is for: its rings limit what it takes.
    public ChannelCode? Channel { get; init; }

    /// The cart hold that the document takes over: its goods come free for this demand in the same step.
    public Guid? Adopts { get; init; }
}

/// Goods promised to a line from a node.
public readonly record struct NodeHold(int Line, NodeCode Node, Quantity Quantity);

/// What a node could have given to each line when it was decided, under the locks.
public readonly record struct NodeOffer(NodeCode Node, int Line, Quantity Available);

/// The answer to one demand: what was reserved where, what is short, and what the candidates had.
public sealed record Hold(DocumentRef Document, IReadOnlyList<NodeHold> Reserved, IReadOnlyList<DemandLine> Short, IReadOnlyList<NodeOffer> Offers)
{
    public bool IsComplete => Short.Count == 0;

    /// What rings and safety stock kept from it that was there.
    public IReadOnlyList<KeptBack> Kept { get; init; } = [];

    /// The kits that are not there as a whole, by the line that each stands on.
    public IReadOnlyList<KitLack> Kits { get; init; } = [];
}

/// Goods that are at a node and were kept from a line, and why, as a clause: `5 are kept for till`.
public readonly record struct KeptBack(int Line, NodeCode Node, string Why);

/// Promises that gave way to a fact, in the transaction of the fact: the document follows.
public sealed record PromiseDisplaced(DocumentRef Document, DemandKind Kind, Sku Sku, NodeCode Node, Quantity Quantity, string Reason) : IDelivered
{
    public string Subject => Document.Number;
}

/// A document that waited was promised goods of somebody else's: it follows.
public sealed record PromiseGained(DocumentRef Document, DemandKind Kind) : IDelivered
{
    public string Subject => Document.Number;
}

/// Sellable stock grew at a node: waiting demand may be served.
public sealed record StockArrived(NodeCode Node, IReadOnlyList<Sku> Skus) : IDelivered
{
    public string Subject => "stock:" + Node;
}
