namespace Keel.Stock;

/// Goods from one place to another, for a document. Never changed; a correction is a new move that names the old one. `Ends` says what the places
/// counted as at that moment (`PlaceRule.Bits`): the lower three bits where the goods came from, the next three where they went to.
[Rows("stock.move", "id")]
internal sealed record StockMove(
    Id<StockMove> Id, Id<Company> CompanyId, Sku Sku, string Lot, string Package, string Owner, Quantity Quantity,
    NodeCode FromNode, LocationCode FromLocation, NodeCode ToNode, LocationCode ToLocation, DocumentRef Document, int Line, string Reason,
    DateTimeOffset HappenedAt, DateTimeOffset RecordedAt, DateOnly Day, Money? Value, Currency Currency, Id<StockMove>? Corrects, Guid Operation, short Ends, GoodsCondition Condition) : IOfNoPlace
{
    /// What the goods took along from one pool of the company to another, where their sites are valued apart.
    public Money? Carried { get; init; }

    /// What goods of a site are worth may change by what somebody does elsewhere, such as freight on a receipt whose goods went on.
    [NotAColumn]
    public bool IsOfNoPlace => Quantity.IsZero;
}

/// A paper about goods: a receipt, an adjustment, a return. Its lines are its moves. A return names the order that the goods had left for.
[Rows("stock.document", "id")]
internal sealed record StockDocument(
    Guid Id, Id<Company> CompanyId, StockDocumentKind Kind, string Number, NodeCode Node, Guid? Partner, string? Reference, string Reason,
    int Lines, Money Value, Currency Currency, DateTimeOffset HappenedAt, DateTimeOffset RecordedAt, DateOnly Day, Guid Operation, Guid? OrderId = null, string? OrderNumber = null, string? ApprovedBy = null)
{
    [NotAColumn]
    public DocumentRef Ref => new(Kind.ToString().ToLowerInvariant(), Id, Number);
}

internal enum StockDocumentKind
{
    Receipt,
    Adjustment,
    Return,
    Transfer,

    /// The value of goods changed, and no goods moved.
    Revaluation,

    /// Freight, duty and the like were spread over what was received.
    LandedCost,

    /// Kits that were assembled or taken apart.
    Assembly,

    /// Goods that became others.
    Conversion,

    /// Goods became of another condition, or went into a package or out of one, where they lie.
    Change,

    /// Goods became ours, or went back to whom they belong.
    Ownership,

    /// Goods that lay at a customer's were used there.
    Issue,
}
