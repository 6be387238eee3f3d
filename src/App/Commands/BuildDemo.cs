using System.CommandLine;
using HarbourHome = Keel.Simulators.Contract.Demo;

namespace Keel.App.Commands;

/// `keel demo harbour-home`: a company with ninety days of life, lived through the gate. Built once; asked again, nothing changes.
internal static class BuildDemo
{
    private static readonly Argument<string> Name = new("name") { Description = "The demo company", DefaultValueFactory = _ => "harbour-home" };

    public static Command Describe()
    {
        Name.AcceptOnlyFromAmong("harbour-home");
        var command = new Command("demo", "Builds a demo company by living it") { Name };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        await using var visit = await HouseVisit.Open(call, ct);
        await ProgressBar.Show(call.Terminal, progress => HarbourHome.Build(visit.Services, progress, ct));
        call.Terminal.Answer(new { company = parsed.GetValue(Name) }, "Harbour Home is there.");
    }
}
