using System.ComponentModel.DataAnnotations;
using Keel.Printing.Contract;

namespace Keel.Printing;

/// What became of one wish for a paper. `Number` is the record's, `Job` its job's.
internal sealed record PrintAnswer(string Subject, string? Number, string? Job, string? Printer, string? Why)
{
    /// Where it comes out, where it does.
    public string? Sentence => Printer is null ? null : $"{Number} goes to {Printer} as {Job}.";
}

/// Puts papers of records in the queues of their printers, each once: a second one is a reprint and wants a reason.
[Operation("printing.print", PrintingPermissions.Print, Title = "Print", Said = "printed {papers|the paper}", Icon = "file")]
internal sealed class PrintPapers(KeelDb db, PaperBook book, JobMaker jobs) : IOperation<PrintPapers.Request, IReadOnlyList<PrintAnswer>>
{
    /// Subjects are ids, or codes of records that have one. `Station` is where somebody stands: its printers come first. `Site` is for what belongs to none, such as a product.
    public sealed record Request(
        [Required, MinLength(1), MaxLength(500)] IReadOnlyList<string> Subjects, [Required, MaxLength(40)] string Paper, [MaxLength(30)] string? Station = null, NodeCode? Site = null, [Range(1, 20)] int? Copies = null);

    public async Task<Result<IReadOnlyList<PrintAnswer>>> Run(Request request, CancellationToken ct)
    {
        if (book.Find(request.Paper) is not { } paper) return PaperBook.NoPaper;
        if (!paper.Kind.IsPrintedBy(db.Work.Actor.May)) return PaperBook.NotYours;
        var code = (request.Station ?? "").ToUpperInvariant();
        var station = code.Length == 0 ? null : await db.Stations.Find($"company_id = {db.Company} and code = {code}", ct);
        if (code.Length > 0 && station is null) return SaveRoutes.NoStation;
        var here = station?.Node ?? request.Site ?? (db.Work.Actor.Nodes is { Count: 1 } only ? only.First() : default(NodeCode));
        var found = (await paper.Find([.. request.Subjects.Distinct()], ct)).Select(s => s.Node.Text.Length > 0 ? s : s with { Node = here }).ToArray();
        foreach (var subject in found)
        {
            if (subject.Node.Text.Length > 0) db.Work.Actor.MustBeAt(subject.Node);
            db.Work.Concerns(subject.Document.Number);
        }

        var asked = jobs.AskKnown(request.Paper, found);
        await db.Flush(ct);
        var known = asked.Value.ToLookup(k => k.SubjectId);
        var fresh = found.Where(s => !known[s.Document.Id].Any(k => k.IsAlive)).ToArray();
        var made = new Dictionary<Guid, PrintJob>();
        // What was cancelled or failed before keeps its cause: the next one is asked for under the next.
        foreach (var group in fresh.GroupBy(s => known[s.Document.Id].Count(k => k.Cause.StartsWith("asked", StringComparison.Ordinal))))
        {
            var wish = new Wish(request.Paper, group.Key == 0 ? "asked" : $"asked-{group.Key + 1}") { Station = code, Sheets = request.Copies };
            foreach (var job in await jobs.Make(wish, [.. group], ct)) made[job.SubjectId] = job;
        }

        var printers = await db.AllPrinters(ct);
        // An order stands for all of its shipments: several papers may have been asked for under one key.
        var byKey = found.ToLookup(s => s.Key, StringComparer.OrdinalIgnoreCase);
        return request.Subjects.Distinct().SelectMany(key => byKey[key]
            .Select(s => Answer(key, s, made.GetValueOrDefault(s.Document.Id), known[s.Document.Id].LastOrDefault(k => k.IsAlive), printers))
            .DefaultIfEmpty(new PrintAnswer(key, null, null, null, "There is no such record, or nothing of it to print."))).ToArray();
    }

    private static PrintAnswer Answer(string key, PaperSubject subject, PrintJob? made, JobMaker.Known? before, IReadOnlyDictionary<Id<Printer>, Printer> printers) => (made, before) switch
    {
        ({ Status: PrintStatus.Failed } job, _) => new PrintAnswer(key, subject.Document.Number, job.Number, null, job.Problem + " It waits as a case."),
        ({ } job, _) => new PrintAnswer(key, subject.Document.Number, job.Number, printers[job.PrinterId!.Value].Name, null),
        (_, { Status: PrintStatus.Printed } old) => new PrintAnswer(key, subject.Document.Number, old.Number, null, $"It was printed as {old.Number}. Print it again from there, with a reason."),
        _ => new PrintAnswer(key, subject.Document.Number, before?.Number, null, $"It is in the queue already as {before?.Number}."),
    };
}

/// Prints once more what was printed before. The copy has the next number; where the law wants it, the paper says so.
[Operation("printing.reprint", PrintingPermissions.Print, Said = "printed {papers|the paper} again", Icon = "file")]
internal sealed class Reprint(KeelDb db, PaperBook book, JobMaker jobs) : IOperation<Reprint.Request, IReadOnlyList<PrintAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(100)] IReadOnlyList<Id<PrintJob>> Jobs, [Required, MaxLength(200)] string Reason, Id<Printer>? Printer = null);

    public async Task<Result<IReadOnlyList<PrintAnswer>>> Run(Request request, CancellationToken ct)
    {
        var printers = await db.AllPrinters(ct);
        var printer = request.Printer is { } id ? printers.GetValueOrDefault(id) : null;
        if (request.Printer is not null && printer is null) return RerouteJobs.NoPrinter;
        var answers = new List<PrintAnswer>();
        foreach (var job in await db.PrintJobs.Locked(db, request.Jobs, ct))
        {
            if (book.Find(job.Paper) is not { } paper)
            {
                answers.Add(new(job.SubjectId.ToString(), job.Subject, job.Number, null, PaperBook.NoPaper.Message));
                continue;
            }

            if (!paper.Kind.IsPrintedBy(db.Work.Actor.May)) return PaperBook.NotYours;
            if (job.Status is not PrintStatus.Printed)
            {
                answers.Add(new(job.SubjectId.ToString(), job.Subject, job.Number, null, "It was not printed yet: send it again instead."));
                continue;
            }

            if (printer is not null && !printer.Takes(paper.Kind.Form)) return RerouteJobs.WrongPaper;
            var subject = new PaperSubject(new DocumentRef(job.SubjectKind, job.SubjectId, job.Subject), job.Node);
            var wish = new Wish(job.Paper, $"reprint-{db.Work.Operation:N}") { Station = job.Station, Printer = printer, Reason = request.Reason };
            answers.AddRange((await jobs.Make(wish, [subject], ct)).Select(j => new PrintAnswer(
                j.SubjectId.ToString(), j.Subject, j.Number, j.PrinterId is { } at ? printers[at].Name : null, j.PrinterId is null ? j.Problem : null)));
        }

        return answers;
    }
}
