using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Keel.App.Postgres;
using Keel.App.Torture;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.App.Commands;

/// `keel torture`: many buyers, few units, crashes; then everything is compared.
internal static class TortureCommand
{
    private static readonly Option<int> Buyers = new("--buyers") { Description = "How many buy at the same time", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "For how long", DefaultValueFactory = _ => 60 };
    private static readonly Option<bool> Kill = new("--kill") { Description = "Kill the application and the database at random meanwhile" };
    private static readonly Option<int> Seed = new("--seed") { Description = "What the randomness begins with", DefaultValueFactory = _ => 1 };

    public static Command Describe()
    {
        var command = new Command("torture", "Lets many buyers fight for few units while things crash, and compares what they were told with what is there") { Buyers, Seconds, Kill, Seed };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        var folder = Path.Combine(call.DataFolder, "torture-" + DateTimeStamp());
        var options = new TortureOptions(
            Math.Clamp(parsed.GetValue(Buyers), 1, 256), TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(Seconds), 1, 3600)), parsed.GetValue(Kill), folder, parsed.GetValue(Seed));
        var run = new TortureRun(options, call.Terminal.Say);
        var data = await run.Run(ct);

        await using var database = await Database.Open(data, new DatabaseOptions { Server = null }, ct);
        var honest = await Check(run.Logs, database.ConnectionString, call, ct);
        var tied = await Tied(database.ConnectionString, call, ct);
        if (!honest || !tied) throw new CannotRun($"The torture found something. Logs and data are kept in {folder}.");
        call.Terminal.Say("Nothing was oversold, lost or doubled, and the books tie.");
    }

    /// The checker is another program: it reads logs and tables, and knows nothing of ours.
    private static async Task<bool> Check(string logs, string connection, Invocation call, CancellationToken ct)
    {
        var program = Path.Combine(Environment.GetEnvironmentVariable("KEEL_HOME") ?? ".", "torture", "bin", "Release", "net10.0", "Keel.Checker.dll");
        if (!File.Exists(program)) throw new CannotRun("The checker is not built: run `./keel torture`, which builds it.");
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { "exec", program, logs }, UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["CHECK_DATABASE"] = connection;
        using var checker = Process.Start(start)!;
        var said = await checker.StandardOutput.ReadToEndAsync(ct);
        await checker.WaitForExitAsync(ct);
        foreach (var line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('\t');
            call.Terminal.Answer(new { check = parts[0], rows = long.Parse(parts[1], CultureInfo.InvariantCulture), differences = long.Parse(parts[2], CultureInfo.InvariantCulture) }, $"{parts[0],-60}{parts[1],10} looked at{parts[2],6} wrong {parts.ElementAtOrDefault(3)}");
        }

        return checker.ExitCode == 0;
    }

    private static async Task<bool> Tied(string connection, Invocation call, CancellationToken ct)
    {
        await using var source = Composition.DataSource(connection);
        await using var services = new ServiceCollection().AddHouseServices(source).BuildServiceProvider();
        var report = await services.GetRequiredService<Prover>().Run(ProofDepth.Full, ct);
        foreach (var check in report.Checks.Where(c => c.Differences > 0))
        {
            call.Terminal.Say($"DIFFERS {check.Name}: {check.Title}");
            foreach (var difference in check.Examples) call.Terminal.Say($"        {difference.Subject}: {difference.Expected} expected, {difference.Found} found");
        }

        call.Terminal.Answer(new { check = "prove", rows = report.Checks.Sum(c => c.Rows), differences = report.Differences }, $"prove: {report.Checks.Count} checks, {report.Differences} differences");
        return report.IsClean;
    }

    private static string DateTimeStamp() => TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
}
