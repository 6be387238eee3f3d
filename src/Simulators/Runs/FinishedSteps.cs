namespace Keel.Simulators;

/// The steps of a run that are finished. A step whose mark was lost with a crash is done again: every operation in it bears that.
internal sealed class FinishedSteps
{
    private readonly Clerk clerk;
    private readonly string run;
    private readonly HashSet<string> done;

    private FinishedSteps(Clerk clerk, string run, HashSet<string> done) => (this.clerk, this.run, this.done) = (clerk, run, done);

    public static async Task<FinishedSteps> Read(Clerk clerk, string run, CancellationToken ct) => new(
        clerk, run, [.. await clerk.Asks<string>($"select step from simulators.finished_step where company_id = {clerk.Company} and run = {run}", ct)]);

    public bool Has(string step) => done.Contains(step);

    public async Task Add(string step, CancellationToken ct)
    {
        if (!done.Add(step)) return;
        await clerk.Tells(
            $"""
            insert into simulators.finished_step (company_id, run, step, finished_at) values ({clerk.Company}, {run}, {step}, {clerk.Clock.GetUtcNow()})
            on conflict do nothing
            """, ct);
    }
}
