using Keel.Stock.Contract;

namespace Keel.Stock;

/// One promise of goods to one line of a demand. What was taken never changes; every reduction of what is open is a step beside it.
[Rows("stock.reservation", "document_id", "line", "part")]
internal sealed record Reservation(
    Guid DocumentId, int Line, int Part, Id<Company> CompanyId, DemandKind Kind, string DocumentNumber, Sku Sku, NodeCode Node, string Owner,
    Quantity Taken, Quantity Open, int Rank, DateOnly? PromisedBy, DateTimeOffset? ExpiresAt, DateTimeOffset TakenAt, Guid Operation, string? Channel = null)
{
    /// The only lot that keeps the promise; empty is any.
    public string Lot { get; init; } = "";

    [NotAColumn]
    public PositionKey Position => new(CompanyId, Sku, Node, Owner);

    [NotAColumn]
    public DocumentRef Document => new(Kind.ToString().ToLowerInvariant(), DocumentId, DocumentNumber);
}

internal enum StepKind
{
    Consumed,
    Released,
    Displaced,
    Moved,
    Expired,
    TakenOver,
}

/// Part of a promise that was kept, given back or taken away.
[Rows("stock.reservation_step", "id")]
internal sealed record ReservationStep(
    Guid Id, Id<Company> CompanyId, Guid DocumentId, int Line, int Part, StepKind Kind, Quantity Quantity, string Reason,
    DateTimeOffset HappenedAt, DateTimeOffset RecordedAt, Guid Operation);

/// Set aside in a bin for a released task.
[Rows("stock.allocation", "document_id", "line", "part")]
internal sealed record Allocation(
    Guid DocumentId, int Line, int Part, Id<Company> CompanyId, NodeCode Node, Sku Sku, LocationCode Location, string Lot, string Package, string Owner,
    Quantity Quantity, Quantity Open, Guid Operation)
{
    [NotAColumn]
    public LevelKey Level => new(CompanyId, Node, Sku, Location, Lot, Package, Owner);
}
