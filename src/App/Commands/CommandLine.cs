using System.CommandLine;
using System.CommandLine.Help;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// The verbs of `keel`, and what all of them share.
internal static class CommandLine
{
    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "The folder that keeps Keel's data",
        HelpName = "folder",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Environment.GetEnvironmentVariable("KEEL_HOME") ?? ".", ".keel")),
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Answer with one JSON object per line, and nothing else on standard output",
        Recursive = true,
    };

    public static Command Root()
    {
        var root = new Command("keel", "Keel: orders, stock and books of a shop that sells everywhere.")
        {
            new HelpOption(), new VersionOption(), Data, Json,
            Up.Describe(), Down.Describe(),
            Prove.Describe(), TortureCommand.Describe(),
            Operate.Describe(), Look.Describe(), Import.Describe(), TrainRiskCommand.Describe(),
            PrintAgentCommand.Describe(),
            BuildDemo.Describe(), Backup.Describe(), Restore.Describe(),
        };
        root.Add(Help.Describe(root));
        return root;
    }

    /// The action of a command: 0 where the work succeeded, else a sentence on standard error and 1.
    public static Func<ParseResult, CancellationToken, Task<int>> Action(Func<Invocation, ParseResult, CancellationToken, Task> work) =>
        async (parsed, ct) =>
        {
            var streams = parsed.InvocationConfiguration;
            var terminal = new Terminal(parsed.GetValue(Json), streams.Output, streams.Error);
            try
            {
                await work(new Invocation(parsed.GetValue(Data)!.FullName, terminal), parsed, ct);
                return 0;
            }
            catch (CannotRun why)
            {
                terminal.Warn(why.Message);
                return 1;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return 130;
            }
        };
}
