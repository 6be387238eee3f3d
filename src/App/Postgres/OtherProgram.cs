using System.ComponentModel;
using System.Diagnostics;

namespace Keel.App.Postgres;

/// A run of another program to its end: what it was, how it ended, what it said.
internal sealed record ProgramRun(string Name, int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    public void MustSucceed(string what)
    {
        if (!Succeeded) throw new CannotRun($"{what}: {Name} ended with code {ExitCode}. {Output.Trim()}");
    }
}

/// Runs other programs without a shell, from the root folder and without the PG variables of the caller.
internal static class OtherProgram
{
    public static Task<ProgramRun> Run(IReadOnlyList<string> commandLine, CancellationToken ct) => Run(commandLine, password: null, ct);

    public static Task<ProgramRun> Run(IReadOnlyList<string> commandLine, string? password, CancellationToken ct) =>
        Run(commandLine, password, input: "", ct);

    public static async Task<ProgramRun> Run(IReadOnlyList<string> commandLine, string? password, string input, CancellationToken ct)
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
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
            await process.WaitForExitAsync(ct);
            return new ProgramRun(Path.GetFileName(commandLine[0]), process.ExitCode, await output + await errors);
        }
        catch (Win32Exception missing)
        {
            return new ProgramRun(Path.GetFileName(commandLine[0]), 127, missing.Message);
        }
    }

    /// Where a program stands on the path (and in the system folders that an ordinary user's path leaves out).
    public static string? Find(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var named = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] folders = [.. named, "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
