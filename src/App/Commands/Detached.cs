using System.Diagnostics;
using System.Reflection;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// A Keel that is started in the background and outlives the terminal. Its words go to `keel.log` in the data folder.
internal sealed class Detached : IDisposable
{
    private readonly Process process;
    private readonly StreamReader log;

    private Detached(Process process, StreamReader log)
    {
        this.process = process;
        this.log = log;
    }

    public static Detached Start(string dataFolder, IReadOnlyList<string> words)
    {
        PrivateFolder.Make(dataFolder);
        var file = Path.Combine(dataFolder, "keel.log");
        var from = File.Exists(file) ? new FileInfo(file).Length : 0;
        using (PrivateFolder.Write(file, FileMode.OpenOrCreate)) { }

        var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        reader.BaseStream.Seek(from, SeekOrigin.Begin);
        var started = Process.Start(Ourselves(file, words)) ?? throw new CannotRun("Keel could not be started in the background.");
        return new Detached(started, reader);
    }

    /// Waits until it answers, repeating what it says meanwhile.
    public async Task<RunningKeel.Card> Answers(Invocation call, CancellationToken ct)
    {
#pragma warning disable MA0039 // It is our own child on this machine, whatever name its certificate carries.
        using var trusting = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
#pragma warning restore MA0039
        using var http = new HttpClient(trusting);
        while (true)
        {
            Repeat(call.Terminal);
            if (process.HasExited)
            {
                Repeat(call.Terminal);
                throw new CannotRun("Keel did not start.");
            }

            if (RunningKeel.Find(call.DataFolder) is { } card && await IsHealthy(http, card, ct))
            {
                Repeat(call.Terminal);
                return card;
            }

            await Task.Delay(50, ct);
        }
    }

    public void Dispose()
    {
        log.Dispose();
        process.Dispose();
    }

    private void Repeat(Terminal terminal)
    {
        while (log.ReadLine() is { } line) terminal.Say(line);
    }

    private static async Task<bool> IsHealthy(HttpClient http, RunningKeel.Card card, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"{card.Address}/health"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static ProcessStartInfo Ourselves(string log, IReadOnlyList<string> words)
    {
        var runtime = Environment.ProcessPath!;
        string[] us = Path.GetFileNameWithoutExtension(runtime) == "dotnet" ? [runtime, Assembly.GetEntryAssembly()!.Location] : [runtime];
        if (OperatingSystem.IsWindows()) return new ProcessStartInfo(us[0], [.. us.Skip(1), .. words]) { CreateNoWindow = true };

        // A session of its own, so that neither Ctrl-C nor the end of the terminal reaches it.
        const string script = """log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null""";
        string[] shell = ["/bin/sh", "-c", script, "keel", log, .. us, .. words];
        string[] full = OtherProgram.Find("setsid") is { } setsid ? [setsid, .. shell] : ["nohup", .. shell];
        return new ProcessStartInfo(full[0], full.Skip(1)) { UseShellExecute = false };
    }
}
