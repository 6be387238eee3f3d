using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.App.Imports;

/// Files that were given, and what became of them.
[View("kernel.imports", KernelPermissions.Import, Sort = "-id")]
internal sealed class ImportList(KeelDb db) : IView<ImportList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Search, Title("File")] public required string FileName { get; init; }
        [Search] public required string Operation { get; init; }
        public required ImportState State { get; init; }
        public required long Read { get; init; }
        public required long Accepted { get; init; }
        public required long Refused { get; init; }
        public required long Waiting { get; init; }
        public required long Undone { get; init; }
        public required DateTimeOffset StartedAt { get; init; }
        public required string StartedBy { get; init; }
        public string? Problem { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select j.id, j.file_name, j.operation, j.state, j.read, j.accepted, j.refused, j.waiting, j.undone, j.started_at, j.started_by, j.problem
        from kernel.import_job j where j.company_id = {db.Company}
        """;
}

/// What became of the rows of one file.
[View("kernel.import-rows", KernelPermissions.Import, Sort = "row")]
internal sealed class ImportRowList(KeelDb db) : IView<ImportRowList.Line, ImportRowList.Args>
{
    public sealed record Args(Guid Job);

    public sealed record Line
    {
        [Key] public required int Row { get; init; }
        public required ImportRowState State { get; init; }
        public string? Field { get; init; }
        [Search] public string? Reason { get; init; }
        public required string Content { get; init; }
        public DateTimeOffset? UndoneAt { get; init; }
        [Title("Why it stays")] public string? Stays { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select r.row, r.state, r.field, r.reason, r.content, r.undone_at, r.stays
        from kernel.import_row r join kernel.import_job j on j.id = r.job_id where r.job_id = {args.Job} and j.company_id = {db.Company}
        """;
}
