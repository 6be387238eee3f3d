namespace Keel.Printing.Contract;

/// The print desk: what other modules may ask to be put on paper, in the transaction of the fact that wants it.
public sealed class PrintDesk
{
    private readonly KeelDb db;
    private readonly Policies policies;
    private readonly JobMaker jobs;

    internal PrintDesk(KeelDb db, Policies policies, JobMaker jobs) => (this.db, this.policies, this.jobs) = (db, policies, jobs);

    /// Prints what the policy wants after a happening, once for each record. Nothing is asked of the database where it wants nothing.
    public async Task After(PrintMoment moment, IReadOnlyList<PaperSubject> subjects, CancellationToken ct = default)
    {
        if (subjects.Count == 0) return;
        var wanted = (await policies.Of<AutomaticPrinting>(ct)).Choice.Rules.Where(r => r.After == moment).ToArray();
        foreach (var rule in wanted)
        {
            var some = subjects.Where(s => s.Document.Kind == jobs.SubjectOf(rule.Paper) && (rule.Nodes is not { Count: > 0 } nodes || nodes.Contains(s.Node))).ToArray();
            if (some.Length > 0) await jobs.Make(new Wish(rule.Paper, Kernel.Views.ViewInfo.Kebab(moment.ToString())) { Station = rule.Station ?? "" }, some, ct);
        }
    }
}
