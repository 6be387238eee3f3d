using System.Collections.Frozen;
using Keel.Ui;

namespace Keel.Printing;

/// The way of a paper to its printer.
public enum PrintStatus
{
    [Shown(StateRole.Ready, "Waits for its printer")]
    Queued,

    [Shown(StateRole.Working, "Taken by the agent")]
    Taken,

    [Shown(StateRole.Working, "At the printer")]
    Sent,

    [Shown(StateRole.Done, "Printed")]
    Printed,

    [Shown(StateRole.Late, "Failed")]
    Failed,

    /// The line broke while it was on its way: only somebody who looks at the printer knows. It is never printed again by itself.
    [Shown(StateRole.Held, "Unknown, look at the printer")]
    Unknown,

    [Shown(StateRole.Idle, "Cancelled")]
    Cancelled,
}

/// One paper for one record that somebody or something asked for.
[Rows("printing.job", "id")]
internal sealed record PrintJob(
    Id<PrintJob> Id, Id<Company> CompanyId, string Number, string Paper, string SubjectKind, Guid SubjectId, string Subject, string Cause, int Copy, int Sheets,
    NodeCode Node, string Station, Id<Printer>? PrinterId, Id<Printer>? FallbackId, PrintStatus Status, string? Reason, string AskedBy, DateTimeOffset AskedAt, DateTimeOffset DueAt,
    string? TakenBy, Guid? Claim, DateTimeOffset? LeaseUntil, DateTimeOffset? PrintedAt, string? Problem, string? Digest, int Tries, int Version)
{
    private static readonly FrozenDictionary<PrintStatus, PrintStatus[]> Allowed = new Dictionary<PrintStatus, PrintStatus[]>
    {
        [PrintStatus.Queued] = [PrintStatus.Queued, PrintStatus.Taken, PrintStatus.Failed, PrintStatus.Cancelled],
        [PrintStatus.Taken] = [PrintStatus.Sent, PrintStatus.Queued, PrintStatus.Failed, PrintStatus.Cancelled],
        [PrintStatus.Sent] = [PrintStatus.Printed, PrintStatus.Queued, PrintStatus.Failed, PrintStatus.Unknown],
        [PrintStatus.Unknown] = [PrintStatus.Printed, PrintStatus.Queued, PrintStatus.Failed, PrintStatus.Cancelled],
        [PrintStatus.Failed] = [PrintStatus.Queued, PrintStatus.Cancelled],
        [PrintStatus.Printed] = [],
        [PrintStatus.Cancelled] = [],
    }.ToFrozenDictionary();

    [NotAColumn]
    public DocumentRef Ref => new("print-job", Id.Value, Number);

    public bool May(PrintStatus next) => Allowed[Status].Contains(next);

    /// Only who was taken or sent holds a lease.
    public PrintJob To(PrintStatus next, DateTimeOffset now, DateTimeOffset? lease = null) => May(next)
        ? this with
        {
            Status = next, Version = Version + 1, LeaseUntil = next is PrintStatus.Taken or PrintStatus.Sent ? lease : null, PrintedAt = next is PrintStatus.Printed ? now : null,
        }
        : throw new InvariantBroken($"{Number} cannot go from {Status} to {next}.");
}

/// Something that happened to a job.
[Rows("printing.job_step", "id")]
internal sealed record PrintStep(Guid Id, Id<Company> CompanyId, Id<PrintJob> JobId, DateTimeOffset At, PrintStatus Status, string Who, string Words);

/// A program on site that brings jobs to printers, and when it was last heard of.
[Rows("printing.agent", "company_id", "name")]
internal sealed record PrintAgent(Id<Company> CompanyId, string Name, string Host, string Program, DateTimeOffset SeenAt);
