namespace Keel.Printing;

/// Printing's tables, and the only place that locks jobs.
internal static class PrintingTables
{
    extension(KeelDb db)
    {
        public Table<Printer> Printers => db.Table<Printer>();
        public Table<Station> Stations => db.Table<Station>();
        public Table<Route> Routes => db.Table<Route>();
        public Table<PrintJob> PrintJobs => db.Table<PrintJob>();
        public Table<PrintStep> PrintSteps => db.Table<PrintStep>();
        public Table<PrintAgent> PrintAgents => db.Table<PrintAgent>();

        /// Writes jobs as they are now, and what happened to each.
        public void Step(IReadOnlyList<(PrintJob Job, string Words)> steps)
        {
            db.PrintJobs.Update([.. steps.Select(s => s.Job)]);
            db.Tell(steps);
        }

        /// Keeps what happened to jobs.
        public void Tell(IReadOnlyList<(PrintJob Job, string Words)> steps) => db.PrintSteps.Insert(
            [.. steps.Select(s => new PrintStep(Guid.CreateVersion7(db.Now), db.Company, s.Job.Id, db.Now, s.Job.Status, db.Work.Actor.Name, s.Words))]);

        public async Task<IReadOnlyDictionary<Id<Printer>, Printer>> AllPrinters(CancellationToken ct) =>
            (await db.Printers.Where($"company_id = {db.Company} order by name", ct)).ToDictionary(p => p.Id);
    }

    extension(Table<PrintJob> jobs)
    {
        /// Locks in key order, so that two who want the same jobs queue up instead of deadlocking.
        public async Task<List<PrintJob>> Locked(KeelDb db, IEnumerable<Id<PrintJob>> ids, CancellationToken ct)
        {
            var rows = await jobs.Where($"company_id = {db.Company} and id = any({ids.Select(i => i.Value).Distinct()}) order by id for update", ct);
            foreach (var job in rows.Where(j => j.Node.Text.Length > 0)) db.Work.Actor.MustBeAt(job.Node);
            foreach (var job in rows) db.Work.Concerns(job.Number);
            return rows;
        }
    }
}
