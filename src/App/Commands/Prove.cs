using System.CommandLine;
using Keel.App.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.App.Commands;

/// `keel prove`: recomputes everything from the books and lists every difference.
internal static class Prove
{
    private static readonly Option<bool> New = new("--new") { Description = "Look only at what is new since the last proof without differences" };

    public static Command Describe()
    {
        var command = new Command("prove", "Recomputes levels, reservations, values, balances and numbers from the books, and lists every difference") { New };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        await using var database = await call.OpenDatabase(ct);
        await using var source = Composition.DataSource(database.ConnectionString);
        await using var services = new ServiceCollection().AddHouseServices(source).BuildServiceProvider();
        await services.GetRequiredService<Migrator>().Run(ct);
        var report = await services.GetRequiredService<Prover>().Run(parsed.GetValue(New) ? ProofDepth.WhatIsNew : ProofDepth.Full, ct);

        foreach (var check in report.Checks)
        {
            call.Terminal.Answer(
                new { check = check.Name, rows = check.Rows, differences = check.Differences },
                $"{(check.Differences == 0 ? "ties  " : "DIFFERS")} {check.Name,-28}{check.Rows,12:N0} rows{check.Differences,8:N0} differences{check.Millis,8:N0} ms   {check.Title}");
            if (call.Terminal.IsJson) continue;
            foreach (var difference in check.Examples) call.Terminal.Say($"        {difference.Subject}: {difference.Expected} expected, {difference.Found} found");
        }

        call.Terminal.Say(report.IsClean ? $"Everything ties: {report.Checks.Count} checks, no difference, {report.Millis:N0} ms." : $"{report.Differences:N0} differences.");
        if (!report.IsClean) throw new CannotRun("The books do not tie.");
    }
}
