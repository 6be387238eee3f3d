namespace Keel.App.Imports;

/// A file on its way to becoming operations: what was read of it and what became of the rows. In the end they add up.
[Rows("kernel.import_job", "id")]
internal sealed record ImportJob(
    Guid Id, Id<Company> CompanyId, string Operation, string FileName, long Bytes, [property: Json] ImportMapping Mapping, ImportState State,
    long Read, long Accepted, long Refused, long Waiting, string? Problem, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string StartedBy)
{
    /// The names of the file's columns.
    [Json] public IReadOnlyList<string> Header { get; init; } = [];

    /// How many of the accepted rows were taken back.
    public long Undone { get; init; }
}

internal enum ImportState
{
    Uploaded,
    Tried,
    Running,
    Done,
    Failed,
}

/// Which column fills which field, what is the same for all rows, and how the file is encoded where that had to be said.
internal sealed record ImportMapping(IReadOnlyDictionary<string, string> Columns, IReadOnlyDictionary<string, string> Same, string? Encoding = null);

/// What became of one row.
[Rows("kernel.import_row", "job_id", "row")]
internal sealed record ImportRow(Guid JobId, int Row, ImportRowState State, string? Field, string? Reason, string Content, Guid? Operation)
{
    /// By what it is found in Keel, and the figures that it brought, where somebody declared how they are compared.
    [NotAColumn] public string? Key { get; init; }
    [NotAColumn] public IReadOnlyDictionary<string, decimal>? Figures { get; init; }

    /// The cells of a row that was refused, so that they can be corrected.
    [NotAColumn] public IReadOnlyList<string>? Cells { get; init; }
}

internal enum ImportRowState
{
    Accepted,
    Refused,
    Waiting,
}
