using System.Text.Json;

namespace Keel.App.OnSite;

/// What an agent still has to say, one file per job: it survives the agent. Files are written beside and moved, so that none is half.
internal sealed class AgentJournal
{
    private readonly string folder;

    public AgentJournal(DirectoryInfo spool)
    {
        folder = spool.FullName;
        Directory.CreateDirectory(folder);
    }

    public void Keep(AgentReport report)
    {
        var draft = PathOf(report.Job) + ".new";
        using (var file = File.Create(draft))
        {
            JsonSerializer.Serialize(file, report);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, PathOf(report.Job), overwrite: true);
    }

    public void Forget(Guid job) => File.Delete(PathOf(job));

    public IReadOnlyList<AgentReport> All() =>
        [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(f => JsonSerializer.Deserialize<AgentReport>(File.ReadAllText(f))!)];

    private string PathOf(Guid job) => Path.Combine(folder, job.ToString("N") + ".json");
}
