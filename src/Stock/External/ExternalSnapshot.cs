using Keel.Ui;

namespace Keel.Stock;

/// What became of a difference between what an external site told and our book.
internal enum DriftState
{
    [Shown(StateRole.Done)]
    Agrees,

    [Shown(StateRole.Late)]
    Open,

    /// It was booked as an adjustment.
    [Shown(StateRole.Done)]
    Accepted,

    /// The book was right.
    [Shown(StateRole.Idle)]
    Dismissed,

    /// A later snapshot tells more.
    [Shown(StateRole.Idle)]
    Overtaken,
}

/// What whoever runs a site told us lies there, as of an instant. A fact: it never changes.
[Rows("stock.external_snapshot", "id")]
internal sealed record ExternalSnapshot(
    Guid Id, Id<Company> CompanyId, string Number, NodeCode Node, DateTimeOffset AsOf, bool Whole, string? Reference, int Lines, int Differing, DateTimeOffset ToldAt, string ToldBy, Guid Operation)
{
    public const string RecordKind = "external-snapshot";

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<ExternalSnapshot>.Instance.Names} from stock.external_snapshot");

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id, Number);
}

/// One SKU of a snapshot in one condition: what was told, and what our book said of that instant.
[Rows("stock.external_line", "snapshot_id", "sku", "condition")]
internal sealed record ExternalLine(
    Guid SnapshotId, Id<Company> CompanyId, NodeCode Node, Sku Sku, GoodsCondition Condition, Quantity Told, Quantity Book, DriftState State, DateTimeOffset? DecidedAt = null, string? DecidedBy = null,
    Guid? DocumentId = null)
{
    [NotAColumn]
    public Quantity Drift => Told - Book;

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<ExternalLine>.Instance.Names} from stock.external_line");
}

/// What is missing at an external site and stands in its place of doubt.
[Rows("stock.external_doubt", "snapshot_id", "sku", "location", "lot")]
internal sealed record ExternalDoubt(Guid SnapshotId, Id<Company> CompanyId, NodeCode Node, Sku Sku, LocationCode Location, string Lot, Quantity Quantity)
{
    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<ExternalDoubt>.Instance.Names} from stock.external_doubt");
}

/// Which differences are booked without asking: so many units of a SKU at most, for this reason.
internal sealed record DriftRules(
    [property: System.ComponentModel.DataAnnotations.Range(0, 1_000_000)] int AcceptUpToUnits, ReasonCode Reason) : IPolicy<DriftRules>
{
    public static string Kind => "external-drift";
    public static DriftRules AsDelivered => new(0, "count");
    public static string Says => "How many units of a SKU a site under another authority may tell more or fewer than our book without anybody being asked: such a difference is booked at once, for this reason. Nothing is booked by itself where it is 0.";
    public static IReadOnlyList<string> UsedBy => ["stock.external-snapshot"];
}
