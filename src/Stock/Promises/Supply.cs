using Keel.Stock.Contract;

namespace Keel.Stock;

/// Goods that are to come: what is still open of them, when they are expected, and how much of them is counted on. Every change is a step beside it.
[Rows("stock.supply", "id")]
internal sealed record Supply(
    Id<Supply> Id, Id<Company> CompanyId, string Number, SupplyKind Kind, Sku Sku, NodeCode Node, string Owner, Quantity Open, Quantity Received, DateOnly ExpectedOn, DateOnly? EarliestOn,
    int? Confidence, Guid? Supplier, string? Reference, string? Note, string? DocumentKind, Guid? DocumentId, string? DocumentNumber, DateTimeOffset AnnouncedAt, int Version, Guid Operation)
{
    public const string RecordKind = "supply";

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id.Value, Number);

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<Supply>.Instance.Names} from stock.supply");
}

internal enum SupplyStepKind
{
    Announced,
    Changed,
    Received,
    Withdrawn,
}

/// One thing that became of a supply: `Quantity` is what it added to what is still to come.
[Rows("stock.supply_step", "id")]
internal sealed record SupplyStep(
    Guid Id, Id<Company> CompanyId, Id<Supply> SupplyId, SupplyStepKind Kind, Quantity Quantity, DateOnly ExpectedOn, string Reason, DateTimeOffset HappenedAt, Guid Operation);

/// Demand that nothing is promised to: short when it was asked for, or to be asked for later.
internal sealed record Waiting(
    Guid DocumentId, int Line, DemandKind Kind, string DocumentNumber, string? Channel, Sku Sku, [property: Json] IReadOnlyList<NodeCode> Nodes, Quantity Quantity, int Rank, DateOnly? PromisedBy,
    DateTimeOffset Since, bool Planned, DateOnly? ExpectedOn, DateOnly? ToldOn, string? Kept, string Lot)
{
    [NotAColumn]
    public DocumentRef Document => new(Kind.ToString().ToLowerInvariant(), DocumentId, DocumentNumber);

    internal static readonly SqlText.Verbatim Columns = new(
        "select document_id, line, kind, document_number, channel, sku, nodes, quantity, rank, promised_by, since, planned, expected_on, told_on, kept, lot from stock.waiting");
}
