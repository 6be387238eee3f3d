using System.Diagnostics;
using System.Globalization;
using Keel.App.Postgres;

namespace Keel.App.Torture;

/// The Keel that is tortured: a process of its own that is killed without warning, alone or with its database, and started again.
internal sealed class TorturedServer(string data, string cluster, Action<string> say) : IAsyncDisposable
{
    private readonly int port = FreePort();
    private Process? process;

    public string Address => $"http://127.0.0.1:{port}";
    public int Kills { get; private set; }

    public async Task Start(CancellationToken ct)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "up", "--data", data, "--port", port.ToString(CultureInfo.InvariantCulture), "--company", "empty" },
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet") start.ArgumentList.Insert(0, typeof(TorturedServer).Assembly.Location);
        start.Environment.Remove("Keel__Database");
        process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var i = 0; i < 600; i++)
        {
            if (process.HasExited) throw new CannotRun($"Keel did not start again: {await errors}");
            try
            {
                using var answer = await http.GetAsync(Address + "/health", ct);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                // Not yet: it is still starting.
            }

            await Task.Delay(100, ct);
        }

        throw new CannotRun("Keel did not answer within a minute.");
    }

    /// Kills the application, or the database, or both, every few seconds, until it is over.
    public async Task KillAtRandom(Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(4 + random.NextDouble() * 6), over);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var what = random.Next(3);
            if (what != 0) KillDatabase();
            if (what != 1)
            {
                process!.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }

            Kills++;
            say(what switch { 0 => "Killed the application.", 1 => "Killed the database.", _ => "Killed the application and the database." });
            if (what != 1) await Start(CancellationToken.None);
        }
    }

    /// Lets the outbox drain and the numberer finish.
    public async Task Settle(CancellationToken ct)
    {
        if (process is null or { HasExited: true }) await Start(ct);
        await Task.Delay(TimeSpan.FromSeconds(5), ct);
    }

    /// Stops it in good order and says how its database is reached once it was started again by the caller.
    public async Task<string> Stop(CancellationToken ct)
    {
        using var stop = Process.Start("kill", $"-TERM {process!.Id}");
        await stop.WaitForExitAsync(ct);
        await process.WaitForExitAsync(ct);
        return data;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process?.Dispose();
    }

    /// The postmaster of this data folder, and nobody else's, dies as by a power cut.
    private void KillDatabase()
    {
        var card = Path.Combine(cluster, "postmaster.pid");
        if (!File.Exists(card)) return;
        var pid = File.ReadLines(card).First();
        using var kill = Process.Start("kill", $"-KILL {pid}");
        kill.WaitForExit();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
