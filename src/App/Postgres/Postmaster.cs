using System.Diagnostics;
using System.Globalization;

namespace Keel.App.Postgres;

/// The server process of one cluster, as the system sees it: alive, dead with its file left behind, or dead with children left behind.
internal sealed class Postmaster(ClusterHome home)
{
    private readonly string cluster = home.Cluster;

    private string PidFile => Path.Combine(cluster, "postmaster.pid");

    /// The process that serves the cluster now. A number in a left-over file may meanwhile belong to another program.
    public int? Living
    {
        get
        {
            if (Recorded is not { } recorded) return null;
            return Serves(recorded) ? recorded : null;
        }
    }

    /// Clears what a killed server left: its orphaned children, which still hold the shared memory, its socket and its files.
    /// A number in those files may be that of a dead process which nobody collected, and would keep the next server from starting.
    public async Task ClearRemains(CancellationToken ct)
    {
        foreach (var orphan in Orphans()) Kill(orphan);
        for (var tries = 0; tries < 100 && Orphans().Any(); tries++) await Task.Delay(20, ct);
        File.Delete(PidFile);
        foreach (var socket in Directory.GetFiles(home.SocketFolder)) File.Delete(socket);
    }

    public void KillAll()
    {
        if (Living is { } server) Kill(server);
        foreach (var orphan in Orphans()) Kill(orphan);
    }

    private int? Recorded
    {
        get
        {
            try
            {
                var first = File.ReadLines(PidFile).FirstOrDefault();
                return int.TryParse(first, NumberStyles.Integer, CultureInfo.InvariantCulture, out var pid) ? pid : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private bool Serves(int pid) => OperatingSystem.IsLinux() ? WorksIn(pid) : IsPostgres(pid);

    private IEnumerable<int> Orphans()
    {
        if (!OperatingSystem.IsLinux()) return [];
        return Directory.GetDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Select(name => int.Parse(name!))
            .Where(WorksIn);
    }

    /// A server and its children stand in the folder of their cluster. A dead process that nobody collected stands nowhere.
    private bool WorksIn(int pid)
    {
        try
        {
            var name = File.ReadAllText($"/proc/{pid}/comm").Trim();
            return name == "postgres" && Directory.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName == RealCluster;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string RealCluster
    {
        get
        {
            var real = "/";
            foreach (var part in Path.GetFullPath(cluster).Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                var step = new DirectoryInfo(Path.Combine(real, part));
                real = step.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? step.FullName;
            }

            return real;
        }
    }

    private static bool IsPostgres(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return;
        }
    }
}
