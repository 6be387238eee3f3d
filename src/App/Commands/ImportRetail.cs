using System.CommandLine;
using Keel.App.Postgres;
using Keel.Simulators.Contract;
using Spectre.Console;

namespace Keel.App.Commands;

/// `keel import online-retail <file>`: a file of invoice lines, replayed in a company of its own by a mapping profile.
internal static class ImportRetail
{
    private const string Usual = "orders/online-retail/online_retail.csv.gz";

    private static readonly Argument<string?> File = new("file")
    {
        Description = "The file, plain or packed; without it the one in the folder that KEEL_DATA names", Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Describe()
    {
        var command = new Command("online-retail", "Replays a file of invoice lines in a company of its own") { File };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        var path = (parsed.GetValue(File) is { Length: > 0 } named ? Path.GetFullPath(named) : null) ?? (Environment.GetEnvironmentVariable("KEEL_DATA") is { } data ? Path.Combine(data, Usual) : null)
            ?? throw new CannotRun("Name the file, or the folder that holds it in KEEL_DATA.");
        if (!System.IO.File.Exists(path)) throw new CannotRun($"The file {path} does not exist.");
        await using var visit = await HouseVisit.Open(call, ct);
        try
        {
            Tell(call.Terminal, await ProgressBar.Show(call.Terminal, progress => OnlineRetailImport.Run(visit.Services, path, progress, ct)));
        }
        catch (FormatException wrong)
        {
            throw new CannotRun(wrong.Message, wrong);
        }
    }

    private static void Tell(Terminal terminal, ImportResult result)
    {
        if (!terminal.IsJson)
        {
            AnsiConsole.Write(Rules(result));
            AnsiConsole.Write(Months(result));
            foreach (var why in result.Why) terminal.Say("Refused: " + why);
        }

        foreach (var cell in result.Cells) if (terminal.IsJson) terminal.Answer(Facts(cell, cell.Month, cell.Country), "");
        terminal.Answer(
            new
            {
                read = result.Read.Lines, accepted = result.Accepted.Lines, refused = result.Refused.Lines, waiting = result.Waiting.Lines,
                readMoney = result.Read.Money, acceptedMoney = result.Accepted.Money, refusedMoney = result.Refused.Money, waitingMoney = result.Waiting.Money,
                rules = result.Rules, changedNothing = result.ChangedNothing,
            },
            $"{result.Read.Lines:N0} lines read: {result.Accepted.Lines:N0} accepted, {result.Refused.Lines:N0} refused, {result.Waiting.Lines:N0} waiting; " +
            $"{result.Read.Money:N3} = {result.Accepted.Money:N3} + {result.Refused.Money:N3} + {result.Waiting.Money:N3}.{(result.ChangedNothing ? " It was imported before: nothing was changed." : "")}");
    }

    private static object Facts(ImportCell cell, string month, string country) => new
    {
        month, country, read = cell.Read.Lines, accepted = cell.Accepted.Lines, refused = cell.Refused.Lines, waiting = cell.Waiting.Lines,
        readMoney = cell.Read.Money, acceptedMoney = cell.Accepted.Money, refusedMoney = cell.Refused.Money, waitingMoney = cell.Waiting.Money,
    };

    private static Table Rules(ImportResult result)
    {
        var table = new Table().AddColumns("Rule", "Lines", "Money");
        foreach (var rule in result.Rules) table.AddRow(Markup.Escape(rule.Rule), $"{rule.Lines:N0}", $"{rule.Money:N2}");
        return table;
    }

    private static Table Months(ImportResult result)
    {
        var table = new Table().AddColumns("Month", "Country", "Read", "Accepted", "Refused", "Waiting", "Money read", "Money accepted");
        foreach (var cell in result.Cells)
        {
            table.AddRow(
                cell.Month, Markup.Escape(cell.Country), $"{cell.Read.Lines:N0}", $"{cell.Accepted.Lines:N0}", $"{cell.Refused.Lines:N0}", $"{cell.Waiting.Lines:N0}",
                $"{cell.Read.Money:N2}", $"{cell.Accepted.Money:N2}");
        }

        return table;
    }
}
