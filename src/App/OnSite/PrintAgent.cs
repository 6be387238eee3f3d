using System.Collections.Concurrent;

namespace Keel.App.OnSite;

/// What an agent is told when it is started.
internal sealed record PrintAgentOptions(Uri Server, string Key, string Name, DirectoryInfo Spool)
{
    public string? Company { get; init; }

    /// The only folder below which it puts files for printers that are reached by a folder.
    public DirectoryInfo? Folder { get; init; }
    public TimeSpan ConnectFor { get; init; } = TimeSpan.FromSeconds(5);

    /// How long it rests after the link broke; twice as long each time, up to half a minute.
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(1);
    public int WaitSeconds { get; init; } = 25;
}

/// Takes jobs of a site's printers from Keel and brings them to the printers. It says before it sends, and says afterwards what became of it;
/// what it could not say is kept in its spool folder and said when the link is back, or when it is started again. It never sends a job twice.
internal sealed class PrintAgent(PrintAgentOptions options, AgentLink link, PrinterPort port, Action<string> say)
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);
    private readonly AgentJournal journal = new(options.Spool);
    private readonly ConcurrentDictionary<Guid, bool> busy = new();

    public async Task Run(CancellationToken ct)
    {
        say($"{options.Name} takes jobs from {options.Server}.");
        var rest = options.Rest;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Tell(ct);
                if (await link.Wait(ct)) await Round(ct);
                rest = options.Rest;
            }
            catch (LinkBroken broken)
            {
                say($"{broken.Message} Trying again in {rest.TotalSeconds:0.#} s.");
                await Task.Delay(rest, ct);
                rest = rest * 2 < LongestRest ? rest * 2 : LongestRest;
            }
        }
    }

    /// Takes what waits; jobs of one printer go one after the other, printers side by side.
    private async Task Round(CancellationToken ct)
    {
        var jobs = await link.Claim(ct);
        // What waits cannot be taken yet: the record is not ready.
        if (jobs.Count == 0) await Task.Delay(options.Rest, ct);
        await Task.WhenAll(jobs.GroupBy(j => j.Printer).Select(async some =>
        {
            foreach (var job in some) await Print(job, ct);
        }));
    }

    private async Task Print(AgentJob job, CancellationToken ct)
    {
        busy[job.Job] = true;
        try
        {
            // Before the line to the printer is opened, Keel knows that it may come out. Without its word nothing is sent.
            journal.Keep(new AgentReport(job.Job, job.Claim, job.Number, "notPrinted", "The link to Keel broke before it was sent."));
            if (!await link.Begin(job, ct))
            {
                journal.Forget(job.Job);
                return;
            }

            journal.Keep(new AgentReport(job.Job, job.Claim, job.Number, "unknown", "The agent was stopped while it was sending."));
            var (end, problem) = await port.Send(job, ct);
            var report = new AgentReport(job.Job, job.Claim, job.Number, end, problem);
            journal.Keep(report);
            say(problem is null ? $"{job.Number} printed on {job.Printer}." : $"{job.Number} on {job.Printer}: {end}. {problem}");
            await link.Report(report, ct);
            journal.Forget(job.Job);
        }
        catch (LinkBroken broken)
        {
            say($"{job.Number}: {broken.Message} It is said later.");
        }
        finally
        {
            busy.TryRemove(job.Job, out _);
        }
    }

    /// Says what could not be said before.
    private async Task Tell(CancellationToken ct)
    {
        foreach (var report in journal.All().Where(r => !busy.ContainsKey(r.Job)))
        {
            await link.Report(report, ct);
            journal.Forget(report.Job);
            say($"{report.Number}: said that it is {report.End}.");
        }
    }
}

/// A job as the server hands it out.
internal sealed record AgentJob(Guid Job, Guid Claim, string Number, string Printer, string Connection, string Address, int Copies, string File, string MediaType, byte[] Content);

/// What became of a job, as the server wants to hear it.
internal sealed record AgentReport(Guid Job, Guid Claim, string Number, string End, string? Problem);

/// The server could not be reached, or did not answer as it should.
internal sealed class LinkBroken(string message, Exception? inner = null) : Exception(message, inner);
