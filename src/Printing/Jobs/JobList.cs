using Keel.Kernel.Views;

namespace Keel.Printing;

/// Print jobs, the newest first, each with what happens next. Served by the index job_list.
[View("printing.jobs", PrintingPermissions.Read)]
internal sealed class JobList(KeelDb db) : IView<JobList.Row>
{
    public sealed record Row
    {
        public required Id<PrintJob> Id { get; init; }
        [Search, Title("Job")] public required string Number { get; init; }
        public required string Paper { get; init; }
        public required string SubjectKind { get; init; }
        public required Guid SubjectId { get; init; }
        [Search, Title("For")] public required string Subject { get; init; }
        public required int Copy { get; init; }
        public required int Sheets { get; init; }
        [Title("Site")] public required NodeCode Node { get; init; }
        public string? Station { get; init; }
        public string? Printer { get; init; }
        [Title("State")] public required PrintStatus Status { get; init; }
        [Title("Asked by")] public required string AskedBy { get; init; }
        [Title("Asked")] public required DateTimeOffset AskedAt { get; init; }
        [Title("Printed")] public DateTimeOffset? PrintedAt { get; init; }
        public string? Reason { get; init; }
        public required string Next { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select j.id, j.number, j.paper, j.subject_kind, j.subject_id, j.subject, j.copy, j.sheets, j.node, nullif(j.station, '') as station, p.name as printer, j.status, j.asked_by, j.asked_at, j.printed_at, j.reason,
          case j.status
            when 'Queued' then case when j.due_at < {db.Now} then 'Late: ' || p.agent || ' does not take it' else 'Waits for ' || p.agent end
            when 'Taken' then j.taken_by || ' has it'
            when 'Sent' then 'On its way to ' || p.name
            when 'Unknown' then 'Look at ' || p.name || ' and say whether it came out'
            when 'Failed' then coalesce(j.problem, 'Send it again')
            when 'Cancelled' then 'Nothing: cancelled'
            else 'Nothing: printed' end as next
        from printing.job j left join printing.printer p on p.id = j.printer_id
        where j.company_id = {db.Company}
        """;
}
