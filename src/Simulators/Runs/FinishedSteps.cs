namespace Keel.Simulators;

/// The steps of a run that are finished, each with the rows that it had to leave waiting. A step whose mark was lost with a crash is done
/// again: every operation in it bears that.
internal sealed class FinishedSteps
{
    private readonly Clerk clerk;
    private readonly string run;
    private readonly Dictionary<string, IReadOnlyList<int>> done;

    private FinishedSteps(Clerk clerk, string run, Dictionary<string, IReadOnlyList<int>> done) => (this.clerk, this.run, this.done) = (clerk, run, done);

    public static async Task<FinishedSteps> Read(Clerk clerk, string run, CancellationToken ct)
    {
        var steps = await clerk.Asks<Step>($"select step as name, waiting from simulators.finished_step where company_id = {clerk.Company} and run = {run}", ct);
        return new FinishedSteps(clerk, run, steps.ToDictionary(s => s.Name, s => s.Waiting));
    }

    public bool Has(string step) => done.ContainsKey(step);

    /// The rows that a finished step left waiting.
    public IReadOnlyList<int> WaitingIn(string step) => done[step];

    public async Task Add(string step, CancellationToken ct, IReadOnlyList<int>? waiting = null)
    {
        lock (done) if (!done.TryAdd(step, waiting ?? [])) return;
        var rows = System.Text.Json.JsonSerializer.Serialize(waiting ?? [], KeelJson.Options);
        await clerk.Tells(
            $"""
            insert into simulators.finished_step (company_id, run, step, finished_at, waiting)
            values ({clerk.Company}, {run}, {step}, {clerk.Clock.GetUtcNow()}, {rows}::jsonb) on conflict do nothing
            """, ct);
    }

    private sealed record Step(string Name, [property: Json] IReadOnlyList<int> Waiting);
}
