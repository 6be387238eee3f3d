using System.Collections.Frozen;
using Keel.Ui;

namespace Keel.Stock;

/// The way of a count.
public enum CountStatus
{
    [Shown(StateRole.Ready, "To count")]
    Due,

    [Shown(StateRole.Working, "Being counted")]
    Counting,

    [Shown(StateRole.Waiting, "To count again")]
    Recount,

    [Shown(StateRole.Waiting, "To decide")]
    ToApprove,

    [Shown(StateRole.Done)]
    Done,

    [Shown(StateRole.Idle)]
    Cancelled,
}

/// One place, or one SKU in it, that somebody is to count, without seeing what the book says. What differs by more than the reason lets pass is counted
/// again by somebody else; until it is decided, what is missing stands in doubt and is nobody's to sell.
[Rows("stock.count_task", "id")]
internal sealed record CountTask(
    Id<CountTask> Id, Id<Company> CompanyId, string Number, NodeCode Node, LocationCode Location, Sku? Sku, CountStatus Status, string? Plan, string Why, DateOnly MadeOn, DateOnly DueOn,
    int Rank, DateTimeOffset CreatedAt, Guid? Counter, string? CounterName, DateTimeOffset? CountedAt, Guid? Recounter, string? RecounterName, DateTimeOffset? RecountedAt,
    DateTimeOffset? EndedAt, string? EndedBy, string? Outcome, int Version, Guid Operation)
{
    public const string RecordKind = "count";

    private static readonly FrozenDictionary<CountStatus, CountStatus[]> Allowed = new Dictionary<CountStatus, CountStatus[]>
    {
        [CountStatus.Due] = [CountStatus.Counting, CountStatus.Recount, CountStatus.ToApprove, CountStatus.Done, CountStatus.Cancelled],
        [CountStatus.Counting] = [CountStatus.Due, CountStatus.Recount, CountStatus.ToApprove, CountStatus.Done, CountStatus.Cancelled],
        [CountStatus.Recount] = [CountStatus.ToApprove, CountStatus.Done, CountStatus.Cancelled],
        [CountStatus.ToApprove] = [CountStatus.Recount, CountStatus.Done, CountStatus.Cancelled],
        [CountStatus.Done] = [],
        [CountStatus.Cancelled] = [],
    }.ToFrozenDictionary();

    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<CountTask>.Instance.Names} from stock.count_task");

    [NotAColumn]
    public DocumentRef Ref => new(RecordKind, Id.Value, Number);

    [NotAColumn]
    public bool IsOpen => Status is not (CountStatus.Done or CountStatus.Cancelled);

    /// Whether somebody is to count it now, for the first time or again.
    [NotAColumn]
    public bool IsToCount => Status is CountStatus.Due or CountStatus.Counting or CountStatus.Recount;

    [NotAColumn]
    public bool IsAgain => Status is CountStatus.Recount;

    /// Who counts it now, where somebody began.
    [NotAColumn]
    public (Guid? Id, string? Name) CountedNowBy => IsAgain ? (Recounter, RecounterName) : (Counter, CounterName);

    public bool May(CountStatus next) => Allowed[Status].Contains(next);

    public CountTask To(CountStatus next) => May(next) || next == Status
        ? this with { Status = next, Version = Version + 1 }
        : throw new InvariantBroken($"{Number} cannot go from {Status} to {next}.");

    public CountTask End(CountStatus next, string outcome, string by, DateTimeOffset now) => To(next) with { Outcome = outcome, EndedBy = by, EndedAt = now };
}

/// What was found of one SKU, held against what the book said at that moment, and again where somebody else looked too.
[Rows("stock.count_line", "task_id", "line")]
internal sealed record CountLine(
    Id<CountTask> TaskId, int Line, Id<Company> CompanyId, NodeCode Node, LocationCode Location, Sku Sku, string Lot, Quantity? Counted, DateTimeOffset? SeenAt, Quantity? Book,
    Quantity? Recounted, DateTimeOffset? ReseenAt, Quantity? Rebook, Quantity InDoubt, Quantity? Difference, Money? Value, Currency Currency, DateTimeOffset? DecidedAt)
{
    internal static readonly SqlText.Verbatim Columns = new($"select {RowMap<CountLine>.Instance.Names} from stock.count_line");

    [NotAColumn]
    public bool IsOpen => DecidedAt is null;

    [NotAColumn]
    public LevelKey Level => new(CompanyId, Node, Sku, Location, Lot, "", PositionKey.Own);

    /// What differs by the latest look: what stands in doubt is missing already. Nothing before somebody looked.
    [NotAColumn]
    public Quantity? Found => Recounted is { } again && Rebook is { } rebook ? again - rebook - InDoubt : Counted is { } counted && Book is { } book ? counted - book : default(Quantity?);
}
