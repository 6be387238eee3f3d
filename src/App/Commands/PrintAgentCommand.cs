using System.CommandLine;
using Keel.App.OnSite;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// `keel print-agent`: runs at a site and brings print jobs to the printers there. It needs no database, only a way to Keel.
internal static class PrintAgentCommand
{
    private const string KeyVariable = "KEEL_AGENT_KEY";
    private static readonly Option<string> Server = new("--server") { Description = "Where Keel answers", HelpName = "address", Required = true };
    private static readonly Option<string> Name = new("--name") { Description = "The name that printers call their agent by", HelpName = "name", Required = true };
    private static readonly Option<FileInfo?> KeyFile = new("--key-file") { Description = $"A file with the API key; else it is read from {KeyVariable}", HelpName = "file" };
    private static readonly Option<string?> Company = new("--company") { Description = "The company's code, where the key is for several", HelpName = "code" };
    private static readonly Option<DirectoryInfo> Spool = new("--spool")
    {
        Description = "Where it keeps what it still has to say", HelpName = "folder", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(".keel", "print-agent")),
    };

    private static readonly Option<DirectoryInfo?> Folder = new("--folder") { Description = "The folder below which it may put files, for printers that are reached by a folder", HelpName = "folder" };

    public static Command Describe()
    {
        var command = new Command("print-agent", "Brings print jobs to the printers of a site") { Server, Name, KeyFile, Company, Spool, Folder };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        var file = parsed.GetValue(KeyFile);
        if (file is { Exists: false }) throw new CannotRun($"There is no file {file.FullName}.");
        var key = file is null ? Environment.GetEnvironmentVariable(KeyVariable) : await File.ReadAllTextAsync(file.FullName, ct);
        if (string.IsNullOrWhiteSpace(key)) throw new CannotRun($"The agent needs an API key with the permission printing.agent: name its file with --key-file, or put it into {KeyVariable}.");
        if (!Uri.TryCreate(parsed.GetValue(Server), UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https")) throw new CannotRun("The server is an address such as https://keel.example.");

        var options = new PrintAgentOptions(server, key.Trim(), parsed.GetValue(Name)!, parsed.GetValue(Spool)!) { Company = parsed.GetValue(Company), Folder = parsed.GetValue(Folder) };
        using var link = new AgentLink(options);
        try
        {
            await new PrintAgent(options, link, new PrinterPort(options), call.Terminal.Say).Run(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            call.Terminal.Answer(new { stopped = true }, "The agent is stopped.");
        }
    }
}
