using System.Diagnostics;
using System.Net.Sockets;

namespace Keel.Bench;

/// The application as a process of its own, as `keel up` starts it.
internal sealed class Child : IAsyncDisposable
{
    private readonly Process process;

    private Child(Process process, Uri address, TimeSpan started) => (this.process, Address, Started) = (process, address, started);

    public Uri Address { get; }

    /// From the command to the first page in the browser's hands.
    public TimeSpan Started { get; }

    /// What it holds of the machine's memory, in megabytes.
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1_048_576;
        }
    }

    /// Starts on a data folder, or on the database that is given.
    public static async Task<Child> Start(string folder, string? database)
    {
        var clock = Stopwatch.StartNew();
        var port = FreePort();
        var home = Environment.GetEnvironmentVariable("KEEL_HOME") ?? Directory.GetCurrentDirectory();
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", Path.Combine(home, "src/App/bin/Release/net10.0/Keel.App.dll"), "up", "--port", $"{port}", "--data", folder, "--company", "empty" },
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        if (database is not null) start.Environment["Keel__Database"] = database;
        var process = Process.Start(start) ?? throw new InvariantBroken("The application could not be started.");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var said = process.StandardError.ReadToEndAsync();

        var address = new Uri($"http://127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = address };
        while (true)
        {
            if (process.HasExited) throw new InvariantBroken($"The application did not start: {await said}");
            try
            {
                using var page = await http.GetAsync("/sign-in");
                if (page.IsSuccessStatusCode) return new Child(process, address, clock.Elapsed);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(10);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (process)
        {
            if (process.HasExited) return;
            using (var stop = Process.Start("kill", ["-TERM", $"{process.Id}"])) await stop.WaitForExitAsync();
            await process.WaitForExitAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
