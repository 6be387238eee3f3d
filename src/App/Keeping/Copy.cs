namespace Keel.App.Keeping;

internal enum CopyKind
{
    /// Everything in one file.
    Backup,

    /// A backup put back beside the living data, proved, and thrown away.
    Drill,
}

internal enum CopyState
{
    [Ui.Shown(Ui.StateRole.Waiting, "Asked for")]
    Asked,
    [Ui.Shown(Ui.StateRole.Working, "At work")]
    Running,
    [Ui.Shown(Ui.StateRole.Done, "Done")]
    Done,
    [Ui.Shown(Ui.StateRole.Late, "Failed")]
    Failed,
}

/// A copy of everything, or the trial of one.
[Rows("access.copy", "id")]
internal sealed record Copy(
    Id<Copy> Id, CopyKind Kind, CopyState State, string AskedBy, DateTimeOffset AskedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? File, long? Bytes,
    Id<Copy>? Tried, [property: Json] Counts? Counts, string? Outcome);

/// How much there is of what must never be lost.
internal sealed record Counts(long Orders, long Moves, long Entries, long Operations)
{
    internal const string Sql = "select (select count(*) from sales.orders), (select count(*) from stock.move), (select count(*) from ledger.entry), (select count(*) from kernel.operation_log)";

    /// Nothing may be missing; what came in while the copy was written may be there or not.
    public bool Holds(Counts begun) => Orders >= begun.Orders && Moves >= begun.Moves && Entries >= begun.Entries && Operations >= begun.Operations;

    public override string ToString() => $"{Ui.Figures.Of(Orders)} orders, {Ui.Figures.Of(Moves)} moves, {Ui.Figures.Of(Entries)} entries, {Ui.Figures.Of(Operations)} operations";
}
