using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Keel.Printing.Contract;

namespace Keel.Printing;

/// Prints what waits for simulated printers: each paper is laid out as it would be sent, and its job keeps that it was. Nothing leaves the house.
[Operation("printing.print-simulated", PrintingPermissions.Agent, Title = "Print on simulated printers", Said = "printed on simulated printers", Icon = "file")]
internal sealed class PrintSimulated(KeelDb db, PaperBook book) : IOperation<PrintSimulated.Request, int>
{
    private const int MostAtOnce = 50;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var printers = await db.AllPrinters(ct);
        Guid[] here = [.. printers.Values.Where(p => p.Connection is PrinterConnection.Simulated && p.IsOn).Select(p => p.Id.Value)];
        var waiting = await db.PrintJobs.Where(
            $"company_id = {db.Company} and printer_id = any({here}) and status = 'Queued' order by asked_at, id limit {MostAtOnce} for update skip locked", ct);
        var done = new List<(PrintJob, string)>();
        foreach (var some in waiting.Where(j => book.Find(j.Paper) is not null).GroupBy(j => j.Paper))
        {
            var kind = book.Find(some.Key)!.Kind;
            var sheets = await book.Draw(some.Key, [.. some.Select(j => new DocumentRef(j.SubjectKind, j.SubjectId, j.Subject))], ct);
            // What cannot be drawn yet, such as an invoice that waits for its number, waits too.
            foreach (var job in some.Where(j => sheets.ContainsKey(j.SubjectId)))
            {
                var printer = printers[job.PrinterId!.Value];
                var printed = await book.Write(kind, sheets[job.SubjectId], job.Copy, printer.Kind is PaperForm.Label ? printer.Dpi : null, job.Sheets, ct);
                var sent = job.To(PrintStatus.Taken, db.Now, db.Now).To(PrintStatus.Sent, db.Now, db.Now);
                db.Work.Concerns(job.Number);
                book.Handed(kind, job.SubjectId);
                done.Add((sent.To(PrintStatus.Printed, db.Now) with
                {
                    Version = job.Version + 1, TakenBy = printer.Agent, Digest = Convert.ToHexStringLower(SHA256.HashData(printed.Content)), Tries = job.Tries + 1,
                }, $"Printed on {printer.Name}, which is simulated: the paper is kept here"));
            }
        }

        db.Step(done);
        return done.Count;
    }
}

/// Looks after the simulated printers of all companies.
internal sealed class PrintSimulatedJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        var companies = await db.Query<Id<Company>>(
            $"""
            select distinct p.company_id from printing.printer p
            where p.connection = 'Simulated' and p.is_on and exists (select from printing.job j where j.printer_id = p.id and j.status = 'Queued')
            """, ct);
        foreach (var company in companies) await gate.Run<PrintSimulated, PrintSimulated.Request, int>(new PrintSimulated.Request(), Caller.Keel(company) with { Door = Door.Job }, ct);
    }
}
