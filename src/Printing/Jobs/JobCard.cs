namespace Keel.Printing;

/// Everything that a print job's page shows, asked in one round trip.
internal sealed class JobCard(KeelDb db)
{
    public sealed record OtherRow(Id<PrintJob> Id, string Number, int Copy, PrintStatus Status, DateTimeOffset AskedAt, string? Reason);

    public PrintJob Job { get; private set; } = null!;
    public IReadOnlyList<PrintStep> Steps { get; private set; } = [];
    public IReadOnlyList<Printer> Printers { get; private set; } = [];

    /// The other copies of the same paper.
    public IReadOnlyList<OtherRow> Others { get; private set; } = [];

    public Printer? Printer => Printers.FirstOrDefault(p => p.Id == Job.PrinterId);
    public Printer? Fallback => Printers.FirstOrDefault(p => p.Id == Job.FallbackId);

    public async Task<bool> Load(Id<PrintJob> id, CancellationToken ct = default)
    {
        var steps = db.Ask<PrintStep>($"select {new SqlText.Verbatim(RowMap<PrintStep>.Instance.Names)} from printing.job_step where company_id = {db.Company} and job_id = {id} order by at, id");
        var printers = db.Ask<Printer>($"select {new SqlText.Verbatim(RowMap<Printer>.Instance.Names)} from printing.printer where company_id = {db.Company} order by name");
        var others = db.Ask<OtherRow>(
            $"""
            select o.id, o.number, o.copy, o.status, o.asked_at, o.reason from printing.job j join printing.job o on o.company_id = j.company_id and o.subject_id = j.subject_id and o.paper = j.paper and o.id <> j.id
            where j.company_id = {db.Company} and j.id = {id} order by o.id limit 50
            """);
        if (await db.PrintJobs.Find($"company_id = {db.Company} and id = {id}", ct) is not { } job) return false;
        (Job, Steps, Printers, Others) = (job, steps.Value, printers.Value, others.Value);
        return true;
    }
}
