using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Keel.Printing.Contract;

namespace Keel.Printing;

/// A job as the agent takes it to the printer: what to send, where, and under which claim it reports back.
internal sealed record ClaimedJob(
    Id<PrintJob> Job, Guid Claim, string Number, string Printer, PrinterConnection Connection, string Address, int Copies, string File, string MediaType, byte[] Content);

/// Gives an agent jobs of its printers, the oldest first. A claim holds for a minute; what is not reported as sent by then goes back to the queue.
[Operation("printing.claim-jobs", PrintingPermissions.Agent, Title = "Take print jobs", Said = "took {print jobs|the print job}", Icon = "file")]
internal sealed class ClaimJobs(KeelDb db, PaperBook book) : IOperation<ClaimJobs.Request, IReadOnlyList<ClaimedJob>>
{
    private const int MostAtOnce = 5;
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public sealed record Request([Required, MaxLength(60)] string Agent);

    public async Task<Result<IReadOnlyList<ClaimedJob>>> Run(Request request, CancellationToken ct)
    {
        var printers = await db.AllPrinters(ct);
        Guid[] own = [.. printers.Values.Where(p => p.Agent == request.Agent && p.IsOn && db.Work.Actor.MayAt(p.Node)).Select(p => p.Id.Value)];
        var waiting = await db.PrintJobs.Where(
            $"company_id = {db.Company} and printer_id = any({own}) and status = 'Queued' order by asked_at, id limit {MostAtOnce} for update skip locked", ct);
        var drawn = new Dictionary<string, IReadOnlyDictionary<Guid, Sheet>>(StringComparer.Ordinal);
        foreach (var some in waiting.Where(j => book.Find(j.Paper) is not null).GroupBy(j => j.Paper)) drawn[some.Key] = await book.Draw(some.Key, [.. some.Select(j => new DocumentRef(j.SubjectKind, j.SubjectId, j.Subject))], ct);

        var claimed = new List<ClaimedJob>();
        var steps = new List<(PrintJob, string)>();
        foreach (var job in waiting)
        {
            // What cannot be drawn yet, such as an invoice that waits for its number, waits too.
            if (!drawn.TryGetValue(job.Paper, out var sheets) || !sheets.TryGetValue(job.SubjectId, out var sheet)) continue;
            var printer = printers[job.PrinterId!.Value];
            var printed = await book.Write(book.Find(job.Paper)!.Kind, sheet, job.Copy, printer.Kind is PaperForm.Label ? printer.Dpi : null, job.Sheets, ct);
            var taken = job.To(PrintStatus.Taken, db.Now, db.Now + Lease) with
            {
                TakenBy = request.Agent, Claim = Guid.CreateVersion7(db.Now), Digest = Convert.ToHexStringLower(SHA256.HashData(printed.Content)), Tries = job.Tries + 1,
            };
            book.Handed(book.Find(job.Paper)!.Kind, job.SubjectId);
            db.Work.Concerns(job.Number);
            steps.Add((taken, $"Taken by {request.Agent} for {printer.Name}"));
            claimed.Add(new ClaimedJob(
                job.Id, taken.Claim!.Value, job.Number, printer.Name, printer.Connection, printer.Address, job.Sheets, $"{job.Number}-{printed.Name}", printed.MediaType, printed.Content));
        }

        db.Step(steps);
        return claimed;
    }
}

/// The agent is about to send a job: from here on only the agent, or somebody who looks, can say what became of it.
[Operation("printing.begin-sending", PrintingPermissions.Agent, Said = "began to send {print jobs|the print job}", Icon = "file")]
internal sealed class BeginSending(KeelDb db) : IOperation<BeginSending.Request, Done>
{
    public sealed record Request(Id<PrintJob> Job, Guid Claim);

    public static readonly Error Lost = new("printing.claim-lost", "This claim does not hold any more: the job went back to the queue, or was cancelled. Do not print it.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.PrintJobs.Locked(db, [request.Job], ct) is not [var job] || job.Claim != request.Claim || job.Status is not PrintStatus.Taken || job.LeaseUntil < db.Now) return Lost;
        db.Step([(job.To(PrintStatus.Sent, db.Now, db.Now + ClaimJobs.Lease), "On its way to the printer")]);
        return Done.It;
    }
}

/// What the agent knows of a job that it sent.
public enum SendingEnd
{
    Printed,

    /// Nothing can have come out: the printer did not answer.
    NotPrinted,

    /// The line broke in the middle: it may have come out, or not.
    Unknown,
}

/// The agent says what became of a job. A printer that did not answer gives it to the fallback; without one it is a case.
[Operation("printing.report", PrintingPermissions.Agent, Title = "Report a print job", Said = "reported on {print jobs|the print job}", Icon = "file")]
internal sealed class ReportJob(KeelDb db, CaseDesk cases) : IOperation<ReportJob.Request, PrintStatus>
{
    public sealed record Request(Id<PrintJob> Job, Guid Claim, SendingEnd End, [MaxLength(300)] string? Problem = null);

    public async Task<Result<PrintStatus>> Run(Request request, CancellationToken ct)
    {
        // A late report counts: of a job that nobody has decided about meanwhile, the agent knows best.
        if (await db.PrintJobs.Locked(db, [request.Job], ct) is not [var job] || job.Claim != request.Claim || job.Status is not (PrintStatus.Sent or PrintStatus.Unknown)) return BeginSending.Lost;
        var (after, words) = request.End switch
        {
            SendingEnd.Printed => (job.To(PrintStatus.Printed, db.Now), "Printed"),
            SendingEnd.NotPrinted when job.FallbackId is { } fallback => (
                job.To(PrintStatus.Queued, db.Now) with { PrinterId = fallback, FallbackId = null, Problem = request.Problem, Claim = null }, $"Nothing came out, the fallback takes it: {request.Problem}"),
            SendingEnd.NotPrinted => (job.To(PrintStatus.Failed, db.Now) with { Problem = request.Problem ?? "The printer did not answer." }, $"Nothing came out: {request.Problem}"),
            _ when job.Status is PrintStatus.Unknown => (job, "Still unknown"),
            _ => (job.To(PrintStatus.Unknown, db.Now) with { Problem = request.Problem }, $"Nobody knows whether it came out: {request.Problem}"),
        };
        if (ReferenceEquals(after, job)) return job.Status;
        db.Step([(after, words)]);
        if (after.Status is PrintStatus.Failed) cases.Open(PrintCases.Failed, job.Ref, $"{job.Subject}: {after.Problem}");
        if (after.Status is PrintStatus.Unknown) cases.Open(PrintCases.Unknown, job.Ref, $"{job.Subject} may have come out or not: {request.Problem}");
        if (after.Status is PrintStatus.Printed or PrintStatus.Queued) cases.CloseAll([job.Id.Value], words);
        return after.Status;
    }
}
