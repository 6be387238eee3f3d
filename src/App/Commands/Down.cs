using System.CommandLine;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// `keel down`: ends the Keel that runs on a data folder, in good order, with its database.
internal static class Down
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Describe()
    {
        var command = new Command("down", "Stops the Keel that runs on the data folder");
        command.SetAction(CommandLine.Action((call, _, ct) => Run(call, ct)));
        return command;
    }

    private static async Task Run(Invocation call, CancellationToken ct)
    {
        if (!Directory.Exists(call.DataFolder) || !RunningKeel.IsHeld(call.DataFolder))
        {
            await StopRemains(call, ct);
            call.Terminal.Answer(new { stopped = false }, $"Keel does not run on {call.DataFolder}.");
            return;
        }

        var card = RunningKeel.Find(call.DataFolder) ?? throw new CannotRun("Keel is still starting. Try again when it answers.");
        RunningKeel.AskToStop(card);
        var started = TimeProvider.System.GetTimestamp();
        while (RunningKeel.IsHeld(call.DataFolder))
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new CannotRun(
                $"Keel (process {card.Process}) was asked to stop, but still runs after {Patience.TotalSeconds:0} seconds.");
            await Task.Delay(50, ct);
        }

        call.Terminal.Answer(new { stopped = true, process = card.Process }, "Keel is stopped.");
    }

    /// A Keel that was killed may have left its database running.
    private static async Task StopRemains(Invocation call, CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(call.DataFolder, "database.json"))) return;
        await EmbeddedPostgres.StopRemains(call.DataFolder, ct);
    }
}
