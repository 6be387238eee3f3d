namespace Keel.Printing;

/// Looks after jobs that were taken and not finished, and after those that nobody takes: what was never sent goes back to the queue, what may
/// have come out is left to somebody's eyes, what waits too long becomes a case.
[Operation("printing.tend-jobs", PrintingPermissions.Manage, Said = "tended the print jobs", Icon = "clock")]
internal sealed class TendJobs(KeelDb db, CaseDesk cases) : IOperation<TendJobs.Request, int>
{
    private const int MostAtOnce = 500, MostTries = 5;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var left = await db.PrintJobs.Where(
            $"company_id = {db.Company} and status in ('Taken', 'Sent') and lease_until < {db.Now} order by id limit {MostAtOnce} for update", ct);
        var late = await db.PrintJobs.Where(
            $"""
            company_id = {db.Company} and status = 'Queued' and due_at < {db.Now}
            and not exists (select from kernel.work_case c where c.subject_id = printing.job.id and c.kind = {PrintCases.NotTaken.Name} and c.state <> 'Closed') order by id limit {MostAtOnce}
            """, ct);
        var printers = await db.AllPrinters(ct);

        var steps = left.Select(After).ToArray();
        db.Step(steps);
        cases.Open([.. steps.Where(s => s.Job.Status is PrintStatus.Unknown).Select(s => (PrintCases.Unknown, s.Job.Ref, $"{s.Job.Subject} may have come out or not: {s.Job.TakenBy} never said."))]);
        cases.Open([.. steps.Where(s => s.Job.Status is PrintStatus.Failed).Select(s => (PrintCases.Failed, s.Job.Ref, $"{s.Job.Subject}: {s.Job.Problem}"))]);
        cases.Open([.. late.Select(j => (PrintCases.NotTaken, j.Ref, $"{j.Subject} waits for {printers[j.PrinterId!.Value].Name}, and {printers[j.PrinterId!.Value].Agent} does not take it."))]);
        foreach (var job in steps.Select(s => s.Job).Concat(late)) db.Work.Concerns(job.Number);
        return left.Count + late.Count;
    }

    private (PrintJob Job, string Words) After(PrintJob job) => job.Status is PrintStatus.Sent
        ? (job.To(PrintStatus.Unknown, db.Now) with { Problem = "The agent began to send it and never said what became of it." }, "Nobody knows whether it came out: the agent never said")
        : job.Tries >= MostTries
            ? (job.To(PrintStatus.Failed, db.Now) with { Problem = $"{job.TakenBy} took it {job.Tries} times and never sent it." }, "Given up: it was taken too often")
            : (job.To(PrintStatus.Queued, db.Now) with { Claim = null }, "Back in the queue: it was taken and never sent");
}

internal sealed class TendJobsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var companies = await db.Query<Id<Company>>(
            $"""
            select distinct company_id from printing.job where status in ('Taken', 'Sent') and lease_until < {db.Now} or status = 'Queued' and due_at < {db.Now}
              and not exists (select from kernel.work_case c where c.subject_id = printing.job.id and c.kind = {PrintCases.NotTaken.Name} and c.state <> 'Closed')
            """, ct);
        foreach (var company in companies) await gate.Run<TendJobs, TendJobs.Request, int>(new TendJobs.Request(), Caller.Keel(company) with { Door = Door.Job }, ct);
    }
}
