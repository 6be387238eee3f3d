namespace Keel.Stock.Contract;

/// Goods of one SKU with what they cost as a whole, in company currency.
public sealed record ValuedLine(Sku Sku, Quantity Quantity, Money Value);

/// What happened to goods, where and when, and for which document.
public abstract record StockFact(DocumentRef Document, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt) : IEvent
{
    /// The channel that the goods were sold through, where they were sold.
    public ChannelCode? Channel { get; init; }

    /// The partner whose goods they were or became.
    public Guid? Partner { get; init; }

    /// The order that they belong to.
    public DocumentRef? Order { get; init; }

    /// Where cost and risk pass to the customer, where the order says so.
    public DeliveryTerm? DeliveryTerm { get; init; }
}

/// Goods left the shelf for good, at these costs, for one document.
public sealed record GoodsIssued(DocumentRef Document, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt, IReadOnlyList<ValuedLine> Lines)
    : StockFact(Document, Node, Day, HappenedAt);

/// Goods that were bought arrived; the bill is still to come.
public sealed record GoodsReceived(DocumentRef Document, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt, IReadOnlyList<ValuedLine> Lines)
    : StockFact(Document, Node, Day, HappenedAt)
{
    /// What of it was said in another currency.
    public IReadOnlyList<ForeignMoney> Said { get; init; } = [];
}

/// Goods that were sold came back, at the cost at which they had left.
public sealed record GoodsReturned(DocumentRef Document, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt, IReadOnlyList<ValuedLine> Lines)
    : StockFact(Document, Node, Day, HappenedAt);

/// The book was put right by what was found: quantities and values are signed, and there is a reason.
public sealed record StockAdjusted(DocumentRef Document, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt, ReasonCode Reason, IReadOnlyList<ValuedLine> Lines)
    : StockFact(Document, Node, Day, HappenedAt)
{
    /// What the books call the reason: the last word of the role `stock-adjusted.damaged`. Several reasons may share one.
    public string? PostsAs { get; init; }

    /// Who said yes to it, where somebody had to.
    public string? ApprovedBy { get; init; }
}

/// Why the value of goods changed while none moved.
public enum RevaluationCause
{
    /// What was paid is not the standard cost.
    PurchasePrice,

    /// The standard cost is another one.
    Standard,

    /// Somebody said what the goods are worth.
    ByHand,

    /// The goods bring less than they cost, or as much again.
    WriteDown,

    /// Freight, duty and the like.
    LandedCost,

    /// The bill says another price than the receipt.
    BilledPrice,
}

/// The value of goods changed and no goods moved: signed, in company currency. What late cost falls on goods that are gone is in `Sold`.
public sealed record StockRevalued(DocumentRef Document, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt, RevaluationCause Cause, IReadOnlyList<ValuedLine> Lines, IReadOnlyList<ValuedLine> Sold)
    : StockFact(Document, Node, Day, HappenedAt)
{
    /// What late cost falls on goods at standard cost: it changes neither what is there nor the cost of sales.
    public IReadOnlyList<ValuedLine> Variance { get; init; } = [];

    /// What of it was said in another currency.
    public IReadOnlyList<ForeignMoney> Said { get; init; } = [];
}

/// Goods of a site became others and brought their cost along: quantities and values are signed, and the values add up to nothing.
public sealed record GoodsConverted(DocumentRef Document, NodeCode Node, DateOnly Day, DateTimeOffset HappenedAt, string Reason, IReadOnlyList<ValuedLine> Lines)
    : StockFact(Document, Node, Day, HappenedAt);
