using System.Collections.Frozen;
using Keel.Ui;

namespace Keel.Stock;

/// The way of goods from one site of the company to another.
public enum TransferStatus
{
    [Shown(StateRole.Waiting, "To approve")]
    Requested,

    [Shown(StateRole.Ready, "To ship")]
    Approved,

    [Shown(StateRole.Working, "On its way")]
    InTransit,

    [Shown(StateRole.Done, "Received")]
    Received,

    [Shown(StateRole.Idle, "Cancelled")]
    Cancelled,
}

/// Goods that go from one site to another. They are promised at the sender once it is approved, are nobody's to sell while they are on their way, and stay
/// the company's and worth what they cost throughout.
[Rows("stock.transfer", "id")]
internal sealed record Transfer(
    Id<Transfer> Id, Id<Company> CompanyId, string Number, NodeCode FromNode, NodeCode ToNode, TransferStatus Status, string Reason, DateOnly? WantedBy, DateOnly? ExpectedOn,
    int LineCount, Quantity Units, Guid RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? ApprovedAt, DateTimeOffset? ShippedAt, DateTimeOffset? ReceivedAt,
    DateTimeOffset? CancelledAt, int Version, Guid Operation)
{
    private static readonly FrozenDictionary<TransferStatus, TransferStatus[]> Allowed = new Dictionary<TransferStatus, TransferStatus[]>
    {
        [TransferStatus.Requested] = [TransferStatus.Approved, TransferStatus.Cancelled],
        [TransferStatus.Approved] = [TransferStatus.InTransit, TransferStatus.Cancelled],
        [TransferStatus.InTransit] = [TransferStatus.InTransit, TransferStatus.Received],
        [TransferStatus.Received] = [],
        [TransferStatus.Cancelled] = [],
    }.ToFrozenDictionary();

    [NotAColumn]
    public DocumentRef Ref => new("transfer", Id.Value, Number);

    [NotAColumn]
    public bool IsOpen => Status is TransferStatus.Requested or TransferStatus.Approved or TransferStatus.InTransit;

    public bool May(TransferStatus next) => Allowed[Status].Contains(next);

    public Transfer To(TransferStatus next, DateTimeOffset now) => May(next)
        ? this with
        {
            Status = next,
            Version = Version + 1,
            ApprovedAt = next is TransferStatus.Approved ? now : ApprovedAt,
            ShippedAt = next is TransferStatus.InTransit ? ShippedAt ?? now : ShippedAt,
            ReceivedAt = next is TransferStatus.Received ? now : null,
            CancelledAt = next is TransferStatus.Cancelled ? now : null,
        }
        : throw new InvariantBroken($"{Number} cannot go from {Status} to {next}.");
}

/// One SKU of a transfer: how many are to go, left, arrived, and never arrived.
[Rows("stock.transfer_line", "transfer_id", "line")]
internal sealed record TransferLine(Id<Transfer> TransferId, int Line, Id<Company> CompanyId, Sku Sku, Quantity Quantity, Quantity Shipped, Quantity Received, Quantity Missing)
{
    /// The only lot that is to go; empty is any.
    public string Lot { get; init; } = "";

    /// Whose goods they are, as positions name it.
    public string Owner { get; init; } = PositionKey.Own;

    [NotAColumn]
    public string? Others => Owner == PositionKey.Own ? null : Owner;

    [NotAColumn]
    public LotCode? LotCode => Lot.Length > 0 ? Code.Parse<LotCode>(Lot) : default(LotCode?);

    [NotAColumn]
    public Quantity ToShip => Quantity - Shipped;

    [NotAColumn]
    public Quantity OnItsWay => Shipped - Received - Missing;
}

/// Whether somebody other than who asked must say yes before goods go from site to site.
internal sealed record TransferRules(bool NeedsApproval) : IPolicy<TransferRules>
{
    public static string Kind => "transfers";
    public static TransferRules AsDelivered => new(false);
    public static string Says => "Whether a transfer between sites waits until somebody other than who asked for it says yes. Without it, goods are promised to it at once.";
    public static IReadOnlyList<string> UsedBy => ["stock.request-transfer"];
}
