using System.ComponentModel.DataAnnotations;

namespace Keel.Printing;

/// What became of one job of a list.
internal sealed record JobAnswer(Id<PrintJob> Job, string? Number, string? Why);

/// Sends jobs to another printer: those that wait, and those that failed.
[Operation("printing.reroute", PrintingPermissions.Print, Title = "Send to another printer", Said = "sent {print jobs|the print job} to another printer", Icon = "swap")]
internal sealed class RerouteJobs(KeelDb db, JobSteps steps, PaperBook book) : IOperation<RerouteJobs.Request, IReadOnlyList<JobAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<PrintJob>> Jobs, Id<Printer> Printer);

    public static readonly Error NoPrinter = Error.NotFound("printing.no-such-printer", "There is no such printer in this company.");
    public static readonly Error Off = new("printing.printer-off", "This printer is switched off. Switch it on, or choose another one.");
    public static readonly Error WrongPaper = new("printing.wrong-paper", "A label printer takes labels only. Choose a printer for documents.");

    public async Task<Result<IReadOnlyList<JobAnswer>>> Run(Request request, CancellationToken ct)
    {
        if (!(await db.AllPrinters(ct)).TryGetValue(request.Printer, out var printer)) return NoPrinter;
        if (!printer.IsOn) return Off;
        db.Work.Actor.MustBeAt(printer.Node);
        var jobs = await db.PrintJobs.Locked(db, request.Jobs, ct);
        if (jobs.Any(j => book.Find(j.Paper) is { } paper && !printer.Takes(paper.Kind.Form))) return WrongPaper;
        return Result.Of(await steps.Again(request.Jobs, jobs, j => j with { PrinterId = printer.Id, FallbackId = null }, $"Sent to {printer.Name}", mayWait: true, ct));
    }
}

/// Sends jobs once more to their printer, after somebody has looked that nothing came out. What had no printer follows the routes as they are now.
[Operation("printing.send-again", PrintingPermissions.Print, Said = "sent {print jobs|the print job} again", Icon = "file")]
internal sealed class SendAgain(KeelDb db, JobSteps steps, JobMaker maker) : IOperation<SendAgain.Request, IReadOnlyList<JobAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<PrintJob>> Jobs);

    public async Task<Result<IReadOnlyList<JobAnswer>>> Run(Request request, CancellationToken ct)
    {
        var jobs = await db.PrintJobs.Locked(db, request.Jobs, ct);
        return Result.Of(await steps.Again(request.Jobs, jobs, await maker.ByRoutes(jobs, ct), "Sent again: nothing had come out", mayWait: false, ct));
    }
}

/// Says of jobs whose end is unknown that they came out: somebody has looked.
[Operation("printing.it-came-out", PrintingPermissions.Print, Title = "It came out", Said = "said that {print jobs|the print job} came out", Icon = "check")]
internal sealed class ItCameOut(KeelDb db, JobSteps steps) : IOperation<ItCameOut.Request, IReadOnlyList<JobAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<PrintJob>> Jobs);

    public async Task<Result<IReadOnlyList<JobAnswer>>> Run(Request request, CancellationToken ct)
    {
        var jobs = await db.PrintJobs.Locked(db, request.Jobs, ct);
        return Result.Of(steps.Settle(request.Jobs, jobs, j => j.Status is PrintStatus.Unknown, PrintStatus.Printed, "Somebody has looked: it came out", "Its end is known."));
    }
}

/// Takes jobs out of the queue. What is at the printer cannot be called back.
[Operation("printing.cancel", PrintingPermissions.Print, Title = "Cancel print jobs", Said = "cancelled {print jobs|the print job}", Icon = "x")]
internal sealed class CancelJobs(KeelDb db, JobSteps steps) : IOperation<CancelJobs.Request, IReadOnlyList<JobAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Id<PrintJob>> Jobs);

    public async Task<Result<IReadOnlyList<JobAnswer>>> Run(Request request, CancellationToken ct)
    {
        var jobs = await db.PrintJobs.Locked(db, request.Jobs, ct);
        return Result.Of(steps.Settle(request.Jobs, jobs, j => j.May(PrintStatus.Cancelled), PrintStatus.Cancelled, "Cancelled", "It is at the printer or done: it cannot be cancelled."));
    }
}

/// The steps of locked jobs that people decide.
internal sealed class JobSteps(KeelDb db, CaseDesk cases)
{
    /// Back into a queue. A copy number that another job has meanwhile is given anew.
    public async Task<IReadOnlyList<JobAnswer>> Again(
        IReadOnlyList<Id<PrintJob>> ids, IReadOnlyList<PrintJob> jobs, Func<PrintJob, PrintJob> with, string words, bool mayWait, CancellationToken ct)
    {
        var taken = await db.Query<CopyRow>(
            $"select paper, subject_id, max(copy) as copy from printing.job where company_id = {db.Company} and subject_id = any({jobs.Select(j => j.SubjectId)}) and status not in ('Failed', 'Cancelled') group by paper, subject_id", ct);
        bool May(PrintJob job) => job.PrinterId is not null && (job.Status is PrintStatus.Failed or PrintStatus.Unknown || mayWait && job.Status is PrintStatus.Queued);
        var copies = taken.ToDictionary(t => (t.Paper, t.SubjectId), t => t.Copy);
        var moved = new Dictionary<Id<PrintJob>, PrintJob>();
        foreach (var job in jobs.Select(with).Where(May))
        {
            var key = (job.Paper, job.SubjectId);
            var copy = job.Status is PrintStatus.Failed ? copies[key] = copies.GetValueOrDefault(key) + 1 : job.Copy;
            moved[job.Id] = job.To(PrintStatus.Queued, db.Now) with { Problem = null, Claim = null, Copy = copy, DueAt = db.Now + (job.DueAt - job.AskedAt) };
        }

        return Finish(ids, jobs, moved, words, "It waits, is on its way, is done, or still has no printer: it cannot be sent again.", "it is in the queue again");
    }

    public IReadOnlyList<JobAnswer> Settle(IReadOnlyList<Id<PrintJob>> ids, IReadOnlyList<PrintJob> jobs, Func<PrintJob, bool> may, PrintStatus next, string words, string why) =>
        Finish(ids, jobs, jobs.Where(may).Select(j => j.To(next, db.Now)).ToDictionary(j => j.Id), words, why, words);

    private JobAnswer[] Finish(IReadOnlyList<Id<PrintJob>> ids, IReadOnlyList<PrintJob> jobs, Dictionary<Id<PrintJob>, PrintJob> moved, string words, string why, string resolution)
    {
        db.Step([.. moved.Values.Select(j => (j, words))]);
        cases.CloseAll([.. moved.Keys.Select(k => k.Value)], resolution);
        var known = jobs.ToDictionary(j => j.Id);
        return [.. ids.Distinct().Select(id => !known.TryGetValue(id, out var job)
            ? new JobAnswer(id, null, "There is no such job.")
            : new JobAnswer(id, job.Number, moved.ContainsKey(id) ? null : why))];
    }

    private sealed record CopyRow(string Paper, Guid SubjectId, int Copy);
}
