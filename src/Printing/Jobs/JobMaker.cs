using Keel.Printing.Contract;

namespace Keel.Printing;

/// That a paper is wanted: which, why, where, how often.
internal sealed record Wish(string Paper, string Cause)
{
    public string Station { get; init; } = "";

    /// A certain printer, whatever the routes say.
    public Printer? Printer { get; init; }
    public int? Sheets { get; init; }
    public string? Reason { get; init; }

}

/// Makes jobs: finds the printer by the routes, counts the copies, and makes one job per cause.
internal sealed class JobMaker(KeelDb db, PaperBook book, CaseDesk cases)
{
    public sealed record Known(Guid SubjectId, string Number, string Cause, int Copy, PrintStatus Status)
    {
        [NotAColumn]
        public bool IsAlive => Status is not (PrintStatus.Failed or PrintStatus.Cancelled);
    }

    /// The kind of record that a paper is about; null where nobody makes it.
    public string? SubjectOf(string paper) => book.Find(paper)?.Kind.Subject;

    /// A job per subject. Who has one for the same cause keeps it; without a printer the job is there, failed, with a case.
    public async Task<IReadOnlyList<PrintJob>> Make(Wish wish, IReadOnlyList<PaperSubject> subjects, CancellationToken ct)
    {
        var kind = book.Find(wish.Paper)!.Kind;
        var asked = AskKnown(wish.Paper, subjects);
        var routes = db.Ask<Route>($"select {new SqlText.Verbatim(RowMap<Route>.Instance.Names)} from printing.route where company_id = {db.Company} and paper = {wish.Paper}");
        var printers = await db.AllPrinters(ct);
        var known = asked.Value.ToLookup(k => k.SubjectId);
        var fresh = subjects.DistinctBy(s => s.Document.Id).Where(s => !known[s.Document.Id].Any(k => k.Cause == wish.Cause)).ToArray();
        var numbers = await db.Numbers.Take(db.Company, "PJ", db.Now.Year, fresh.Length, ct);

        var jobs = fresh.Select((subject, i) => JobOf(wish, kind, subject, numbers[i], known[subject.Document.Id], Best(routes.Value, wish.Paper, wish.Station, subject.Node), printers)).ToArray();
        db.PrintJobs.Insert(jobs);
        db.Tell([.. jobs.Select(j => (j, j.Reason is null ? $"Asked for: {book.TitleOf(j.Paper)} {j.Subject}" : $"Asked for again: {j.Reason}"))]);
        cases.Open([.. jobs.Where(j => j.Status is PrintStatus.Failed).Select(j => (PrintCases.NoPrinter, j.Ref, j.Problem!))]);
        return jobs;
    }

    /// The jobs that there are for some records.
    public Later<List<Known>> AskKnown(string paper, IReadOnlyList<PaperSubject> subjects) => db.Ask<Known>(
        $"select subject_id, number, cause, copy, status from printing.job where company_id = {db.Company} and paper = {paper} and subject_id = any({subjects.Select(s => s.Document.Id)}) order by id");

    /// Jobs that found no printer when they were made get the one that a route names by now.
    public async Task<Func<PrintJob, PrintJob>> ByRoutes(IReadOnlyList<PrintJob> jobs, CancellationToken ct)
    {
        string[] papers = [.. jobs.Where(j => j.PrinterId is null).Select(j => j.Paper).Distinct()];
        if (papers.Length == 0) return job => job;
        var routes = await db.Routes.Where($"company_id = {db.Company} and paper = any({papers})", ct);
        return job => job.PrinterId is null && Best(routes, job.Paper, job.Station, job.Node) is { } route ? job with { PrinterId = route.PrinterId, FallbackId = route.FallbackId } : job;
    }

    private PrintJob JobOf(Wish wish, PaperKind kind, PaperSubject subject, string number, IEnumerable<Known> known, Route? route, IReadOnlyDictionary<Id<Printer>, Printer> printers)
    {
        var printer = wish.Printer ?? (route is null ? null : printers.GetValueOrDefault(route.PrinterId));
        var fallback = wish.Printer is null ? route?.FallbackId : null;
        // A printer that is switched off is passed over at once.
        if (printer is { IsOn: false } && fallback is { } other && printers.GetValueOrDefault(other) is { IsOn: true } spare) (printer, fallback) = (spare, null);
        var problem = printer is null ? $"No route says which printer gets a {kind.Title.ToLowerInvariant()} at {subject.Node}." : null;
        var copy = known.Where(k => k.IsAlive).Select(k => k.Copy).DefaultIfEmpty(0).Max() + 1;
        return new PrintJob(
            db.NewId<PrintJob>(), db.Company, number, wish.Paper, subject.Document.Kind, subject.Document.Id, subject.Document.Number, wish.Cause, copy, wish.Sheets ?? route?.Copies ?? 1,
            subject.Node, wish.Station, printer?.Id, fallback, problem is null ? PrintStatus.Queued : PrintStatus.Failed, wish.Reason, db.Work.Actor.Name, db.Now, db.Now + kind.Target,
            null, null, null, null, problem, null, 0, 1);
    }

    private static Route? Best(IEnumerable<Route> routes, string paper, string station, NodeCode node) =>
        routes.Where(r => r.Fits(paper, node, station)).MaxBy(r => r.Weight);
}

/// What about printing needs somebody.
internal static class PrintCases
{
    private static readonly CaseWay Open = CaseWay.Go("Open the job", "/printing/jobs/{id}", PrintingPermissions.Read);

    public static readonly CaseKind NoPrinter = new("print-without-printer", "warehouse", TimeSpan.FromMinutes(30), Severity.Normal)
    {
        Next = "Add a route, then send the job to a printer", Ways = [CaseWay.On<SendAgain>("Send it by the new route", "jobs"), Open, CaseWay.On<CancelJobs>("Cancel the job", "jobs")],
    };

    public static readonly CaseKind NotTaken = new("print-not-taken", "warehouse", TimeSpan.FromMinutes(15), Severity.Normal)
    {
        Next = "Start the agent, or send the job to another printer", Ways = [Open, CaseWay.On<CancelJobs>("Cancel the job", "jobs")],
    };

    public static readonly CaseKind Failed = new("print-failed", "warehouse", TimeSpan.FromMinutes(15), Severity.Normal)
    {
        Next = "Mend the printer, or send the job to another one", Ways = [CaseWay.On<SendAgain>("Send it again", "jobs"), Open, CaseWay.On<CancelJobs>("Cancel the job", "jobs")],
    };

    public static readonly CaseKind Unknown = new("print-unknown", "warehouse", TimeSpan.FromMinutes(15), Severity.High)
    {
        Next = "Look at the printer and say whether it came out", Ways = [CaseWay.On<ItCameOut>("It came out", "jobs"), CaseWay.On<SendAgain>("Nothing came out: send it again", "jobs"), Open],
    };

    public static readonly CaseKind[] All = [NoPrinter, NotTaken, Failed, Unknown];
}
