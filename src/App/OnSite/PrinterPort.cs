using System.Diagnostics;
using System.Net.Sockets;

namespace Keel.App.OnSite;

/// The way from an agent to a printer. It says what is certain: printed, not printed, or unknown where the line broke in the middle.
internal sealed class PrinterPort(PrintAgentOptions options)
{
    private const string Printed = "printed", NotPrinted = "notPrinted", Unknown = "unknown";
    private const int UsualPort = 9100, Tries = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);

    public Task<(string End, string? Problem)> Send(AgentJob job, CancellationToken ct) => job.Connection.ToLowerInvariant() switch
    {
        "raw" => Raw(job, ct),
        "queue" => Queue(job, ct),
        "folder" => Task.FromResult(IntoFolder(job)),
        _ => Task.FromResult<(string, string?)>((NotPrinted, $"This agent does not know how to reach a printer by {job.Connection}.")),
    };

    /// Straight to the printer's port. From the first byte on nobody can be sure any more.
    private async Task<(string, string?)> Raw(AgentJob job, CancellationToken ct)
    {
        var colon = job.Address.LastIndexOf(':');
        var (host, number) = colon > 0 && int.TryParse(job.Address.AsSpan(colon + 1), out var named) ? (job.Address[..colon], named) : (job.Address, UsualPort);
        using var line = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (await Connect(line, host, number, ct) is { } why) return (NotPrinted, $"{job.Printer} does not answer at {job.Address}: {why}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Longest);
        try
        {
            // A label says its number of copies itself; a document is sent as often as it is wanted.
            for (var copy = 0; copy < CopiesOf(job); copy++)
            {
                for (var sent = 0; sent < job.Content.Length;) sent += await line.SendAsync(job.Content.AsMemory(sent), patience.Token);
            }

            line.Shutdown(SocketShutdown.Send);
            return await Closes(line, patience.Token);
        }
        catch (SocketException broken)
        {
            return (Unknown, $"The line to {job.Printer} broke while sending: {broken.Message}");
        }
        catch (OperationCanceledException)
        {
            return (Unknown, ct.IsCancellationRequested ? "The agent was stopped while sending." : $"{job.Printer} took the job too slowly.");
        }
    }

    /// A printer that has taken everything closes the line, or keeps it open in peace; one that resets it has not.
    private static async Task<(string, string?)> Closes(Socket line, CancellationToken ct)
    {
        var rest = new byte[1024];
        using var peace = CancellationTokenSource.CreateLinkedTokenSource(ct);
        peace.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            while (await line.ReceiveAsync(rest.AsMemory(), peace.Token) > 0)
            {
                // Some printers answer with their state; it says nothing about the paper.
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (Printed, null);
        }

        return (Printed, null);
    }

    private async Task<string?> Connect(Socket line, string host, int port, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(options.ConnectFor);
            try
            {
                await line.ConnectAsync(host, port, patience.Token);
                return null;
            }
            catch (SocketException refused)
            {
                if (attempt == Tries) return refused.Message;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return "nobody answers";
            }

            await Task.Delay(options.Rest, ct);
        }
    }

    /// To a queue of the system's print service, which looks after the paper from then on.
    private static async Task<(string, string?)> Queue(AgentJob job, CancellationToken ct)
    {
        var file = Path.Combine(Path.GetTempPath(), $"keel-{job.Job:N}{Path.GetExtension(Path.GetFileName(job.File))}");
        try
        {
            await File.WriteAllBytesAsync(file, job.Content, ct);
            var start = new ProcessStartInfo("lp") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var word in new[] { "-d", job.Address, "-n", job.Copies.ToString(System.Globalization.CultureInfo.InvariantCulture), "-t", job.Number, "--", file }) start.ArgumentList.Add(word);
            using var lp = Process.Start(start);
            if (lp is null) return (NotPrinted, "lp could not be started.");
            var said = lp.StandardError.ReadToEndAsync(ct);
            await lp.StandardOutput.ReadToEndAsync(ct);
            await lp.WaitForExitAsync(ct);
            return lp.ExitCode == 0 ? (Printed, null) : (NotPrinted, $"The queue {job.Address} did not take it: {(await said).Trim()}");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (NotPrinted, $"There is no print service here: {missing.Message}");
        }
        catch (OperationCanceledException)
        {
            return (Unknown, "The agent was stopped while the print service took it.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// Into a folder below the one that the agent was given, so that nothing that Keel says can write elsewhere.
    private (string, string?) IntoFolder(AgentJob job)
    {
        if (options.Folder is not { } root) return (NotPrinted, "This agent was started without --folder.");
        var folder = Path.GetFullPath(Path.Combine(root.FullName, job.Address.TrimStart('/', '\\')));
        if (folder != root.FullName && !folder.StartsWith(root.FullName + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return (NotPrinted, $"{job.Address} is not below the agent's folder.");
        try
        {
            Directory.CreateDirectory(folder);
            var name = Path.GetFileName(job.File);
            for (var copy = 1; copy <= CopiesOf(job); copy++)
            {
                var path = Path.Combine(folder, copy == 1 ? name : $"{Path.GetFileNameWithoutExtension(name)}-{copy}{Path.GetExtension(name)}");
                File.WriteAllBytes(path + ".new", job.Content);
                File.Move(path + ".new", path, overwrite: true);
            }

            return (Printed, null);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return (NotPrinted, broken.Message);
        }
    }

    private static int CopiesOf(AgentJob job) => job.MediaType == "application/zpl" ? 1 : job.Copies;
}
