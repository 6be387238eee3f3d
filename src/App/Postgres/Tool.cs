using System.ComponentModel;
using System.Diagnostics;

namespace Keel.App.Postgres;

/// A run of another program to its end: what it was, how it ended, what it said.
internal sealed record ToolRun(string Tool, int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    public void MustSucceed(string what)
    {
        if (!Succeeded) throw new CannotRun($"{what}: {Tool} ended with code {ExitCode}. {Output.Trim()}");
    }
}

/// Runs other programs without a shell, from the root folder and without the PG variables of the caller.
internal static class Tool
{
    public static Task<ToolRun> Run(IReadOnlyList<string> commandLine, CancellationToken ct) => Run(commandLine, password: null, ct);

    public static async Task<ToolRun> Run(IReadOnlyList<string> commandLine, string? password, CancellationToken ct)
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetPathRoot(Environment.CurrentDirectory) ?? "/",
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        if (password is not null) start.Environment["PGPASSWORD"] = password;

        try
        {
            using var process = Process.Start(start) ?? throw new CannotRun($"{commandLine[0]} could not be started.");
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new ToolRun(Path.GetFileName(commandLine[0]), process.ExitCode, await output + await errors);
        }
        catch (Win32Exception missing)
        {
            return new ToolRun(Path.GetFileName(commandLine[0]), 127, missing.Message);
        }
    }

    /// Where a program stands on the path (and in the system folders that an ordinary user's path leaves out).
    public static string? Find(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        string[] folders = [.. path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
