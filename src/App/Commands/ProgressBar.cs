using Spectre.Console;
using Progress = Keel.Simulators.Contract.Progress;

namespace Keel.App.Commands;

/// A bar with rate and time left for long work: on a terminal it moves in its place, elsewhere a line comes now and then.
internal static class ProgressBar
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static async Task<T> Show<T>(Terminal terminal, Func<IProgress<Progress>, Task<T>> work)
    {
        if (terminal.IsJson || Console.IsOutputRedirected) return await work(new Lines(terminal));
        T? answer = default;
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("Keel begins", maxValue: 1);
                answer = await work(new Bar(task));
                task.Value = task.MaxValue;
            });
        return answer!;
    }

    private static string Rate(Progress at, TimeSpan since) =>
        since.TotalSeconds < 1 || at.Done == 0 ? "" : $", {at.Done / since.TotalSeconds:N0} {at.Unit}/s";

    private sealed class Bar(ProgressTask task) : IProgress<Progress>
    {
        private readonly long started = TimeProvider.System.GetTimestamp();

        public void Report(Progress value)
        {
            task.MaxValue = Math.Max(1, value.Of);
            task.Value = value.Done;
            task.Description = Markup.Escape(value.Step + Rate(value, TimeProvider.System.GetElapsedTime(started)));
        }
    }

    private sealed class Lines(Terminal terminal) : IProgress<Progress>
    {
        private readonly long started = TimeProvider.System.GetTimestamp();
        private TimeSpan last = -Pause;

        public void Report(Progress value)
        {
            var since = TimeProvider.System.GetElapsedTime(started);
            if (since - last < Pause) return;
            last = since;
            var left = value.Share is > 0 and < 1 ? $", {since * (1 / value.Share - 1):m\\:ss} left" : "";
            terminal.Say($"{value.Step}: {value.Share:P0}{Rate(value, since)}{left}");
        }
    }
}
